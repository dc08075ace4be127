import fc from 'fast-check';
import { expect, test } from 'vitest';
import { noUsage } from '../usage.ts';
import type { Usage } from '../usage.ts';
import { addCosts, costOf } from './cost.ts';
import type { Cost, Price } from './price.ts';

const numRuns = process.env['ANYTURN_TEST_FULL'] ? 10_000 : 1_000;
const at = new Date('2026-11-22T02:00:00Z'); // a Sunday
const source = { source: 'test', asOf: '2026-11-21' };

const flat: Price = {
  ...source,
  currency: 'CNY',
  tiers: [{ input: '1', cachedInput: '0.02', output: '4' }],
};

test('cached input, other input and output are each charged at their own price', () => {
  const usage = { ...noUsage, inputTokens: 1_000, cachedInputTokens: 400, outputTokens: 200 };
  // 600 × 1 + 400 × 0.02 + 200 × 4 = 1408 millionths
  expect(costOf(usage, flat, at)).toEqual(yuan('0.001408'));
});

test('cached input costs as much as other input where the vendor names no price for it', () => {
  const price: Price = { ...source, currency: 'USD', tiers: [{ input: '0.3', output: '1' }] };
  const usage = { ...noUsage, inputTokens: 10, cachedInputTokens: 7 };
  expect(costOf(usage, price, at)).toEqual({ ...yuan('0.000003'), currency: 'USD' });
});

test('amounts are exact where floats are not, and never in scientific notation', () => {
  const price = priced('0.1', '0.2');
  expect(costOf({ ...noUsage, inputTokens: 1, outputTokens: 1 }, price, at)).toEqual(
    yuan('0.0000003'),
  );
  expect(costOf({ ...noUsage, outputTokens: Number.MAX_SAFE_INTEGER }, price, at)).toEqual(
    yuan('1801439850.9481982'),
  );
  expect(costOf({ ...noUsage, inputTokens: 20_000_000 }, price, at)).toEqual(yuan('2'));
  expect(costOf({ ...noUsage, inputTokens: 5 }, priced('0', '0'), at)).toEqual(yuan('0'));
});

test('the length of the input chooses the tier for the whole call', () => {
  const price: Price = {
    ...source,
    currency: 'CNY',
    tiers: [
      { when: { inputTokensUpTo: 128_000, thinking: true }, input: '0.8', output: '8' },
      { when: { inputTokensUpTo: 128_000 }, input: '0.8', output: '2' },
      { input: '2.4', output: '20' },
    ],
  };
  const cost = (inputTokens: number, reasoningTokens = 0) =>
    costOf({ ...noUsage, inputTokens, outputTokens: 1_000, reasoningTokens }, price, at)?.amount;
  // 102,400 + 2,000, 102,400 + 8,000 and 307,202.4 + 20,000 millionths
  expect([cost(128_000), cost(128_000, 5), cost(128_001)]).toEqual([
    '0.1044',
    '0.1104',
    '0.3272024',
  ]);
});

test("the vendor's own clock chooses the tier by the hour", () => {
  const hours = {
    utcOffset: 8,
    days: [1, 2, 3, 4, 5],
    ranges: [[9, 12] as const, [14, 18] as const],
  };
  const price: Price = {
    ...source,
    currency: 'CNY',
    tiers: [
      { when: { hours }, input: '2', output: '8' },
      { input: '1', output: '4' },
    ],
  };
  const priceAt = (time: string) =>
    costOf({ ...noUsage, inputTokens: 1_000_000 }, price, new Date(time))?.amount;
  expect(priceAt('2026-11-23T00:59:59Z')).toBe('1'); // Monday 08:59 in Beijing
  expect(priceAt('2026-11-23T01:00:00Z')).toBe('2'); // 09:00
  expect(priceAt('2026-11-23T03:59:59Z')).toBe('2'); // 11:59
  expect(priceAt('2026-11-23T04:00:00Z')).toBe('1'); // 12:00
  expect(priceAt('2026-11-23T09:59:59Z')).toBe('2'); // 17:59
  expect(priceAt('2026-11-23T10:00:00Z')).toBe('1'); // 18:00
  expect(priceAt('2026-11-22T02:00:00Z')).toBe('1'); // Sunday 10:00
  expect(priceAt('2026-11-22T20:00:00Z')).toBe('1'); // already Monday in Beijing, 04:00
  expect(() => priceAt('no date')).toThrow(TypeError);
});

test('the cost of estimated tokens is estimated', () => {
  expect(costOf({ ...noUsage, estimated: true }, flat, at)?.estimated).toBe(true);
});

test('what is not known costs null, never nothing', () => {
  const narrow: Price = {
    ...flat,
    tiers: [{ when: { inputTokensUpTo: 10 }, input: '1', output: '1' }],
  };
  expect(costOf(noUsage, undefined, at)).toBeNull();
  expect(costOf({ ...noUsage, inputTokens: 11 }, narrow, at)).toBeNull();
  for (const odd of [Number.NaN, -1, 0.5, Infinity, 2 ** 60]) {
    expect(costOf({ ...noUsage, inputTokens: odd }, flat, at)).toBeNull();
    expect(costOf({ ...noUsage, outputTokens: odd }, flat, at)).toBeNull();
  }
});

test('more cached than input tokens count as all cached', () => {
  const usage = { ...noUsage, inputTokens: 100, cachedInputTokens: 900 };
  expect(costOf(usage, flat, at)).toEqual(yuan('0.000002'));
});

test.each(['', '-1', '1e3', '.5', '1.', '1,5', ' 1', 'NaN'])('the price %j is refused', (text) => {
  expect(() => costOf({ ...noUsage, inputTokens: 1 }, priced(text, '1'), at)).toThrow(TypeError);
});

test('costs add up, and an estimated part makes the sum estimated', () => {
  expect(addCosts(yuan('0.1'), { ...yuan('0.2'), estimated: true })).toEqual({
    ...yuan('0.3'),
    estimated: true,
  });
  expect(addCosts(yuan('0'), yuan('9.9999'))).toEqual(yuan('9.9999'));
});

test('a sum with an unknown part or with two currencies is unknown', () => {
  const dollars: Cost = { ...yuan('1'), currency: 'USD' };
  expect([
    addCosts(null, yuan('1')),
    addCosts(yuan('1'), null),
    addCosts(yuan('1'), dollars),
  ]).toEqual([null, null, null]);
});

test('the parts of a call cost together what the call costs', () => {
  const decimal = fc.tuple(fc.nat(999), fc.nat(9_999)).map(([a, b]) => `${a}.${b}`);
  const count = fc.nat(10_000_000);
  fc.assert(
    fc.property(
      decimal,
      decimal,
      decimal,
      count,
      count,
      count,
      (input, cachedInput, output, a, b, c) => {
        const price: Price = { ...flat, tiers: [{ input, cachedInput, output }] };
        const part = (usage: Partial<Usage>) => costOf({ ...noUsage, ...usage }, price, at);
        const whole = part({ inputTokens: a + b, cachedInputTokens: b, outputTokens: c });
        const parts = [
          part({ inputTokens: a }),
          part({ inputTokens: b, cachedInputTokens: b }),
          part({ outputTokens: c }),
        ].reduce(addCosts);
        expect(parts).toEqual(whole);
        expect(whole?.amount).toMatch(/^(0|[1-9]\d*)(\.\d*[1-9])?$/);
      },
    ),
    { numRuns },
  );
});

function priced(input: string, output: string): Price {
  return { ...source, currency: 'CNY', tiers: [{ input, output }] };
}

function yuan(amount: string): Cost {
  return { amount, currency: 'CNY', estimated: false };
}
