import type { Clock } from '../clock.ts';
import { AnyturnError } from '../errors.ts';
import { KeyState } from './key-state.ts';
import type { KeySnapshot, PooledKey } from './key-state.ts';
import { findObstacle, queueFull, refusal } from './obstacle.ts';
import type { Obstacle } from './obstacle.ts';
import { GuardedRateState } from './rate-state.ts';
import type { RateState } from './rate-state.ts';
import type { RateLimits } from './rate-window.ts';

export { isKeyBound } from './key-state.ts';
export type { KeySnapshot, PooledKey } from './key-state.ts';
export type { RateState } from './rate-state.ts';
export type { RateLimits } from './rate-window.ts';

export interface PoolSettings {
  /** None for a provider that needs no key. */
  secrets: readonly string[];
  clock: Clock;
  limits?: RateLimits;
  /** How long a call may wait for its turn. */
  maxWaitMs: number;
  /** `provider/model`, the first part of the ids in the `RateState`; never a secret. */
  scope: string;
  /** @default the memory of this process */
  rateState?: RateState;
  /** How long a refused key rests, in milliseconds. @default 300_000, or 1_000 for an only key */
  refusedMs?: number;
  /** What every error of the pool carries. */
  facts: { provider: string; model: string };
}

export interface TurnRequest {
  /** What the call is expected to use, sent and received. */
  tokens: number;
  /** An abort ends the wait at once, with the signal's reason. */
  signal?: AbortSignal | null;
  /** The key to take when it is free. */
  prefer?: PooledKey;
  /** @default the pool's `maxWaitMs` */
  maxWaitMs?: number;
  /** Called at most once, when the call has to wait for a time that is known. Must not throw. */
  onWait?: (delayMs: number, key: PooledKey) => void;
}

/** A place for one request with one key. */
export interface Lease {
  readonly key: PooledKey;
  readonly waitedMs: number;
  /** The vendor took the key: lets others use one that was refused before, without waiting for the end of this answer. */
  accepted(): void;
  /**
   * Gives the place back, the first time it is called; after a failure that is the key's, `park` it no later than in the same
   * turn of the event loop. The first call that names the `tokens` that were used corrects the estimate, also when the place was
   * given back before.
   */
  release(tokens?: number): void;
}

/**
 * Decides whether a request may go out now, and with which key. Keys are used in turn; those that were refused or told to wait
 * rest. After a refusal one call alone tries the key again. Limits hold for each key; who came first goes first, whatever
 * it needs.
 */
export class Pool {
  readonly #states: readonly KeyState[];
  readonly #settings: PoolSettings;
  readonly #clock: Clock;
  readonly #limits: RateLimits;
  readonly #store: GuardedRateState | undefined;
  /** Who waits, in the order of arrival. */
  readonly #turns = new Set<Turn>();
  #next = 0;
  #alarm: { at: number; cancel: () => void } | undefined;
  #isAsking = false;
  #mustServeAgain = false;

  /** @throws {AnyturnError} code `config` when a limit is no whole number from 1. */
  constructor(settings: PoolSettings) {
    const { secrets, clock, limits = {}, rateState } = settings;
    const { refusedMs = secrets.length === 1 ? ONLY_KEY_REFUSED_MS : REFUSED_MS } = settings;
    assertLimits(limits);
    this.#settings = settings;
    this.#clock = clock;
    this.#limits = limits;
    const isShared = (limits.requestsPerMinute ?? limits.tokensPerMinute) !== undefined;
    this.#store = rateState && isShared ? new GuardedRateState(rateState, clock) : undefined;
    this.#states =
      secrets.length === 0
        ? [new KeyState({ id: 'none', secret: undefined }, refusedMs)]
        : secrets.map(
            (secret, index) => new KeyState({ id: `key-${index + 1}`, secret }, refusedMs),
          );
  }

  /**
   * The key that comes next, without taking it, and in how many milliseconds it is ready. Looks at rests alone, not at limits or
   * at who waits.
   */
  peek(): { key: PooledKey; readyInMs: number } {
    this.#proveTrials();
    const now = this.#clock.now();
    const states = this.#inTurn();
    const ready = states.find((state) => state.restMs(now) === 0 && !state.isOnTrial);
    const first = ready ?? states.reduce((a, b) => (b.restMs(now) < a.restMs(now) ? b : a));
    return { key: first.key, readyInMs: first.restMs(now) };
  }

