import { casesOf } from '../case.ts';
import type { FakeVendorRequest } from '../recorded-request.ts';
import { reply, type FakeReply } from '../reply.ts';
import type { FakeVendorResponder } from '../script.ts';
import { answerHello, hello, weatherThenHello } from './steps.ts';

const quota = {
  message: 'You exceeded your current quota, please check your plan and billing details.',
  type: 'insufficient_quota',
  param: null,
  code: 'insufficient_quota',
};

/** Several keys, of which one is bad: the first one that comes. */
export const keyCases = casesOf('key', {
  'first-key-rate-limited': {
    description:
      'Requests with the key that came first are refused with 429 and Retry-After: 60, other keys are answered.',
    script: refuseFirstKey(reply.status(429, { headers: { 'retry-after': '60' } })),
    answer: hello,
  },
  'first-key-out-of-quota': {
    description:
      'Requests with the key that came first are refused with 429 insufficient_quota, other keys are answered.',
    script: refuseFirstKey(reply.status(429, { body: { error: quota } })),
    answer: hello,
  },
  'first-key-invalid': {
    description:
      'Requests with the key that came first are refused with 401, other keys are answered.',
    script: refuseFirstKey(reply.status(401)),
    answer: hello,
  },
  'first-key-revoked': {
    description:
      'The tool weather is called; then the key of that first request is refused with 401, other keys go on.',
    script: (request, requests) => {
      const isRevoked = requests.some(
        (earlier) => earlier.index < request.index && keyOf(earlier) === keyOf(request),
      );
      return isRevoked && hasFirstKey(request, requests)
        ? reply.status(401)
        : weatherThenHello(request, requests);
    },
    answer: hello,
  },
});

function refuseFirstKey(refusal: FakeReply): FakeVendorResponder {
  return (request, requests) => (hasFirstKey(request, requests) ? refusal : answerHello);
}

function hasFirstKey(request: FakeVendorRequest, requests: readonly FakeVendorRequest[]): boolean {
  return keyOf(request) === keyOf(requests[0] ?? request);
}

function keyOf({ headers }: FakeVendorRequest): string | undefined {
  return headers['authorization'] ?? headers['x-api-key'] ?? headers['api-key'];
}
