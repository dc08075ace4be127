import type { Clock } from '../clock.ts';
import type { RateLimits } from './rate-window.ts';

/**
 * Where the windows of requests and tokens per minute live when several processes share keys. An `id` names one key and model,
 * such as `openai/gpt-5.5/key-1`, never by its secret: the processes must list their keys in the same order.
 *
 * A store that throws, answers nonsense or takes longer than 2 s fails open, and not without bounds: for the next 10 s each
 * process keeps to the limits by itself. `concurrency` and `maxQueued` are always of one process.
 */
export interface RateState {
  /**
   * Takes a place if there is room now, counting `tokens` for it; else says in how many milliseconds to ask again.
   * `0` means taken. One process asks for one place at a time.
   */
  take(
    id: string,
    request: { tokens: number; limits: RateLimits; now: number },
  ): number | Promise<number>;
  /**
   * Adds `tokens` (or takes them off, when negative) to what was counted for the place that was taken when `now` was
   * `takenAt`.
   */
  settle(
    id: string,
    correction: { tokens: number; takenAt: number; now: number },
  ): void | Promise<void>;
}

/** A foreign `RateState`, asked with a deadline and left alone for a while after it failed. */
export class GuardedRateState {
  readonly #state: RateState;
  readonly #clock: Clock;
  #restsUntil = 0;

  constructor(state: RateState, clock: Clock) {
    this.#state = state;
    this.#clock = clock;
  }

  /** As `RateState.take`; undefined when the store gave no answer. Never rejects. */
  async take(id: string, tokens: number, limits: RateLimits): Promise<number | undefined> {
    const now = this.#clock.now();
    if (now < this.#restsUntil) return undefined;
    let cancel: (() => void) | undefined;
    try {
      const late = new Promise<undefined>((resolve) => {
        cancel = this.#clock.after(ANSWER_MS, () => resolve(undefined));
      });
      const answer = await Promise.race([this.#state.take(id, { tokens, limits, now }), late]);
      // A time of less than a few milliseconds would make us ask in a loop.
      if (answer === 0) return 0;
      if (answer !== undefined && answer > 0 && answer < Infinity)
        return Math.max(MIN_WAIT_MS, answer);
    } catch {
      // Told below, by there being no answer.
    } finally {
      cancel?.();
    }
    this.#restsUntil = this.#clock.now() + REST_MS;
    return undefined;
  }

  /** As `RateState.settle`; what the store throws is ignored. */
  settle(id: string, tokens: number, takenAt: number): void {
    const now = this.#clock.now();
    if (tokens === 0 || now < this.#restsUntil) return;
    try {
      const told = this.#state.settle(id, { tokens, takenAt, now });
      if (told instanceof Promise) told.catch(() => {});
    } catch {
      // The estimate stays counted, which errs on the side of waiting.
    }
  }
}

const ANSWER_MS = 2_000;
const REST_MS = 10_000;
const MIN_WAIT_MS = 10;