  /**
   * Waits for a turn, at most `maxWaitMs`. The lease must be released, whatever becomes of the request.
   *
   * @throws {AnyturnError} `keys_parked` when all keys rest for longer than that, at once; `rate_limit` when our own limits, or what the
   * vendor's headers leave, have no room in time; `queue_full`. All are retryable, with `retryAfterMs` where it is known.
   */
  acquire(request: TurnRequest): Promise<Lease> {
    const { signal, prefer } = request;
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.#proveTrials();
    const tokens = request.tokens > 0 && request.tokens < Infinity ? request.tokens : 0;
    if (this.#turns.size === 0 && !this.#store) {
      const now = this.#clock.now();
      const lease = this.#take(tokens, prefer, now, now);
      if (lease) return Promise.resolve(lease);
    }
    return new Promise((resolve, reject) => this.#enqueue(tokens, request, resolve, reject));
  }

  /** Rests a key that was refused or told to wait. `backOffMs` is for a vendor that names no time to wait. */
  park(key: PooledKey, error: AnyturnError, backOffMs: number): void {
    const now = this.#clock.now();
    this.#states.find((state) => state.key === key)?.park(error, backOffMs, now);
    const isRefused = (state: KeyState) =>
      state.restMs(now) > 0 && state.reason(now) !== 'rate_limit';
    // Who waited for the outcome of a trial has it now: waiting for the next one would only pile calls up.
    if (error.code !== 'rate_limit' && this.#states.every(isRefused)) {
      for (const turn of this.#turns) if (turn.deadline < Infinity) this.#refuse(turn);
    }
    this.#serve();
  }

  /** Reads what the headers of a response say about the limits of its key. Nothing of them is kept but numbers. */
  learn(key: PooledKey, headers: Headers): void {
    this.#states.find((state) => state.key === key)?.learn(headers, this.#clock.now());
    this.#serve();
  }

  /** The state of each key, without secrets. */
  snapshot(): KeySnapshot[] {
    this.#proveTrials();
    const now = this.#clock.now();
    return this.#states.map((state) => state.snapshot(now));
  }

  #enqueue(
    tokens: number,
    { signal, prefer, onWait, maxWaitMs = this.#settings.maxWaitMs }: TurnRequest,
    resolve: (lease: Lease) => void,
    reject: (reason: unknown) => void,
  ): void {
    const startedAt = this.#clock.now();
    const deadline = startedAt + maxWaitMs;
    let cancelDeadline: (() => void) | undefined;
    const onAbort = () => {
      this.#leave(turn);
      reject(signal?.reason);
      this.#serve();
    };
    const turn: Turn = {
      tokens,
      prefer,
      startedAt,
      deadline,
      onWait,
      resolve,
      reject,
      stop() {
        cancelDeadline?.();
        signal?.removeEventListener('abort', onAbort);
      },
    };
    const obstacle = this.#obstacle(turn, startedAt);
    if (isHopeless(obstacle, turn, startedAt)) return this.#refuse(turn, obstacle);
    const { maxQueued = MAX_QUEUED } = this.#limits;
    if (this.#turns.size >= maxQueued) return reject(queueFull(maxQueued, this.#settings.facts));
    this.#turns.add(turn);
    signal?.addEventListener('abort', onAbort, { once: true });
    const watch = (ms: number) => {
      cancelDeadline = this.#clock.after(ms, () => {
        if (!this.#turns.has(turn)) return;
        this.#serve();
        const left = turn.deadline - this.#clock.now();
        // Timers may be early; and who is being answered by the store gets that answer first.
        if (left > 0) watch(left);
        else if (this.#turns.has(turn) && !turn.isAsked) this.#refuse(turn);
      });
    };
    watch(maxWaitMs);
    this.#announce(turn, obstacle);
    this.#serve();
  }

  /** Lets go whoever may go, from the front. */
  #serve(): void {
    if (this.#turns.size === 0) return this.#wakeIn(Infinity);
    if (this.#store) return void this.#serveByStore(this.#store);
    for (const turn of this.#turns) {
      const lease = this.#take(turn.tokens, turn.prefer, turn.startedAt, this.#clock.now());
      if (lease) this.#let(turn, lease);
      else if (!this.#mustGo(turn)) return;
    }
    this.#wakeIn(Infinity);
  }

  /** The same, when a store has to be asked for each place. One at a time, so that none is given away twice. */
  async #serveByStore(store: GuardedRateState): Promise<void> {
    this.#mustServeAgain = true;
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      while (this.#mustServeAgain) {
        this.#mustServeAgain = false;
        for (const turn of this.#turns) {
          const lease = await this.#askFor(turn, store);
          if (lease) this.#let(turn, lease);
          else if (this.#turns.has(turn) && !this.#mustGo(turn)) break;
        }
      }
    } finally {
      this.#isAsking = false;
    }
    if (this.#turns.size === 0) this.#wakeIn(Infinity);
  }

  /** Handles a first in line that cannot go. Returns whether it left without a lease. */
  #mustGo(turn: Turn): boolean {
    const now = this.#clock.now();
    const obstacle = this.#obstacle(turn, now);
    if (isHopeless(obstacle, turn, now) || turn.deadline <= now) {
      this.#refuse(turn, obstacle);
      return true;
    }
    this.#wakeIn(obstacle.readyInMs);
    if (obstacle.isRestOfAll) {
      for (const other of this.#turns) {
        if (isHopeless(obstacle, other, now)) this.#refuse(other, obstacle);
      }
    }
    this.#announce(turn, obstacle);
    return false;
  }

  #let(turn: Turn, lease: Lease): void {
    this.#leave(turn);
    turn.resolve(lease);
  }

  /** By default for what keeps the first in line, since everybody waits for that. */
  #refuse(turn: Turn, obstacle?: Obstacle): void {
    const now = this.#clock.now();
    const [first = turn] = this.#turns;
    const { tokens } = obstacle ? turn : first;
    this.#leave(turn);
    turn.reject(
      refusal(obstacle ?? this.#obstacle(first, now), {
        states: this.#states,
        limits: this.#limits,
        tokens,
        now,
        facts: this.#settings.facts,
      }),
    );
  }

  #leave(turn: Turn): void {
    this.#turns.delete(turn);
    turn.stop();
  }

