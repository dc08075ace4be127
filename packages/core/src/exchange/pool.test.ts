import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../clock.ts';
import { AnyturnError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import { Pool } from './pool.ts';
import type { Lease, PoolSettings, RateState, TurnRequest } from './pool.ts';

const numRuns = process.env['ANYTURN_TEST_FULL'] === '1' ? 1_000 : 60;
const MINUTES = 60_000;

describe('keys', () => {
  test('take turns, and the one asked for comes first when it is free', async () => {
    const { pool, keyOf } = setUp({ keys: 3 });
    expect(await Promise.all([keyOf(), keyOf(), keyOf(), keyOf()])).toEqual([
      'key-1',
      'key-2',
      'key-3',
      'key-1',
    ]);
    const prefer = pool.peek().key;
    expect([prefer.id, pool.peek().key.id]).toEqual(['key-2', 'key-2']);
    expect(await Promise.all([keyOf({ prefer }), keyOf({ prefer }), keyOf()])).toEqual([
      'key-2',
      'key-2',
      'key-3',
    ]);
    pool.park(prefer, failure('rate_limit'), 500);
    expect(await keyOf({ prefer })).toBe('key-1');
  });

  test.each<[ErrorCode, number | undefined, number]>([
    ['auth', undefined, 5 * MINUTES],
    ['balance', undefined, 5 * MINUTES],
    ['forbidden', undefined, 5 * MINUTES],
    ['balance', 20_000, 20_000],
    ['rate_limit', undefined, 700],
    ['rate_limit', 3_000, 3_000],
    ['rate_limit', 86_400_000, 60 * MINUTES],
  ])('rest after %s with a time to wait of %s for %i ms', (code, retryAfterMs, readyInMs) => {
    const { pool } = setUp({ keys: 2 });
    pool.park(pool.peek().key, failure(code, retryAfterMs), 700);
    expect(pool.snapshot()).toMatchObject([
      { id: 'key-1', state: 'parked', reason: code, readyInMs },
      { id: 'key-2', state: 'ready' },
    ]);
    expect(pool.peek()).toMatchObject({ key: { id: 'key-2' }, readyInMs: 0 });
  });

  test('rest for the longer of two reasons', () => {
    const { pool } = setUp();
    const { key } = pool.peek();
    pool.park(key, failure('auth'), 0);
    pool.park(key, failure('rate_limit', 1_000), 0);
    expect(pool.snapshot()).toMatchObject([{ reason: 'auth', readyInMs: 5 * MINUTES }]);
    expect(pool.peek()).toMatchObject({ readyInMs: 5 * MINUTES });
  });

  test('that do not exist are never refused, only limited', async () => {
    const { pool, keyOf } = setUp({ keys: 0 });
    const { key } = pool.peek();
    for (const code of ['auth', 'balance', 'forbidden'] as const) pool.park(key, failure(code), 0);
    expect(await keyOf()).toBe('none');
    pool.park(key, failure('rate_limit', 90_000), 0);
    await expect(keyOf()).rejects.toMatchObject({ code: 'keys_parked', retryAfterMs: 90_000 });
  });

  test('that all rest for too long end a call at once, with a reason for each', async () => {
    const { pool, clock, keyOf, waits } = setUp({ keys: 2 });
    const [first, second] = await Promise.all([pool.acquire({ tokens: 1 }), pool.acquire(any)]);
    pool.park(first.key, failure('auth'), 0);
    pool.park(second.key, failure('rate_limit', 61_000), 0);
    await expect(keyOf()).rejects.toMatchObject({
      code: 'keys_parked',
      retryable: true,
      retryAfterMs: 61_000,
      provider: 'acme',
      model: 'm-1',
      message:
        'acme: no key may be used now: key-1 (auth), key-2 (rate_limit). The first comes back in 61 s. Check the keys and what they may do, or add another one.',
    });
    expect([waits, clock.timers]).toEqual([[], 0]);
  });

  test('that rest for a short time are waited for, which is told once', async () => {
    const { pool, clock, keyOf, waits } = setUp({ keys: 2 });
    const [first, second] = await Promise.all([pool.acquire(any), pool.acquire(any)]);
    pool.park(first.key, failure('rate_limit', 50_000), 0);
    pool.park(second.key, failure('rate_limit', 1_000), 0);
    const key = keyOf();
    await clock.advance(999);
    expect(await isPending(key)).toBe(true);
    await clock.advance(1);
    expect(await key).toBe('key-2');
    expect([waits, clock.timers]).toEqual([['1000 key-2'], 0]);
  });

  test('that are parked for long while calls wait end those calls at once', async () => {
    const { pool, clock, keyOf } = setUp({ limits: { concurrency: 1 } });
    const { key } = await pool.acquire(any);
    const waiting = [keyOf(), keyOf({ maxWaitMs: Infinity })];
    pool.park(key, failure('balance'), 0);
    await expect(waiting[0]).rejects.toMatchObject({ code: 'keys_parked' });
    expect(await isPending(waiting[1]!)).toBe(true);
    expect(clock.timers).toBe(1);
  });

  test('hold no secret in anything that is shown', async () => {
    const { pool, keyOf } = setUp({ keys: 2, maxWaitMs: 0 });
    for (let count = 0; count < 2; count++) pool.park(pool.peek().key, failure('auth'), 0);
    const error = await errorOf(keyOf());
    expect(JSON.stringify([pool.snapshot(), error, String(error)])).not.toContain('secret');
  });
});

describe('after a refusal', () => {
  test('one call alone tries the key again, and all go when that went well', async () => {
    const { pool, clock, leases } = await refused();
    await clock.advance(1);
    expect(leases).toHaveLength(1);
    expect(pool.snapshot()).toMatchObject([{ state: 'parked', reason: 'auth', inFlight: 1 }]);
    leases[0]!.release(5);
    await clock.advance(0);
    expect(leases).toHaveLength(10);
    expect(pool.snapshot()).toMatchObject([{ state: 'ready', inFlight: 9 }]);
  });

  test('all go as soon as the vendor has accepted the key, before the answer ends', async () => {
    const { pool, clock, leases } = await refused();
    await clock.advance(1);
    leases[0]!.accepted();
    await clock.advance(0);
    expect([leases.length, pool.snapshot()[0]?.inFlight]).toEqual([10, 10]);
  });

  test.each(['before', 'after'])(
    'no second request goes out when the key is refused again, parked %s it is given back',
    async (order) => {
      const { pool, clock, leases, errors } = await refused();
      await clock.advance(1);
      const [trial] = leases;
      if (order === 'after') trial!.release();
      // As long as it takes an error to travel up.
      for (let step = 0; step < 10; step++) await Promise.resolve();
      pool.park(trial!.key, failure('auth'), 0);
      if (order === 'before') trial!.release();
      await clock.advance(1_000);
      expect([leases.length, errors.length]).toEqual([1, 9]);
      expect(errors).toContainEqual(expect.objectContaining({ code: 'keys_parked' }));
      expect(pool.snapshot()).toMatchObject([{ state: 'parked', readyInMs: 5 * MINUTES - 1_000 }]);
    },
  );

  test('an hour of callers asks a dead key once for each rest', async () => {
    const { pool, clock } = setUp({ maxWaitMs: 1_000 });
    let requests = 0;
    const call = async () => {
      const lease = await pool.acquire(any);
      requests++;
      pool.park(lease.key, failure('auth'), 0);
      lease.release();
    };
    for (let second = 0; second < 3_600; second++) {
      for (const _ of [1, 2, 3]) void call().catch(() => {});
      await clock.advance(1_000);
    }
    // The three of the first second are all under way before the first refusal; then one every five minutes.
    expect(requests).toBe(3 + 12);
  });

  test('a call goes to another key instead of waiting for the outcome', async () => {
    const { pool, clock, keyOf } = setUp({ keys: 2 });
    pool.park(pool.peek().key, failure('forbidden'), 0);
    await clock.advance(5 * MINUTES);
    expect([await keyOf(), await keyOf(), await keyOf()]).toEqual(['key-1', 'key-2', 'key-2']);
  });

  test('a trial without an outcome keeps others waiting for no longer than they may', async () => {
    const { clock, leases, errors } = await refused();
    await clock.advance(60_000);
    expect([leases.length, errors.length]).toEqual([1, 9]);
    expect(errors[0]).toMatchObject({ code: 'keys_parked', retryAfterMs: 1_000 });
  });

  async function refused() {
    const { pool, clock } = setUp({ maxWaitMs: 30_000 });
    pool.park(pool.peek().key, failure('auth'), 0);
    await clock.advance(5 * MINUTES - 1);
    const leases: Lease[] = [];
    const errors: unknown[] = [];
    for (let count = 0; count < 10; count++) {
      pool.acquire(any).then(
        (lease) => leases.push(lease),
        (error: unknown) => errors.push(error),
      );
    }
    await clock.advance(0);
    expect([leases, errors]).toEqual([[], []]);
    return { pool, clock, leases, errors };
  }
});

describe('who waits', () => {
  test('goes in the order of arrival, also when one in the middle leaves', async () => {
    const { pool, clock } = setUp({ limits: { concurrency: 1 } });
    const first = await pool.acquire(any);
    const order: number[] = [];
    const abort = new AbortController();
    const calls = [1, 2, 3, 4].map((number) =>
      pool.acquire({ tokens: 1, ...(number === 2 && { signal: abort.signal }) }).then((lease) => {
        order.push(number);
        lease.release();
        lease.release();
      }),
    );
    abort.abort(new Error('enough'));
    await expect(calls[1]).rejects.toThrow('enough');
    first.release();
    await Promise.all(calls.toSpliced(1, 1));
    expect([order, clock.timers]).toEqual([[1, 3, 4], 0]);
    expect(pool.snapshot()).toMatchObject([{ inFlight: 0, requestsLastMinute: 4 }]);
  });

  test('is not overtaken by a smaller request', async () => {
    const { pool, clock, order } = setUp({ limits: { tokensPerMinute: 100 } });
    const going = order([90, 50, 10, 10]);
    await clock.advance(0);
    expect(going).toEqual([0]);
    await clock.advance(60_000);
    expect(going).toEqual([0, 1, 2, 3]);
    expect(pool.snapshot()).toMatchObject([{ tokensLastMinute: 70 }]);
  });

  test('goes ahead when a larger request before it has left', async () => {
    const { pool, clock, keyOf } = setUp({ limits: { tokensPerMinute: 100 } });
    await pool.acquire({ tokens: 90 });
    const abort = new AbortController();
    const large = keyOf({ tokens: 50, signal: abort.signal });
    const small = keyOf({ tokens: 10 });
    expect(await isPending(small)).toBe(true);
    abort.abort(new Error('enough'));
    await expect(large).rejects.toThrow('enough');
    expect(await small).toBe('key-1');
    expect(clock.timers).toBe(0);
  });

  test('goes ahead when the time of a larger request before it is over', async () => {
    const { pool, clock, keyOf } = setUp({
      keys: 2,
      limits: { tokensPerMinute: 100, concurrency: 1 },
    });
    await pool.acquire({ tokens: 60 });
    (await pool.acquire({ tokens: 60 })).release();
    // It hopes for the first key; the second has room for the small one alone.
    const large = errorOf(keyOf({ tokens: 90, maxWaitMs: 5_000 }));
    const small = keyOf({ tokens: 10 });
    await clock.advance(4_999);
    expect(await isPending(small)).toBe(true);
    await clock.advance(1);
    expect([await large, await small]).toMatchObject([{ code: 'rate_limit' }, 'key-2']);
    expect(clock.timers).toBe(0);
  });

  test('is told at once that it would wait too long for our own limit', async () => {
    const { pool, clock, keyOf } = setUp({ limits: { requestsPerMinute: 1 }, maxWaitMs: 59_999 });
    await pool.acquire(any);
    await expect(keyOf()).rejects.toMatchObject({
      code: 'rate_limit',
      retryable: true,
      retryAfterMs: 60_000,
      message:
        'acme: our own limit of 1 requests per minute is reached; there is room in 60 s. Ask less often, raise the limits, or add another key.',
    });
    expect(clock.timers).toBe(0);
  });

  test('gets its turn at the last moment, and who comes after it is told so', async () => {
    const { pool, clock, keyOf } = setUp({ limits: { requestsPerMinute: 1 } });
    await pool.acquire(any);
    const calls = [keyOf(), keyOf()];
    const late = errorOf(calls[1]!);
    await clock.advance(60_000);
    expect(await calls[0]).toBe('key-1');
    expect(await late).toMatchObject({ code: 'rate_limit', retryAfterMs: 60_000 });
    expect(clock.timers).toBe(0);
  });

  test('for one of a few places does so for a limited time', async () => {
    const { pool, clock, keyOf, waits } = setUp({ limits: { concurrency: 2 } });
    await Promise.all([pool.acquire(any), pool.acquire(any)]);
    const late = errorOf(keyOf({ maxWaitMs: 5_000 }));
    await clock.advance(5_000);
    expect(await late).toMatchObject({
      code: 'rate_limit',
      message:
        'acme: our own limit of 2 calls at a time left no place. Ask less often, raise the limits, or add another key.',
    });
    expect([waits, clock.timers]).toEqual([[], 0]);
  });

  test('finds the queue full at its limit', async () => {
    const { pool, keyOf } = setUp({ limits: { concurrency: 1, maxQueued: 2 } });
    const lease = await pool.acquire(any);
    const waiting = [keyOf(), keyOf()];
    await expect(keyOf()).rejects.toMatchObject({
      code: 'queue_full',
      retryable: true,
      message:
        'acme: 2 calls wait for their turn already. Ask less often, raise limits.maxQueued, or add another key.',
    });
    lease.release();
    expect(await waiting[0]).toBe('key-1');
  });

  test('has an aborted signal: it takes nothing', async () => {
    const { pool } = setUp();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(pool.acquire({ tokens: 1, signal })).rejects.toThrow('enough');
    expect(pool.snapshot()).toMatchObject([{ inFlight: 0, requestsLastMinute: 0 }]);
  });

  test('does not exist without limits: nothing is timed', async () => {
    const { pool, clock } = setUp();
    const { signal } = new AbortController();
    const leases = await Promise.all(
      Array.from({ length: 500 }, () => pool.acquire({ tokens: 10, signal })),
    );
    for (const lease of leases) lease.release(20);
    expect([clock.timersEver, pool.snapshot()]).toEqual([
      0,
      [
        {
          id: 'key-1',
          state: 'ready',
          inFlight: 0,
          requestsLastMinute: 500,
          tokensLastMinute: 10_000,
        },
      ],
    ]);
  });
});

describe('limits', () => {
  test.each([0, -1, 1.5, NaN])('of %s are refused', (requestsPerMinute) => {
    expect(() => setUp({ limits: { requestsPerMinute } })).toThrow(
      'limits.requestsPerMinute must be a whole number from 1.',
    );
  });

  test('hold for each key', async () => {
    const { keyOf } = setUp({ keys: 2, limits: { requestsPerMinute: 2 }, maxWaitMs: 0 });
    expect(await Promise.all([keyOf(), keyOf(), keyOf(), keyOf()])).toEqual([
      'key-1',
      'key-2',
      'key-1',
      'key-2',
    ]);
    await expect(keyOf()).rejects.toMatchObject({ code: 'rate_limit' });
  });

  test('count what was used, told with the place or after it, once', async () => {
    const { pool, keyOf } = setUp({ limits: { tokensPerMinute: 100 }, maxWaitMs: 0 });
    const lease = await pool.acquire({ tokens: 100 });
    lease.release();
    await expect(keyOf()).rejects.toMatchObject({ code: 'rate_limit' });
    lease.release(30);
    lease.release(0);
    expect(pool.snapshot()).toMatchObject([{ inFlight: 0, tokensLastMinute: 30 }]);
    expect(await keyOf({ tokens: 70 })).toBe('key-1');
  });

  test('let a request larger than the whole go alone', async () => {
    const { clock, order } = setUp({ limits: { tokensPerMinute: 100 }, maxWaitMs: 5 * MINUTES });
    const going = order([10, 5_000, 10]);
    await clock.advance(59_999);
    expect(going).toEqual([0]);
    await clock.advance(1);
    expect(going).toEqual([0, 1]);
    await clock.advance(60_000);
    expect(going).toEqual([0, 1, 2]);
  });

  test('hold for any schedule of calls, answers and aborts, in the order of arrival', async () => {
    const calls = fc.array(
      fc.record({
        afterMs: fc.nat({ max: 4_000 }),
        tokens: fc.nat({ max: 120 }),
        lastsMs: fc.nat({ max: 20_000 }),
        abortMs: fc.option(fc.nat({ max: 60_000 }), { freq: 5 }),
        usedShare: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
      { minLength: 1, maxLength: 60 },
    );
    const limits = fc.record({
      requestsPerMinute: fc.integer({ min: 1, max: 10 }),
      tokensPerMinute: fc.integer({ min: 100, max: 500 }),
      concurrency: fc.integer({ min: 1, max: 4 }),
    });
    await fc.assert(fc.asyncProperty(calls, limits, fc.integer({ min: 1, max: 3 }), playSchedule), {
      numRuns,
    });
  });

  async function playSchedule(
    calls: readonly {
      afterMs: number;
      tokens: number;
      lastsMs: number;
      abortMs: number | null;
      usedShare: number;
    }[],
    limits: { requestsPerMinute: number; tokensPerMinute: number; concurrency: number },
    keys: number,
  ): Promise<void> {
    const { pool, clock } = setUp({ keys, limits, maxWaitMs: 90_000 });
    const sent: { call: number; key: string; at: number; tokens: number; used: number }[] = [];
    const underWay = new Map<string, number>();
    const outcomes: Promise<unknown>[] = [];
    for (const [call, { afterMs, tokens, lastsMs, abortMs, usedShare }] of calls.entries()) {
      await clock.advance(afterMs);
      const abort = new AbortController();
      if (abortMs !== null) clock.after(abortMs, () => abort.abort(new Error('enough')));
      const outcome = pool.acquire({ tokens, signal: abort.signal }).then(
        (lease) => {
          const { id } = lease.key;
          const used = Math.floor(tokens * usedShare);
          sent.push({ call, key: id, at: clock.now(), tokens, used });
          underWay.set(id, (underWay.get(id) ?? 0) + 1);
          expect(underWay.get(id)).toBeLessThanOrEqual(limits.concurrency);
          clock.after(lastsMs, () => {
            underWay.set(id, underWay.get(id)! - 1);
            lease.release(used);
          });
        },
        (error: unknown) => {
          if (!AnyturnError.isInstance(error)) expect(error).toEqual(new Error('enough'));
          else expect(error.code).toBe('rate_limit');
        },
      );
      outcomes.push(outcome);
    }
    await clock.advance(300_000);
    await Promise.all(outcomes);

    expect(sent.map(({ call }) => call)).toEqual(sent.map(({ call }) => call).toSorted(byValue));
    for (const { key, at } of sent) {
      const minute = sent.filter(
        (other) => other.key === key && other.at >= at && other.at < at + 60_000,
      );
      expect(minute.length).toBeLessThanOrEqual(limits.requestsPerMinute);
      const counted = minute.filter(({ used }) => used > 0);
      const used = counted.reduce((sum, other) => sum + other.used, 0);
      // One that is larger than the limit goes alone.
      if (counted.length > 1) expect(used).toBeLessThanOrEqual(limits.tokensPerMinute);
    }
    for (const snapshot of pool.snapshot()) {
      expect(snapshot).toMatchObject({ inFlight: 0, requestsLastMinute: 0, tokensLastMinute: 0 });
    }
    expect(clock.timers).toBe(0);
  }
});

describe('headers', () => {
  test('that leave no request rest the key until the reset', async () => {
    const { pool, clock, keyOf } = setUp({ keys: 2 });
    const { key } = pool.peek();
    pool.learn(key, none('requests', '4s'));
    expect(pool.snapshot()).toMatchObject([
      {
        id: 'key-1',
        state: 'parked',
        reason: 'rate_limit',
        readyInMs: 4_000,
        learned: { requests: { limit: 60, remaining: 0, resetInMs: 4_000 } },
      },
      { id: 'key-2', state: 'ready' },
    ]);
    expect([await keyOf(), await keyOf()]).toEqual(['key-2', 'key-2']);
    await clock.advance(4_000);
    expect(await keyOf()).toBe('key-1');
  });

  test('that leave nothing make a call wait, and newer ones end the wait', async () => {
    const { pool, clock, keyOf, waits } = setUp();
    const { key } = pool.peek();
    pool.learn(key, none('tokens', '50s'));
    const call = keyOf();
    await clock.advance(1_000);
    expect(await isPending(call)).toBe(true);
    pool.learn(key, new Headers({ 'x-ratelimit-remaining-tokens': '500' }));
    expect([await call, waits, clock.timers]).toEqual(['key-1', ['5000 key-1'], 0]);
  });

  test('that leave fewer tokens than a call needs make that call wait or go elsewhere', async () => {
    const { pool, clock, keyOf } = setUp({ maxWaitMs: 3_000 });
    const learned = {
      'x-ratelimit-limit-tokens': '1000',
      'x-ratelimit-remaining-tokens': '100',
      'x-ratelimit-reset-tokens': '4s',
    };
    pool.learn(pool.peek().key, new Headers(learned));
    expect(await keyOf({ tokens: 100 })).toBe('key-1');
    await expect(keyOf({ tokens: 101 })).rejects.toMatchObject({
      code: 'rate_limit',
      retryAfterMs: 4_000,
      message:
        "acme: the vendor's headers leave fewer tokens than the 101 or so that this call needs; there is room in 4 s. Wait until then, or add another key.",
    });
    await clock.advance(2_000);
    const call = keyOf({ tokens: 5_000 });
    await clock.advance(2_000);
    expect(await call).toBe('key-1');
  });

  test.each<[string, Headers]>([
    ['no reset', new Headers({ 'x-ratelimit-remaining-requests': '0' })],
    ['a reset in the past', none('requests', '2026-01-01T00:00:00Z')],
    ['a reset at once', none('requests', '0s')],
    ['garbage', none('requests', 'soon')],
  ])('with %s rest nothing', async (_, headers) => {
    const { pool, keyOf } = setUp();
    pool.learn(pool.peek().key, headers);
    expect(await keyOf()).toBe('key-1');
  });

  test('with a reset far away rest the key for 5 s: then the vendor may say when', async () => {
    const { pool, clock, keyOf } = setUp();
    pool.learn(pool.peek().key, none('requests', '23h'));
    const call = keyOf();
    await clock.advance(4_999);
    expect(await isPending(call)).toBe(true);
    await clock.advance(1);
    expect(await call).toBe('key-1');
  });

  function none(kind: 'requests' | 'tokens', reset: string): Headers {
    return new Headers({
      [`x-ratelimit-limit-${kind}`]: '60',
      [`x-ratelimit-remaining-${kind}`]: '0',
      [`x-ratelimit-reset-${kind}`]: reset,
    });
  }
});

describe('a shared store', () => {
  const limits = { requestsPerMinute: 2 };

  test('is asked for one place at a time, in the order of arrival, for every process', async () => {
    const store = sharedStore();
    const one = setUp({ limits, rateState: store });
    const two = setUp({ limits, rateState: store, clock: one.clock });
    const going = one.order([1, 2, 3]);
    await one.clock.advance(0);
    expect([going, store.asked, store.mostAtOnce]).toEqual([
      [0, 1],
      ['acme/m-1/key-1 1', 'acme/m-1/key-1 2', 'acme/m-1/key-1 3'],
      1,
    ]);
    await expect(two.keyOf({ maxWaitMs: 1_000 })).rejects.toMatchObject({
      code: 'rate_limit',
      retryAfterMs: 60_000,
    });
    await one.clock.advance(60_000);
    expect(going).toEqual([0, 1, 2]);
    expect(one.clock.timers).toBe(0);
  });

  test('does not make more calls run at the same time than are allowed', async () => {
    const { pool, clock, order } = setUp({
      limits: { requestsPerMinute: 100, concurrency: 2 },
      rateState: sharedStore(),
    });
    const going = order([1, 1, 1, 1]);
    await clock.advance(0);
    expect([going, pool.snapshot()[0]?.inFlight]).toEqual([[0, 1], 2]);
  });

  test('hears what was used, and gets back the tokens of who left meanwhile', async () => {
    const store = sharedStore();
    const { pool } = setUp({ limits: { tokensPerMinute: 100 }, rateState: store });
    const lease = await pool.acquire({ tokens: 60 });
    lease.release(40);
    const abort = new AbortController();
    const call = pool.acquire({ tokens: 10, signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    await new Promise((resolve) => setImmediate(resolve));
    expect(store.settled).toEqual([-20, -10]);
    expect(pool.snapshot()).toMatchObject([{ inFlight: 0, tokensLastMinute: 40 }]);
  });

  test.each<[string, RateState['take']]>([
    ['rejects', () => Promise.reject(new Error('The store is gone.'))],
    [
      'throws',
      () => {
        throw new Error('The store is gone.');
      },
    ],
    ['answers nonsense', () => NaN],
    ['never answers', () => new Promise(() => {})],
  ])('that %s leaves each process to its own limit', async (_, take) => {
    let asked = 0;
    const rateState: RateState = {
      take: (...request) => {
        asked++;
        return take(...request);
      },
      settle: () => Promise.reject(new Error('The store is gone.')),
    };
    const { clock, order, keyOf } = setUp({ limits, rateState, maxWaitMs: 10_000 });
    const going = order([1, 1]);
    await clock.advance(2_000);
    expect(going).toEqual([0, 1]);
    await expect(keyOf()).rejects.toMatchObject({ code: 'rate_limit' });
    expect(asked).toBe(1);
    await clock.advance(60_000);
    void keyOf().catch(() => {});
    await clock.advance(2_000);
    expect(asked).toBe(2);
  });

  test('is not asked when there is nothing to share', async () => {
    const store = sharedStore();
    const { keyOf } = setUp({ limits: { concurrency: 1 }, rateState: store });
    expect([await keyOf(), store.asked]).toEqual(['key-1', []]);
  });

  /** Answers later, as a store over the network does. */
  function sharedStore() {
    const taken: number[] = [];
    let atOnce = 0;
    const store = {
      asked: [] as string[],
      settled: [] as number[],
      mostAtOnce: 0,
      async take(id: string, request: Parameters<RateState['take']>[1]): Promise<number> {
        store.mostAtOnce = Math.max(store.mostAtOnce, ++atOnce);
        store.asked.push(`${id} ${request.tokens}`);
        for (let step = 0; step < 3; step++) await Promise.resolve();
        atOnce--;
        const recent = taken.filter((at) => at > request.now - 60_000);
        const { requestsPerMinute = Infinity } = request.limits;
        if (recent.length >= requestsPerMinute) return recent[0]! + 60_000 - request.now;
        taken.push(request.now);
        return 0;
      },
      settle: (_: string, { tokens }: { tokens: number }) => void store.settled.push(tokens),
    };
    return store;
  }
});

const any: TurnRequest = { tokens: 1 };

function setUp({
  keys = 1,
  clock = manualClock(),
  maxWaitMs = 60_000,
  ...rest
}: { keys?: number; clock?: ManualClock } & Partial<
  Pick<PoolSettings, 'limits' | 'rateState' | 'maxWaitMs'>
> = {}) {
  const waits: string[] = [];
  const pool = new Pool({
    secrets: Array.from({ length: keys }, (_, index) => `sk-secret-${index}`),
    clock,
    maxWaitMs,
    refusedMs: 5 * MINUTES,
    scope: 'acme/m-1',
    facts: { provider: 'acme', model: 'm-1' },
    ...rest,
  });
  const keyOf = async (request: Partial<TurnRequest> = {}) => {
    const onWait: TurnRequest['onWait'] = (delayMs, key) => waits.push(`${delayMs} ${key.id}`);
    return (await pool.acquire({ tokens: 1, onWait, ...request })).key.id;
  };
  /** Calls with so many tokens each; tells the numbers of those that have gone. */
  const order = (tokens: readonly number[]) => {
    const going: number[] = [];
    for (const [index, count] of tokens.entries()) {
      void pool.acquire({ tokens: count }).then(() => going.push(index));
    }
    return going;
  };
  return { pool, clock, waits, keyOf, order };
}

function failure(code: ErrorCode, retryAfterMs?: number): AnyturnError {
  return new AnyturnError({
    code,
    message: 'The vendor said no.',
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise, Promise.resolve(pending)])) === pending;
}

function byValue(a: number, b: number): number {
  return a - b;
}

interface ManualClock extends Clock {
  /** Lets time pass from timer to timer, and what hangs on each of them happen. */
  advance(by: number): Promise<void>;
  readonly timers: number;
  readonly timersEver: number;
}

/** Time that passes only when told to. */
function manualClock(): ManualClock {
  let now = 1_800_000_000_000;
  let timersEver = 0;
  const timers = new Set<{ at: number; callback: () => void }>();
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    random: () => 0.5,
    after(ms, callback) {
      if (ms === Infinity) return () => {};
      timersEver++;
      const timer = { at: now + ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(by) {
      const until = now + by;
      await settled();
      for (;;) {
        const due = [...timers].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers.delete(due);
        now = Math.max(now, due.at);
        due.callback();
        await settled();
      }
      now = until;
    },
    get timers() {
      return timers.size;
    },
    get timersEver() {
      return timersEver;
    },
  };
}
