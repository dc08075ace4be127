import { casesOf } from '../case.ts';
import { reply } from '../reply.ts';
import { answerHello, hello, untilToolResult, weatherCall } from './steps.ts';

const overloaded = reply.json({
  error: { message: 'The model is overloaded.', type: 'server_error', code: '503' },
});
const signInPage = reply.raw(
  '<!doctype html><title>Sign in</title><p>Sign in to use this network.</p>',
  { headers: { 'content-type': 'text/html; charset=utf-8' } },
);

/** Status 200, and a body that is not the stream that was asked for. */
export const bodyCases = casesOf('body', {
  'error-200': {
    description: 'Status 200 with a JSON error in the body, whether or not a stream was asked for.',
    script: [overloaded],
  },
  'error-200-once': {
    description:
      'The first request gets status 200 with a JSON error, overloaded; later ones are answered.',
    script: [overloaded, answerHello],
    answer: hello,
  },
  'error-200-final': {
    description: 'Status 200 with a JSON error that no second try helps: a wrong key.',
    script: [
      reply.json({
        error: {
          message: 'Incorrect API key provided.',
          type: 'invalid_request_error',
          code: 'invalid_api_key',
        },
      }),
    ],
  },
  'html-200': {
    description: 'Status 200 with an HTML page, as a captive portal or a proxy sends it.',
    script: [signInPage],
  },
  'html-200-once': {
    description: 'The first request gets status 200 with an HTML page, later ones are answered.',
    script: [signInPage, answerHello],
    answer: hello,
  },
  'completion-200': {
    description: 'Requests for a stream are answered with one whole JSON completion.',
    script: [reply.text(hello, { stream: false })],
    answer: hello,
  },
  'completion-200-tool-call': {
    description: 'As completion-200, with a call of the tool weather first.',
    script: [
      untilToolResult(
        reply.toolCalls([weatherCall], { stream: false }),
        reply.text(hello, { stream: false }),
      ),
    ],
    answer: hello,
  },
  'stream-always': {
    description: 'Requests without a stream are answered with one all the same.',
    script: [reply.text(hello, { stream: true })],
    answer: hello,
  },
  'choices-null': {
    description: 'Whole answers carry choices: null; streams end without a single choice.',
    script: [
      reply.text(hello, {
        editCompletion: (completion) => ({ ...completion, choices: null }),
        editChunks: (chunks) => chunks.slice(0, 1).map((chunk) => ({ ...chunk, choices: null })),
      }),
    ],
  },
});