  #announce(turn: Turn, { readyInMs, first }: Obstacle): void {
    const { onWait } = turn;
    if (!onWait || readyInMs === 0 || readyInMs === Infinity) return;
    turn.onWait = undefined;
    onWait(readyInMs, first.key);
  }

  #wakeIn(ms: number): void {
    if (ms === Infinity && !this.#alarm) return;
    const at = this.#clock.now() + ms;
    if (this.#alarm?.at === at) return;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    if (ms === Infinity) return;
    const cancel = this.#clock.after(ms, () => {
      this.#alarm = undefined;
      this.#serve();
    });
    this.#alarm = { at, cancel };
  }

  /** All keys, the preferred one first, then in turn. */
  #inTurn(prefer?: PooledKey): KeyState[] {
    const states = [...this.#states.slice(this.#next), ...this.#states.slice(0, this.#next)];
    const preferred = prefer && states.findIndex(({ key }) => key === prefer);
    if (preferred !== undefined && preferred > 0) states.unshift(...states.splice(preferred, 1));
    return states;
  }

  #take(
    tokens: number,
    prefer: PooledKey | undefined,
    startedAt: number,
    now: number,
  ): Lease | undefined {
    const states = this.#states.length === 1 ? this.#states : this.#inTurn(prefer);
    const state = states.find(
      (candidate) =>
        this.#isFree(candidate, tokens, now) &&
        candidate.window.take(tokens, this.#limits, now) === 0,
    );
    return state && this.#lend(state, tokens, startedAt, now);
  }

  async #askFor(turn: Turn, store: GuardedRateState): Promise<Lease | undefined> {
    const { tokens, prefer, startedAt } = turn;
    for (const state of this.#inTurn(prefer)) {
      const askedAt = this.#clock.now();
      if (!this.#isFree(state, tokens, askedAt)) continue;
      if ((turn.askAgainAt?.get(state) ?? 0) > askedAt) continue;
      // The place is held while the store thinks, so that nobody else is told that it is free.
      state.inFlight++;
      turn.isAsked = true;
      const answer = await store.take(this.#idOf(state), tokens, this.#limits);
      turn.isAsked = false;
      state.inFlight--;
      const now = this.#clock.now();
      const readyInMs = answer ?? state.window.take(tokens, this.#limits, now);
      if (readyInMs > 0) {
        (turn.askAgainAt ??= new Map()).set(state, now + readyInMs);
        continue;
      }
      if (answer === 0) state.window.add(tokens, now);
      if (this.#turns.has(turn) && this.#isFree(state, tokens, now)) {
        return this.#lend(state, tokens, startedAt, now, askedAt);
      }
      // The caller left, or the key was parked meanwhile.
      this.#settle(state, -tokens, now, askedAt);
    }
    return undefined;
  }

  #isFree(state: KeyState, tokens: number, now: number): boolean {
    const { concurrency = Infinity } = this.#limits;
    return (
      state.inFlight < concurrency &&
      !state.isOnTrial &&
      state.restMs(now) === 0 &&
      state.vendorWaitMs(tokens, now) === 0
    );
  }

  #lend(state: KeyState, tokens: number, startedAt: number, now: number, askedAt = now): Lease {
    this.#next = (this.#states.indexOf(state) + 1) % this.#states.length;
    let isHeld = true;
    let isSettled = false;
    const lease: Lease = {
      key: state.key,
      waitedMs: now - startedAt,
      accepted: () => {
        state.prove(lease);
        this.#serve();
      },
      release: (used) => {
        if (isHeld) {
          isHeld = false;
          if (state.end(lease)) this.#awaitOutcome();
        }
        if (used !== undefined && used >= 0 && used < Infinity && !isSettled) {
          isSettled = true;
          this.#settle(state, used - tokens, now, askedAt);
        }
        this.#serve();
      },
    };
    state.begin(lease);
    return lease;
  }

  #settle(state: KeyState, correction: number, takenAt: number, askedAt: number): void {
    state.window.settle(correction, takenAt, this.#clock.now());
    this.#store?.settle(this.#idOf(state), correction, askedAt);
  }

  #idOf({ key }: KeyState): string {
    return `${this.#settings.scope}/${key.id}`;
  }

  /** Who gave a refused key back may park it in the next moment; those who wait for it wait for that too. */
  #awaitOutcome(): void {
    if (this.#turns.size === 0) return;
    this.#clock.after(0, () => {
      this.#proveTrials();
      this.#serve();
    });
  }

  #proveTrials(): void {
    for (const state of this.#states) state.prove();
  }

  #obstacle({ tokens, askAgainAt }: Turn, now: number): Obstacle {
    const { concurrency = Infinity } = this.#limits;
    const limitMs = (state: KeyState) =>
      this.#store
        ? Math.max(0, (askAgainAt?.get(state) ?? 0) - now)
        : state.window.readyInMs(tokens, this.#limits, now);
    return findObstacle(this.#states, { tokens, concurrency, now, limitMs });
  }
}

