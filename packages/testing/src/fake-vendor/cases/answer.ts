import { casesOf } from '../case.ts';
import { reply } from '../reply.ts';
import { answerHello, hello, untilToolResult, weatherThenHello } from './steps.ts';

/** What goes well. */
export const answerCases = casesOf('answer', {
  ok: { description: 'Every request is answered.', script: [answerHello], answer: hello },
  'tool-call': {
    description: 'The tool weather is called for Paris; its result is answered with text.',
    script: [weatherThenHello],
    answer: hello,
  },
  'parallel-tool-calls': {
    description: 'The tool weather is called for Paris and for Rome in one step.',
    script: [
      untilToolResult(
        reply.toolCalls([
          { name: 'weather', input: { city: 'Paris' } },
          { name: 'weather', input: { city: 'Rome' } },
        ]),
      ),
    ],
    answer: hello,
  },
});
