import { casesOf } from '../case.ts';
import { reply, type FakeReply } from '../reply.ts';
import type { FakeVendorStep } from '../script.ts';
import { answerHello, hello } from './steps.ts';

const html = { 'content-type': 'text/html; charset=utf-8' };

/** Statuses other than 200 and 429, redirects, and headers that are not true. */
export const httpCases = casesOf('http', {
  'server-error': once('refused with 500', reply.status(500)),
  'server-error-always': {
    description: 'Every request is refused with 500.',
    script: [reply.status(500)],
  },
  'status-408': once('refused with 408', reply.status(408)),
  'status-409': once('refused with 409', reply.status(409)),
  'status-502-html': once(
    'refused with 502 and an HTML page',
    reply.status(502, {
      headers: html,
      body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
    }),
  ),
  'status-503-empty': once('refused with 503 and no body', reply.status(503, { body: '' })),
  'status-504-text': once(
    'refused with 504 and plain text',
    reply.status(504, { body: 'upstream request timeout' }),
  ),
  'status-529': once('refused with 529, overloaded', reply.status(529)),
  'status-400': always('400: a parameter is not valid', reply.status(400)),
  'status-401': {
    description: 'Every request is refused with 401, and the message holds the key that was sent.',
    script: [
      ({ headers }) => {
        const key = headers['authorization']?.replace(/^Bearer /u, '') ?? '';
        const message = `Incorrect API key provided: ${key}. You can find your API key in your account settings.`;
        const error = {
          message,
          type: 'invalid_request_error',
          param: null,
          code: 'invalid_api_key',
        };
        return reply.status(401, { body: { error } });
      },
    ],
  },
  'status-402': always('402: the balance is used up', reply.status(402)),
  'status-403': always('403: the key may not use the model', reply.status(403)),
  'status-404-model': always('404: there is no such model', reply.status(404)),
  'status-413': always('413: the request is too large', reply.status(413)),
  'status-422': always('422: a parameter is not valid', reply.status(422)),
  'context-overflow': {
    description: 'Every request is refused with 400: more tokens than the model takes.',
    script: [contextOverflow()],
  },
  'context-overflow-once': once(
    'refused with 400, more tokens than the model takes',
    contextOverflow(),
  ),
  'redirect-302': {
    description: 'Every request is redirected to another origin with 302.',
    script: [reply.redirect(302)],
  },
  'redirect-307': {
    description:
      'Every request is redirected to another origin with 307, which keeps method and body.',
    script: [reply.redirect(307)],
  },
  'false-gzip': {
    description: 'Answers say content-encoding: gzip, and are not compressed.',
    script: [reply.text(hello, { headers: { 'content-encoding': 'gzip' } })],
  },
  'wrong-content-type': {
    description: 'Streams and whole answers alike say content-type: text/plain.',
    script: [reply.text(hello, { headers: { 'content-type': 'text/plain' } })],
    answer: hello,
  },
});

function once(what: string, fault: FakeReply) {
  return {
    description: `The first request is ${what}, later ones are answered.`,
    script: [fault, answerHello] satisfies FakeVendorStep[],
    answer: hello,
  };
}

function always(what: string, fault: FakeReply) {
  return { description: `Every request is refused with ${what}.`, script: [fault] };
}

function contextOverflow(): FakeReply {
  const message =
    "This model's maximum context length is 8192 tokens. However, you requested 9001 tokens. Please reduce the length of the messages.";
  const code = 'context_length_exceeded';
  const error = { message, type: 'invalid_request_error', param: 'messages', code };
  return reply.status(400, { body: { error } });
}