/** A call that waits. */
interface Turn {
  tokens: number;
  prefer: PooledKey | undefined;
  startedAt: number;
  deadline: number;
  onWait: TurnRequest['onWait'] | undefined;
  resolve: (lease: Lease) => void;
  reject: (reason: unknown) => void;
  /** Stops its timer and its listener. */
  stop: () => void;
  /** Whether the store is being asked for it. */
  isAsked?: boolean;
  /** When the store may be asked again for it, by key. */
  askAgainAt?: Map<KeyState, number>;
}

function isHopeless(
  { readyInMs, mayEndAnyTime }: Obstacle,
  { deadline }: Turn,
  now: number,
): boolean {
  return !mayEndAnyTime && readyInMs > deadline - now;
}

function assertLimits(limits: RateLimits): void {
  for (const [name, value] of Object.entries(limits)) {
    if (value === undefined || value === Infinity) continue;
    if (Number.isInteger(value) && value >= 1) continue;
    throw new AnyturnError({
      code: 'config',
      message: `limits.${name} must be a whole number from 1.`,
    });
  }
}

const MAX_QUEUED = 1_000;
/** Long enough not to ask in vain, short enough to notice a top-up. */
const REFUSED_MS = 300_000;
/** There is no other to take its place, and whoever mended it asks again at once. */
const ONLY_KEY_REFUSED_MS = 1_000;
