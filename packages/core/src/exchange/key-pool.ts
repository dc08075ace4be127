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

/** Round robin over the keys, leaving out those that were refused or told to wait. */
export class RoundRobinKeys implements KeyPool {
  readonly secrets: readonly string[];
  readonly #keys: { key: PooledKey; parkedUntil: number; reason?: ErrorCode }[];
  readonly #clock: Clock;
  #next = 0;

  constructor(secrets: readonly string[], clock: Clock) {
    this.secrets = secrets;
    this.#clock = clock;
    const keys: PooledKey[] =
      secrets.length === 0
        ? [{ id: 'none', secret: undefined }]
        : secrets.map((secret, index) => ({ id: `key-${index + 1}`, secret }));
    this.#keys = keys.map((key) => ({ key, parkedUntil: 0 }));
  }

  /** The next ready key; when none is, the one that is ready first, so that the vendor itself says what is wrong. */
  take(): PooledKey {
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
    return best.key;
  }

  /** Parks the key when the failure is its own. Says whether another key is ready to try at once. */
  failed(key: PooledKey, error: AnyturnError): boolean {
    if (!keyBound.has(error.code)) return false;
    const entry = this.#keys.find((candidate) => candidate.key === key);
    const now = this.#clock.now();
    if (entry && (error.code !== 'rate_limit' || error.retryAfterMs !== undefined)) {
      entry.parkedUntil =
        error.retryAfterMs === undefined ? now + PARK_MS : now + error.retryAfterMs;
      entry.reason = error.code;
    }
    return this.#keys.some((other) => other.key !== key && other.parkedUntil <= now);
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

/** How long a refused key rests when the vendor names no time: long enough not to be asked in vain, short enough to notice a top-up. */
const PARK_MS = 300_000;
