import { answerHello } from './cases/steps.ts';
import { reply, type FakeReply } from './reply.ts';
import type { FakeVendorResponder, FakeVendorStep } from './script.ts';

/** Faults that a client gets over by trying again. A rate limit asks for 100 ms. */
const faultReplies = {
  'rate-limit': reply.status(429, { headers: { 'retry-after-ms': '100' } }),
  'status-500': reply.status(500),
  'status-502': reply.status(502, { body: '<h1>502 Bad Gateway</h1>' }),
  'status-503': reply.status(503),
  'status-504': reply.status(504, { body: '' }),
  'status-529': reply.status(529),
  'reset-before-headers': reply.resetSocket(),
  'close-before-headers': reply.closeSocket(),
  'reset-after-headers': reply.sse([], { resetAfter: 0 }),
  'close-after-headers': reply.sse([], { closeAfter: 0 }),
  'empty-stream': reply.sse([]),
  'only-done': reply.sse(['data: [DONE]\n\n']),
  'error-200': reply.json({
    error: { message: 'The model is overloaded.', type: 'server_error', code: '503' },
  }),
  'error-first-chunk': reply.sse([
    { error: { message: 'The model is overloaded.', type: 'server_error', code: 503 } },
  ]),
} satisfies Record<string, FakeReply>;

export type FaultKind = keyof typeof faultReplies;

export interface FaultsOptions {
  /** The same seed gives the same request the same fate, by the order of arrival. @default 1 */
  seed?: number;
  /** How likely a request meets a fault, from 0 to 1. @default 0.2 */
  rate?: number;
  /** Which faults, each as likely as the other. @default all */
  kinds?: readonly FaultKind[];
  /** What the other requests get. @default the text "Hello from the fake vendor." */
  answer?: FakeVendorStep;
}

/**
 * A script for load tests: each request meets a fault with the given probability, independently of the others, and is
 * answered otherwise.
 *
 * @throws {RangeError} when `rate` is not from 0 to 1, or `kinds` is empty or has an unknown one.
 */
export function faults(options: FaultsOptions = {}): FakeVendorResponder {
  const { seed = 1, rate = 0.2, answer = answerHello } = options;
  const kinds = options.kinds ?? (Object.keys(faultReplies) as FaultKind[]);
  if (!(rate >= 0 && rate <= 1)) throw new RangeError('The rate must be a number from 0 to 1.');
  const replies = kinds.map((kind) => {
    if (Object.hasOwn(faultReplies, kind)) return faultReplies[kind];
    throw new RangeError(`No fault "${kind}". Known: ${Object.keys(faultReplies).join(', ')}.`);
  });
  if (replies.length === 0) throw new RangeError('Name at least one kind of fault.');

  return (request, requests) => {
    const chance = randomFrom(seed, request.index);
    const isFault = chance() < rate;
    const fault = replies[Math.floor(chance() * replies.length)];
    if (isFault && fault) return fault;
    return typeof answer === 'function' ? answer(request, requests) : answer;
  };
}

/** Mulberry32, started anew for each request, so that no request's fate depends on another's. */
function randomFrom(seed: number, index: number): () => number {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
