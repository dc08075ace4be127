import { expect, test } from 'vitest';
import { AnyturnError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

test('it opens after five failures in a row and lets one call in after half a minute', () => {
  const { breaker, clock } = setUp();
  failTimes(breaker, 4);
  expect([breaker.admits(), breaker.snapshot()]).toEqual([true, { state: 'closed' }]);
  failTimes(breaker, 1);
  expect([breaker.admits(), breaker.snapshot()]).toEqual([
    false,
    { state: 'open', retryInMs: 30_000, reason: 'upstream_error' },
  ]);
  clock.advance(29_999);
  expect(breaker.admits()).toBe(false);
  clock.advance(1);
  expect(breaker.snapshot()).toEqual({ state: 'half-open', reason: 'upstream_error' });
  expect([breaker.admits(), breaker.admits(), breaker.admits()]).toEqual([true, false, false]);
  breaker.succeeded();
  expect([breaker.admits(), breaker.admits(), breaker.snapshot()]).toEqual([
    true,
    true,
    { state: 'closed' },
  ]);
});

test('a good answer in between starts the count anew', () => {
  const { breaker } = setUp();
  failTimes(breaker, 4);
  breaker.succeeded();
  failTimes(breaker, 4);
  expect(breaker.snapshot()).toEqual({ state: 'closed' });
});

test('each failed trial doubles the wait, up to five minutes, and a good one forgets that', () => {
  const { breaker, clock } = setUp();
  const waits: (number | undefined)[] = [];
  failTimes(breaker, 5);
  for (let trial = 0; trial < 6; trial++) {
    const { retryInMs = 0 } = breaker.snapshot();
    waits.push(retryInMs);
    clock.advance(retryInMs);
    expect(breaker.admits()).toBe(true);
    failTimes(breaker, 1);
  }
  expect(waits).toEqual([30_000, 60_000, 120_000, 240_000, 300_000, 300_000]);
  clock.advance(300_000);
  breaker.succeeded();
  failTimes(breaker, 5);
  expect(breaker.snapshot()).toMatchObject({ retryInMs: 30_000 });
});

test.each([
  [0, 24_000],
  [0.999_999, 36_000],
])('the wait is jittered (%s)', (random, retryInMs) => {
  const { breaker } = setUp(random);
  failTimes(breaker, 5);
  expect(breaker.snapshot()).toMatchObject({ retryInMs });
});

test('calls that were under way when it opened do not prolong the wait', () => {
  const { breaker, clock } = setUp();
  failTimes(breaker, 5);
  clock.advance(1_000);
  failTimes(breaker, 20);
  expect(breaker.snapshot()).toMatchObject({ retryInMs: 29_000 });
});

test('a trial that was given up lets the next one in, and one that is never reported does so after five minutes', () => {
  const { breaker, clock } = setUp();
  failTimes(breaker, 5);
  clock.advance(30_000);
  expect(breaker.admits()).toBe(true);
  breaker.abandoned();
  expect([breaker.admits(), breaker.admits()]).toEqual([true, false]);
  clock.advance(299_999);
  expect(breaker.admits()).toBe(false);
  clock.advance(1);
  expect([breaker.admits(), breaker.admits()]).toEqual([true, false]);
});

test('a trial that ends in a rate limit says nothing either way', () => {
  const { breaker, clock } = setUp();
  failTimes(breaker, 5);
  clock.advance(30_000);
  expect(breaker.admits()).toBe(true);
  failTimes(breaker, 1, 'rate_limit');
  expect([breaker.snapshot().state, breaker.admits(), breaker.admits()]).toEqual([
    'half-open',
    true,
    false,
  ]);
});

test.each<[ErrorCode, number | undefined, 'open' | 'closed']>([
  ['network', undefined, 'open'],
  ['timeout', undefined, 'open'],
  ['tls', undefined, 'open'],
  ['overloaded', 503, 'open'],
  ['upstream_error', 500, 'open'],
  ['stream_interrupted', 200, 'open'],
  ['bad_response', 502, 'open'],
  ['bad_response', 200, 'closed'],
  ['rate_limit', 429, 'closed'],
  ['keys_parked', undefined, 'closed'],
  ['auth', 401, 'closed'],
  ['balance', 402, 'closed'],
  ['bad_request', 400, 'closed'],
  ['context_overflow', 400, 'closed'],
  ['aborted', undefined, 'closed'],
])('five failures with %s (%s) leave it %s', (code, httpStatus, state) => {
  const { breaker } = setUp();
  failTimes(breaker, 5, code, httpStatus);
  expect(breaker.snapshot().state).toBe(state);
});

function failTimes(
  breaker: CircuitBreaker,
  times: number,
  code: ErrorCode = 'upstream_error',
  httpStatus?: number,
): void {
  const error = new AnyturnError({
    code,
    message: 'It failed.',
    ...(httpStatus !== undefined && { httpStatus }),
  });
  for (let count = 0; count < times; count++) breaker.failed(error);
}

function setUp(random = 0.5) {
  let now = 1_800_000_000_000;
  const advance = (by: number) => (now += by);
  const clock = { now: () => now, random: () => random, after: () => () => {} };
  return { breaker: new CircuitBreaker(clock), clock: { advance } };
}
