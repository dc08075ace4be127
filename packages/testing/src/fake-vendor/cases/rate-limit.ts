import { casesOf } from '../case.ts';
import { reply, type FakeReply } from '../reply.ts';
import { answerHello, hello } from './steps.ts';

const limited = (headers: Record<string, string> = {}) => reply.status(429, { headers });

/** Requests that come too fast, and when the vendor says to come again. */
export const rateLimitCases = casesOf('rate-limit', {
  'rate-limit': {
    description:
      'The first request is refused with 429 and Retry-After: 1, later ones are answered.',
    script: [limited({ 'retry-after': '1' }), answerHello],
    answer: hello,
  },
  'rate-limit-date': {
    description: 'As rate-limit, with an HTTP date 3 seconds ahead.',
    script: [() => limited({ 'retry-after': inSeconds(3) }), answerHello],
    answer: hello,
  },
  'rate-limit-ms': {
    description: 'As rate-limit, with retry-after-ms: 250.',
    script: [limited({ 'retry-after-ms': '250' }), answerHello],
    answer: hello,
  },
  'rate-limit-zero': {
    description: 'The first two requests are refused with 429 and Retry-After: 0.',
    script: [limited({ 'retry-after': '0' }), limited({ 'retry-after': '0' }), answerHello],
    answer: hello,
  },
  'rate-limit-negative': {
    description: 'As rate-limit, with Retry-After: -5.',
    script: [limited({ 'retry-after': '-5' }), answerHello],
    answer: hello,
  },
  'rate-limit-garbage': {
    description: 'As rate-limit, with Retry-After: soon.',
    script: [limited({ 'retry-after': 'soon' }), answerHello],
    answer: hello,
  },
  'rate-limit-no-header': {
    description: 'As rate-limit, without a word about when to come again.',
    script: [limited(), answerHello],
    answer: hello,
  },
  'rate-limit-reset-header': {
    description: 'As rate-limit, but only x-ratelimit-reset-requests: 1s says when.',
    // OpenAI's rate limit headers, https://platform.openai.com/docs/guides/rate-limits, 2026-11.
    script: [
      limited({
        'x-ratelimit-limit-requests': '60',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '1s',
      }),
      answerHello,
    ],
    answer: hello,
  },
  'rate-limit-in-message': {
    description: 'As rate-limit, but only the text of the error says when.',
    // Groq's wording, recorded 2026.
    script: [
      refused('rate_limit_exceeded', 'Rate limit reached. Please try again in 1.2s.'),
      answerHello,
    ],
    answer: hello,
  },
  'rate-limit-long': {
    description: 'Every request is refused with 429 and Retry-After: 86400, a day.',
    script: [limited({ 'retry-after': '86400' })],
  },
  'rate-limit-always': {
    description: 'Every request is refused with 429 and Retry-After: 1.',
    script: [limited({ 'retry-after': '1' })],
  },
  'insufficient-quota': {
    description:
      'Every request is refused with 429 and code insufficient_quota: waiting is no use.',
    script: [
      refused(
        'insufficient_quota',
        'You exceeded your current quota, please check your plan and billing details.',
      ),
    ],
  },
});

/** 429 as OpenAI words it. */
function refused(code: string, message: string): FakeReply {
  return reply.status(429, { body: { error: { message, type: code, param: null, code } } });
}

function inSeconds(seconds: number): string {
  return new Date(Date.now() + seconds * 1_000).toUTCString();
}
