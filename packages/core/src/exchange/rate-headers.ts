/** What a vendor says about one of its limits. */
export interface VendorLimit {
  limit?: number;
  remaining?: number;
  /** When `limit` is available again, in milliseconds since the epoch. */
  resetAt?: number;
}

/** The tightest limit that a vendor names, on requests and on tokens. */
export interface VendorLimits {
  requests?: VendorLimit;
  tokens?: VendorLimit;
}

/**
 * Reads the rate-limit headers of a response, successful or not; what cannot be read is as if it were not there. `Retry-After`
 * is no part of it: some vendors send it with good answers too (Hugging Face's router).
 *
 * Known forms: `x-ratelimit-{limit,remaining,reset}-{requests,tokens}` (OpenAI, Groq), the same with a period such as
 * `-tokens-minute` or `-req-minute` (Mistral, Cerebras) and without a reset (Qianfan), `X-RateLimit-{Limit,Remaining,Reset}`
 * (Moonshot, OpenRouter), `modelscope-ratelimit-{requests,model-requests}-{limit,remaining}` (until August 2026).
 * Sources: recorded answers and the vendors' pages, read 2026-11-23.
 */
export function readRateHeaders(headers: Headers, now: number): VendorLimits {
  // A vendor may name several: per minute and per day, of the account and of the model.
  const named = new Map<string, VendorLimit>();
  for (const [name, value] of headers) {
    if (!name.includes('ratelimit-')) continue;
    const known = nameOf(name);
    if (!known) continue;
    const { of, figure } = known;
    const number = figure === 'reset' ? parseReset(value, now) : parseCount(value);
    if (number === undefined) continue;
    const limit = named.get(of) ?? {};
    limit[figure === 'reset' ? 'resetAt' : figure] = number;
    named.set(of, limit);
  }
  const limits: VendorLimits = {};
  for (const [of, limit] of named) {
    const kind = of.includes('token') ? 'tokens' : 'requests';
    const known = limits[kind];
    if (!known || isTighter(limit, known)) limits[kind] = limit;
  }
  return limits;
}

type Figure = 'limit' | 'remaining' | 'reset';

/** `x-ratelimit-remaining-tokens-minute` tells the figure first, `modelscope-ratelimit-requests-limit` last. */
function nameOf(name: string): { of: string; figure: Figure } | undefined {
  const [, first, of = ''] = FIGURE_FIRST.exec(name) ?? [];
  if (first !== undefined) return { of, figure: first as Figure };
  const [, before, last] = FIGURE_LAST.exec(name) ?? [];
  return before !== undefined && last !== undefined
    ? { of: before, figure: last as Figure }
    : undefined;
}

const FIGURE_FIRST = /^(?:x-)?ratelimit-(limit|remaining|reset)(?:-(.+))?$/;
const FIGURE_LAST = /^modelscope-ratelimit-(.+)-(limit|remaining)$/;

function isTighter(a: VendorLimit, b: VendorLimit): boolean {
  const [left, right] = [a.remaining ?? Infinity, b.remaining ?? Infinity];
  return left === right ? (a.resetAt ?? 0) > (b.resetAt ?? 0) : left < right;
}

function parseCount(value: string): number | undefined {
  return /^\s*\d{1,15}(?:\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
}

/**
 * A moment in milliseconds since the epoch, from `150ms`, `6m0s`, `1.5s`, a plain number (seconds from now, or an epoch in
 * seconds or milliseconds, told apart by size) or a date.
 */
function parseReset(value: string, now: number): number | undefined {
  const text = value.trim();
  const number = parseCount(text);
  if (number !== undefined) {
    if (number >= FIRST_EPOCH_MS) return number;
    return number >= FIRST_EPOCH_S ? number * 1_000 : now + number * 1_000;
  }
  const duration = DURATION.exec(text);
  if (duration) return now + toMs(duration.slice(1));
  if (!DATE.test(text)) return undefined;
  // A date without a zone would be read as local time, whatever the vendor's is.
  const date = Date.parse(ISO_WITHOUT_ZONE.test(text) ? `${text.replace(' ', 'T')}Z` : text);
  return Number.isNaN(date) ? undefined : date;
}

/** Larger than any time to wait in seconds: an epoch of 2001. */
const FIRST_EPOCH_S = 1e9;
/** Larger than any epoch in seconds: an epoch of 1973 in milliseconds. */
const FIRST_EPOCH_MS = 1e11;

const NUMBER = String.raw`(\d{1,9}(?:\.\d{1,9})?)`;
const DURATION = new RegExp(
  `^(?=.)(?:${NUMBER}d)?(?:${NUMBER}h)?(?:${NUMBER}m(?!s))?(?:${NUMBER}s)?(?:${NUMBER}ms)?$`,
);
const UNITS_MS = [86_400_000, 3_600_000, 60_000, 1_000, 1] as const;

function toMs(counts: (string | undefined)[]): number {
  return UNITS_MS.reduce((sum, unit, index) => sum + Number(counts[index] ?? 0) * unit, 0);
}

const DATE = /^(?:\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}|[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} )/;
const ISO_WITHOUT_ZONE = /^\d{4}-\d{2}-\d{2}[T ][\d:.]+$/;
