import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RateWindow } from './rate-window.ts';

const numRuns = process.env['ANYTURN_TEST_FULL'] === '1' ? 2_000 : 100;

test('no rolling minute ever holds more than the limits, and nobody waits more than a quarter of a second too long', () => {
  const arrivals = fc.array(
    fc.record({ afterMs: fc.nat({ max: 8_000 }), tokens: fc.nat({ max: 60 }) }),
    { maxLength: 100 },
  );
  const limits = fc.record({
    requestsPerMinute: fc.integer({ min: 1, max: 12 }),
    tokensPerMinute: fc.integer({ min: 60, max: 300 }),
  });
  fc.assert(
    fc.property(arrivals, limits, (schedule, limit) => {
      const window = new RateWindow();
      const taken: Taken[] = [];
      let now = 1_000_000;
      for (const { afterMs, tokens } of schedule) {
        now += afterMs;
        const waitMs = window.take(tokens, limit, now);
        const leastMs = exactWaitMs(taken, tokens, limit, now);
        expect(waitMs).toBeGreaterThanOrEqual(leastMs);
        expect(waitMs).toBeLessThan(leastMs + 250);
        now += waitMs;
        if (waitMs > 0) expect(window.take(tokens, limit, now)).toBe(0);
        taken.push({ at: now, tokens });
      }
    }),
    { numRuns },
  );
});

test('a million requests in a minute are a limit like any other', () => {
  const window = new RateWindow();
  const limits = { requestsPerMinute: 1_000_000 };
  for (let count = 0; count < 1_000_000; count++) {
    if (window.take(1, limits, count * 0.05) !== 0) throw new Error('It should have had room.');
  }
  expect(window.take(1, limits, 50_000)).toBe(60_000 + 249.95 - 50_000);
  expect(window.read(60_300)).toEqual({ requests: 995_000, tokens: 995_000 });
  expect(window.read(120_000)).toEqual({ requests: 0, tokens: 0 });
});

test('a request larger than the limit goes alone', () => {
  const window = new RateWindow();
  const limits = { tokensPerMinute: 100 };
  expect([
    window.take(10, limits, 0),
    window.take(500, limits, 30_000),
    window.take(500, limits, 60_000),
    window.take(1, limits, 61_000),
    window.take(1, limits, 120_000),
  ]).toEqual([0, 30_000, 0, 59_000, 0]);
});

test('unused tokens make room at once, and more than expected count from when that is known', () => {
  const window = new RateWindow();
  const limits = { tokensPerMinute: 100 };
  window.take(80, limits, 0);
  window.settle(-50, 0, 10_000);
  expect(window.take(70, limits, 10_000)).toBe(0);
  window.settle(40, 10_000, 30_000);
  expect(window.read(30_000)).toEqual({ requests: 2, tokens: 140 });
  // The first 30 leave at 60 s, the 70 at 70 s, the 40 at 90 s.
  expect([60_000, 70_000, 90_000].map((now) => window.read(now).tokens)).toEqual([110, 40, 0]);
});

test('a correction for what has left the window takes nothing from what came later', () => {
  const window = new RateWindow();
  window.take(80, {}, 0);
  window.take(30, {}, 59_000);
  window.settle(-80, 0, 61_000);
  expect(window.read(61_000)).toEqual({ requests: 1, tokens: 30 });
});

test('a clock that is set back does not make anybody wait for the time it lost', () => {
  const window = new RateWindow();
  const limits = { requestsPerMinute: 1 };
  window.take(0, limits, 3_600_000);
  expect(window.take(0, limits, 0)).toBe(60_000);
  expect(window.take(0, limits, 60_000)).toBe(0);
});

interface Taken {
  at: number;
  tokens: number;
}

/** The same by plain counting: when enough has left the minute. */
function exactWaitMs(
  taken: readonly Taken[],
  tokens: number,
  { requestsPerMinute, tokensPerMinute }: { requestsPerMinute: number; tokensPerMinute: number },
  now: number,
): number {
  const moments = [now, ...taken.map(({ at }) => at + 60_000).filter((at) => at > now)];
  const free = moments.find((moment) => {
    const counted = taken.filter(({ at }) => at > moment - 60_000);
    const sum = counted.reduce((total, other) => total + other.tokens, 0);
    return counted.length < requestsPerMinute && sum + tokens <= tokensPerMinute;
  });
  return free! - now;
}
