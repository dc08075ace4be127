import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRateHeaders } from './rate-headers.ts';
import type { VendorLimits } from './rate-headers.ts';

const numRuns = process.env['ANYTURN_TEST_FULL'] === '1' ? 10_000 : 500;
const now = Date.UTC(2026, 10, 23, 10, 0, 0);

test.each<[string, Record<string, string>, VendorLimits]>([
  [
    // Recorded 2026.
    'OpenAI',
    {
      'X-Ratelimit-Limit-Requests': '500',
      'X-Ratelimit-Limit-Tokens': '200000',
      'X-Ratelimit-Remaining-Requests': '499',
      'X-Ratelimit-Remaining-Tokens': '199987',
      'X-Ratelimit-Reset-Requests': '120ms',
      'X-Ratelimit-Reset-Tokens': '3ms',
    },
    {
      requests: { limit: 500, remaining: 499, resetAt: now + 120 },
      tokens: { limit: 200_000, remaining: 199_987, resetAt: now + 3 },
    },
  ],
  [
    // https://console.groq.com/docs/rate-limits, 2026-11-23: requests are per day, tokens per minute.
    'Groq',
    {
      'x-ratelimit-limit-requests': '14400',
      'x-ratelimit-limit-tokens': '18000',
      'x-ratelimit-remaining-requests': '14370',
      'x-ratelimit-remaining-tokens': '17997',
      'x-ratelimit-reset-requests': '2m59.56s',
      'x-ratelimit-reset-tokens': '7.66s',
    },
    {
      requests: { limit: 14_400, remaining: 14_370, resetAt: now + 179_560 },
      tokens: { limit: 18_000, remaining: 17_997, resetAt: now + 7_660 },
    },
  ],
  [
    // Recorded 2026.
    'Mistral',
    {
      'x-ratelimit-limit-tokens-minute': '5000000',
      'x-ratelimit-remaining-tokens-minute': '4999911',
      'x-ratelimit-tokens-query-cost': '52',
      'x-ratelimit-limit-req-minute': '720',
      'x-ratelimit-remaining-req-minute': '717',
    },
    {
      requests: { limit: 720, remaining: 717 },
      tokens: { limit: 5_000_000, remaining: 4_999_911 },
    },
  ],
  [
    // Its documentation of 2026-11.
    'Qianfan',
    {
      'X-Ratelimit-Limit-Requests': '60',
      'X-Ratelimit-Remaining-Requests': '0',
      'X-Ratelimit-Limit-Tokens': '150000',
      'X-Ratelimit-Remaining-Tokens': '149000',
    },
    { requests: { limit: 60, remaining: 0 }, tokens: { limit: 150_000, remaining: 149_000 } },
  ],
  [
    // https://www.kimi.com/help/kimi-api/api-rate-limits, 2026-11.
    'Moonshot',
    { 'X-RateLimit-Limit': '3', 'X-RateLimit-Remaining': '2', 'X-RateLimit-Reset': '20' },
    { requests: { limit: 3, remaining: 2, resetAt: now + 20_000 } },
  ],
  [
    'OpenRouter, whose reset is an epoch in milliseconds',
    {
      'X-RateLimit-Limit': '20',
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': `${now + 45_000}`,
    },
    { requests: { limit: 20, remaining: 0, resetAt: now + 45_000 } },
  ],
  [
    'a gateway with limits per minute and per day, of which the tighter counts',
    {
      'x-ratelimit-limit-tokens-per-day': '1000000',
      'x-ratelimit-remaining-tokens-per-day': '12',
      'x-ratelimit-reset-tokens-per-day': `${now / 1_000 + 3_600}`,
      'x-ratelimit-limit-tokens-per-minute': '10000',
      'x-ratelimit-remaining-tokens-per-minute': '9000',
      'x-ratelimit-reset-tokens-per-minute': `${now / 1_000 + 30}`,
    },
    { tokens: { limit: 1_000_000, remaining: 12, resetAt: now + 3_600_000 } },
  ],
  [
    // Sent until August 2026.
    'ModelScope',
    {
      'modelscope-ratelimit-requests-limit': '2000',
      'modelscope-ratelimit-requests-remaining': '1999',
      'modelscope-ratelimit-model-requests-limit': '500',
      'modelscope-ratelimit-model-requests-remaining': '499',
    },
    { requests: { limit: 500, remaining: 499 } },
  ],
  ['a vendor that sends only Retry-After with a good answer', { 'retry-after': '30' }, {}],
  ['a vendor that says nothing', { 'content-type': 'text/event-stream' }, {}],
])('the headers of %s are understood', (_, headers, limits) => {
  expect(readRateHeaders(new Headers(headers), now)).toEqual(limits);
});

test.each<[string, number]>([
  ['150ms', now + 150],
  ['2m59.56s', now + 179_560],
  ['6m0s', now + 360_000],
  ['1.5s', now + 1_500],
  ['1h2m3s', now + 3_723_000],
  ['1d', now + 86_400_000],
  ['0s', now],
  ['7', now + 7_000],
  ['33011.382867', now + 33_011_382.867],
  [`${now / 1_000 + 60}`, now + 60_000],
  [`${now + 60_000}`, now + 60_000],
  ['2026-11-23T10:01:00Z', now + 60_000],
  ['2026-11-23T18:01:00.000+08:00', now + 60_000],
  ['2026-11-23 10:01:00', now + 60_000],
  ['Mon, 23 Nov 2026 10:01:00 GMT', now + 60_000],
])('a reset of "%s" is a moment', (value, resetAt) => {
  const headers = new Headers({ 'x-ratelimit-reset': value });
  expect(readRateHeaders(headers, now)).toEqual({ requests: { resetAt } });
});

test.each([
  '',
  ' ',
  '-5',
  'soon',
  'NaN',
  '1e9',
  '5 minutes',
  '2026-99-99T99:99',
  's',
  '1m2',
  '0x10',
])('what makes no sense ("%s") is as if it were not there', (value) => {
  const headers = new Headers({
    'x-ratelimit-limit-requests': value,
    'x-ratelimit-remaining-requests': value,
    'x-ratelimit-reset-requests': value,
    'x-ratelimit-reset-tokens': value,
    'x-ratelimit-over-limit': 'no',
  });
  expect(readRateHeaders(headers, now)).toEqual({});
});

test('whatever the headers say, figures are counts and moments', () => {
  const name = fc.constantFrom(
    'x-ratelimit-limit',
    'x-ratelimit-remaining-requests',
    'x-ratelimit-reset-tokens',
    'ratelimit-reset-tokens-minute',
    'modelscope-ratelimit-requests-remaining',
    'x-ratelimit-',
    'x-ratelimit-reset-',
  );
  const value = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'0123456789.dhms:-TZ '.split('')) }),
    fc.string({ unit: fc.integer({ min: 33, max: 126 }).map((code) => String.fromCharCode(code)) }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 8 }), (pairs) => {
      for (const limit of Object.values(readRateHeaders(new Headers(pairs), now))) {
        for (const figure of Object.values(limit)) expect(figure).toSatisfy(isFigure);
      }
    }),
    { numRuns },
  );
});

function isFigure(figure: unknown): boolean {
  return typeof figure === 'number' && Number.isFinite(figure) && figure >= 0;
}
