import type { Clock } from '../clock.ts';
import type { AnyturnError, ErrorCode } from '../errors.ts';

/** One of the keys of a provider. `id` may be shown; `secret` never. */
export interface PooledKey {
  readonly id: string;
  /** Undefined for a provider that needs none. */
  readonly secret: string | undefined;
}

export interface KeySnapshot {
  id: string;
  state: 'ready' | 'parked';
  /** Why it is parked. */
  reason?: ErrorCode;
  /** Milliseconds until it may be used again. */
  readyInMs?: number;
}

/** The keys of one provider, used in turn. */
export interface KeyPool {
  /** The state of each key, without secrets. */
  snapshot(): KeySnapshot[];
}

/** These end with the key, not with the call: another key may do better. */
const keyBound: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'auth',
  'balance',
  'forbidden',
  'rate_limit',
]);

/** Whether a failure is the key's own. */
export function isKeyBound({ code }: AnyturnError): boolean {
  return keyBound.has(code);
}

/** Round robin over the keys, leaving out those that were refused or told to wait. */
export class RoundRobinKeys implements KeyPool {
  readonly #keys: { key: PooledKey; parkedUntil: number; reason?: ErrorCode }[];
  readonly #clock: Clock;
  #next = 0;

  constructor(secrets: readonly string[], clock: Clock) {
    this.#clock = clock;
    const keys: PooledKey[] =
      secrets.length === 0
        ? [{ id: 'none', secret: undefined }]
        : secrets.map((secret, index) => ({ id: `key-${index + 1}`, secret }));
    this.#keys = keys.map((key) => ({ key, parkedUntil: 0 }));
  }

  /** The next ready key; when none is, the one that is ready first, with how long that takes. */
  take(): { key: PooledKey; readyInMs: number } {
    const now = this.#clock.now();
    const count = this.#keys.length;
    let best = this.#keys[this.#next % count]!;
    for (let offset = 0; offset < count; offset++) {
      const candidate = this.#keys[(this.#next + offset) % count]!;
      if (candidate.parkedUntil <= now) {
        best = candidate;
        break;
      }
      if (candidate.parkedUntil < best.parkedUntil) best = candidate;
    }
    this.#next = (this.#keys.indexOf(best) + 1) % count;
    return { key: best.key, readyInMs: Math.max(0, best.parkedUntil - now) };
  }

  /** Rests a key that was refused or told to wait. `backOffMs` is for a vendor that names no time to wait. */
  park(key: PooledKey, { code, retryAfterMs }: AnyturnError, backOffMs: number): void {
    const entry = this.#keys.find((candidate) => candidate.key === key);
    if (!entry) return;
    const restMs = retryAfterMs ?? (code === 'rate_limit' ? backOffMs : REFUSED_MS);
    entry.parkedUntil = this.#clock.now() + Math.min(restMs, MAX_REST_MS);
    entry.reason = code;
  }

  snapshot(): KeySnapshot[] {
    const now = this.#clock.now();
    return this.#keys.map(({ key, parkedUntil, reason }) =>
      parkedUntil <= now
        ? { id: key.id, state: 'ready' }
        : { id: key.id, state: 'parked', readyInMs: parkedUntil - now, ...(reason && { reason }) },
    );
  }
}

/** How long a refused key rests: long enough not to be asked in vain, short enough to notice a top-up. */
const REFUSED_MS = 300_000;
/** Some vendors name a time that is a mistake; after an hour a key is tried again. */
const MAX_REST_MS = 3_600_000;
