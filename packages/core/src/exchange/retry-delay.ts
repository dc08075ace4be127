import type { Clock } from '../clock.ts';

/** How often a failed call is tried again, and how long it may wait in between. */
export interface AttemptLimits {
  /** Attempts in all, the first included. @default 3 */
  readonly max: number;
  /** Average of the first jittered wait, which lies between 100 ms and twice this; doubled for each further one. @default 500 */
  readonly baseMs: number;
  /** Upper bound of any jittered wait. @default 8_000 */
  readonly maxDelayMs: number;
  /** Longest wait that a vendor may ask for by `Retry-After`; a longer one ends the call with `retryAfterMs`. @default 60_000 */
  readonly maxWaitMs: number;
}

export const defaultAttempts: AttemptLimits = {
  max: 3,
  baseMs: 500,
  maxDelayMs: 8_000,
  maxWaitMs: 60_000,
};

const FLOOR_MS = 100;

/** Full jitter: uniform between the floor and the bound, so that clients that failed together do not return together. */
export function jitteredDelayMs(attempt: number, limits: AttemptLimits, clock: Clock): number {
  const bound = Math.min(limits.maxDelayMs, limits.baseMs * 2 ** attempt);
  return Math.round(FLOOR_MS + clock.random() * Math.max(0, bound - FLOOR_MS));
}

/**
 * How long the vendor asked to wait, in milliseconds, at least 100; undefined when it did not say, or said nonsense.
 * Reads `retry-after-ms`, and `Retry-After` in seconds or as a date.
 */
export function retryAfterMs(headers: Headers, clock: Clock): number | undefined {
  const millis = toNumber(headers.get('retry-after-ms'));
  if (millis !== undefined) return Math.max(FLOOR_MS, millis);
  const value = headers.get('retry-after');
  const seconds = toNumber(value);
  if (seconds !== undefined) return Math.max(FLOOR_MS, seconds * 1000);
  // A date has letters; `Date.parse('-5')` is a date too, in the year 2001.
  if (value === null || !/[a-z]/i.test(value)) return undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(FLOOR_MS, date - clock.now());
}

function toNumber(value: string | null): number | undefined {
  if (value === null || !/^\s*\d+(\.\d+)?\s*$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}
