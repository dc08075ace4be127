/**
 * Hands events from the loop to one consumer. Holds at most `capacity` before the loop is asked to wait, so that a slow consumer
 * slows the vendor down instead of filling memory.
 */
export class EventChannel<T> {
  readonly #capacity: number;
  #queue: T[] = [];
  #closed = false;
  #discarding = false;
  #isWide = false;
  #onEvent: (() => void) | undefined;
  #onRoom: (() => void) | undefined;

  constructor(capacity = 256) {
    this.#capacity = capacity;
  }

  /** True when events were thrown away because nobody took them. */
  get discarded(): boolean {
    return this.#discarding;
  }

  push(event: T): void {
    if (this.#closed || this.#discarding) return;
    this.#queue.push(event);
    this.#onEvent?.();
  }

  get isFull(): boolean {
    return this.#queue.length >= this.#capacity && !this.#closed && !this.#discarding;
  }

  /** Resolves when there is room for more. */
  room(): Promise<void> {
    if (!this.isFull || this.#isWide) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onRoom = resolve;
    });
  }

  /** From now on there is always room. */
  openWide(): void {
    this.#isWide = true;
    this.#onRoom?.();
  }

  /** Nobody will take events: drops what waits and what comes. */
  discard(): void {
    this.#discarding = true;
    this.#queue = [];
    this.#onRoom?.();
  }

  close(): void {
    this.#closed = true;
    this.#onEvent?.();
    this.#onRoom?.();
  }

  /** The events in order, until the channel is closed and empty. */
  async *events(): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const batch = this.#queue;
      this.#queue = [];
      this.#onRoom?.();
      yield* batch;
      if (this.#queue.length > 0) continue;
      if (this.#closed) return;
      await new Promise<void>((resolve) => {
        this.#onEvent = resolve;
      });
    }
  }
}
