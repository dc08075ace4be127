import type { AnyturnError, ErrorCode } from '../errors.ts';
import { readRateHeaders } from './rate-headers.ts';
import type { VendorLimit } from './rate-headers.ts';
import { RateWindow } from './rate-window.ts';

/** One of the keys of a provider. `id` may be shown; `secret` never. */
export interface PooledKey {
  /** `key-1`, `key-2`, … or `none`. */
  readonly id: string;
  /** Undefined for a provider that needs none. */
  readonly secret: string | undefined;
}

/** The state of one key, without its secret. Times are in milliseconds from now. */
export interface KeySnapshot {
  id: string;
  state: 'ready' | 'parked';
  /** Why it is parked. */
  reason?: ErrorCode;
  /** When it may be used again; absent while a single call tries it after a refusal. */
  readyInMs?: number;
  /** Requests under way. */
  inFlight: number;
  /** Requests of this process in the last 60 seconds. */
  requestsLastMinute: number;
  /** Their tokens: estimated while a request is under way, then as used. */
  tokensLastMinute: number;
  /** What the vendor's headers said last. */
  learned?: { requests?: LearnedLimit; tokens?: LearnedLimit };
}

interface DatedLimit extends VendorLimit {
  /** Until when `remaining` keeps a call from going out. */
  countsUntil: number;
}

interface LearnedLimit {
  limit?: number;
  remaining?: number;
  resetInMs?: number;
}

/** These end with the key, not with the call: another key may do better. */
const refusals: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['auth', 'balance', 'forbidden']);

/** Whether a failure is the key's own. */
export function isKeyBound({ code }: AnyturnError): boolean {
  return code === 'rate_limit' || refusals.has(code);
}

/** What is known about one key: its rest, its trial after a refusal, its use, and what the vendor said of its limits. */
export class KeyState {
  readonly key: PooledKey;
  readonly window = new RateWindow();
  inFlight = 0;
  readonly #refusedMs: number;
  #restsUntil = 0;
  #reason: ErrorCode | undefined;
  /** Set from a refusal until one call has shown that the key works again. */
  #isUnproven = false;
  /** The lease of that call. */
  #trial: { lease: object; hasEnded: boolean } | undefined;
  #learned: { requests?: DatedLimit; tokens?: DatedLimit } = {};

  /** `refusedMs` is how long it rests after a refusal. */
  constructor(key: PooledKey, refusedMs: number) {
    this.key = key;
    this.#refusedMs = refusedMs;
  }

  /** Rests the key. `backOffMs` is for a limit whose end the vendor does not name. The longer of two rests counts. */
  park({ code, retryAfterMs }: AnyturnError, backOffMs: number, now: number): void {
    const isRefusal = refusals.has(code);
    // Without a key there is nothing that the vendor could have refused.
    if (isRefusal && this.key.secret === undefined) return;
    const restMs = retryAfterMs ?? (isRefusal ? this.#refusedMs : backOffMs);
    const until = now + Math.min(restMs, MAX_REST_MS);
    // A limit that is told while a refusal lasts does not take the refusal back; told to a trial it does.
    this.#isUnproven = isRefusal || (this.#isUnproven && this.#restsUntil > now);
    this.#trial = undefined;
    if (until < this.#restsUntil) return;
    this.#restsUntil = until;
    this.#reason = code;
  }

  /** Takes over what the headers say; what they leave out stays as it was. */
  learn(headers: Headers, now: number): void {
    const { requests, tokens } = readRateHeaders(headers, now);
    if (requests) this.#learned.requests = toDated(requests, now);
    if (tokens) this.#learned.tokens = toDated(tokens, now);
  }

  /** How long the key rests, for any call. */
  restMs(now: number): number {
    const { requests, tokens } = this.#learned;
    return Math.max(
      this.#restsUntil - now,
      requests?.remaining === 0 ? requests.countsUntil - now : 0,
      tokens?.remaining === 0 ? tokens.countsUntil - now : 0,
      0,
    );
  }

  /** How long a call of so many tokens waits for the vendor to have room for it, by its headers. */
  vendorWaitMs(tokens: number, now: number): number {
    const { remaining = Infinity, limit = Infinity, countsUntil = 0 } = this.#learned.tokens ?? {};
    // What is larger than the whole limit gains nothing by waiting for more than all of it.
    return remaining < Math.min(tokens, limit) ? Math.max(0, countsUntil - now) : 0;
  }

  /** Whether a call tries the key after a refusal, and its outcome is not known yet. */
  get isOnTrial(): boolean {
    return this.#trial !== undefined;
  }

  /** Counts a request under way; the first after a refusal is the trial. */
  begin(lease: object): void {
    this.inFlight++;
    if (this.#isUnproven) this.#trial = { lease, hasEnded: false };
  }

  /** Returns whether this ended the trial, so that its outcome is due: a good one unless the key is parked next. */
  end(lease: object): boolean {
    this.inFlight--;
    if (this.#trial?.lease !== lease) return false;
    this.#trial.hasEnded = true;
    return true;
  }

  /** The key works: as the vendor's answer to this lease shows, or, without one, as an ended trial does. */
  prove(lease?: object): void {
    if (!this.#trial) return;
    if (lease ? this.#trial.lease !== lease : !this.#trial.hasEnded) return;
    this.#trial = undefined;
    this.#isUnproven = false;
  }

  /** Why the key is not ready, for `restMs` or the trial. */
  reason(now: number): ErrorCode {
    const isOwn = this.#restsUntil > now || this.#trial !== undefined;
    return (isOwn && this.#reason) || 'rate_limit';
  }

  snapshot(now: number): KeySnapshot {
    const { requests, tokens } = this.window.read(now);
    const restMs = this.restMs(now);
    const isParked = restMs > 0 || this.isOnTrial;
    const learned = {
      ...(this.#learned.requests && { requests: toLearned(this.#learned.requests, now) }),
      ...(this.#learned.tokens && { tokens: toLearned(this.#learned.tokens, now) }),
    };
    return {
      id: this.key.id,
      state: isParked ? 'parked' : 'ready',
      ...(isParked && { reason: this.reason(now) }),
      ...(restMs > 0 && { readyInMs: restMs }),
      inFlight: this.inFlight,
      requestsLastMinute: requests,
      tokensLastMinute: tokens,
      ...(Object.keys(learned).length > 0 && { learned }),
    };
  }
}

/**
 * A limit without a reset tells nothing about the future. With one, some vendors mean the time until all of the limit is back, of which
 * the first request needs little: after a moment one may ask, and a refusal names the time that counts.
 */
function toDated(limit: VendorLimit, now: number): DatedLimit {
  return { ...limit, countsUntil: Math.min(limit.resetAt ?? 0, now + MAX_LEARNED_REST_MS) };
}

function toLearned({ limit, remaining, resetAt }: VendorLimit, now: number): LearnedLimit {
  return {
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(resetAt !== undefined && { resetInMs: Math.max(0, resetAt - now) }),
  };
}

/** How long headers alone keep a call waiting. */
const MAX_LEARNED_REST_MS = 5_000;
/** Some vendors name a time that is a mistake; after an hour a key is tried again. */
const MAX_REST_MS = 3_600_000;
