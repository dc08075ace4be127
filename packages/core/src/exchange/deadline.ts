import type { Clock } from '../clock.ts';

/** One timer that is set anew for each wait of an attempt. When it runs out it calls back with the wait's name. */
export class Deadline {
  readonly #clock: Clock;
  readonly #onExpire: (waitingFor: string, ms: number) => void;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, onExpire: (waitingFor: string, ms: number) => void) {
    this.#clock = clock;
    this.#onExpire = onExpire;
  }

  get isSet(): boolean {
    return this.#cancel !== undefined;
  }

  /** Starts waiting; the wait before is over. */
  set(ms: number, waitingFor: string): void {
    this.clear();
    this.#cancel = this.#clock.after(ms, () => this.#onExpire(waitingFor, ms));
  }

  clear(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
