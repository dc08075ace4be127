import { reply, type FakeReply } from './reply.ts';

/** A named situation: what it shows, and the replies, one per request. The last one repeats. */
export interface FakeVendorCase {
  readonly description: string;
  readonly script: readonly FakeReply[];
}

const hello = 'Hello from the fake vendor.';

/** The situations that `createFakeVendor({ case })` and `anyturn fake-vendor --case` know by name. */
export const fakeVendorCases = {
  ok: { description: 'Every request is answered.', script: [reply.text(hello)] },
  'rate-limit': {
    description:
      'The first request is refused with 429 and Retry-After: 1, later ones are answered.',
    script: [reply.status(429, { headers: { 'retry-after': '1' } }), reply.text(hello)],
  },
  'server-error': {
    description: 'The first request is refused with 500, later ones are answered.',
    script: [reply.status(500), reply.text(hello)],
  },
  'stall-before-headers': {
    description: 'Requests are taken and never answered.',
    script: [reply.neverRespond()],
  },
  'stall-mid-stream': {
    description: 'Streams stop after two words; the socket stays open.',
    script: [reply.text(hello, { stallAfter: 3 })],
  },
  'cut-mid-stream': {
    description: 'Streams lose their socket after two words.',
    script: [reply.text(hello, { resetAfter: 3 })],
  },
  'error-200': {
    description: 'Status 200 with a JSON error in the body, whether or not a stream was asked for.',
    script: [
      reply.json({
        error: { message: 'The model is overloaded.', type: 'server_error', code: '503' },
      }),
    ],
  },
  'html-200': {
    description: 'Status 200 with an HTML page, as a captive portal or a proxy sends it.',
    script: [
      reply.raw('<!doctype html><title>Sign in</title><p>Sign in to use this network.</p>', {
        headers: { 'content-type': 'text/html; charset=utf-8' },
      }),
    ],
  },
} satisfies Record<string, FakeVendorCase>;

export type FakeVendorCaseName = keyof typeof fakeVendorCases;
