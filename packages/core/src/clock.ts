/** The passing of time, so that a test can hold it in its hand. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once after `ms`, never for `Infinity`; returns what cancels it. */
  after(ms: number, callback: () => void): () => void;
  /** Uniform in `[0, 1)`. */
  random(): number;
}

/** The time of this machine. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, callback) {
    if (ms === Infinity) return () => {};
    // A longer one would fire at once.
    const timer = setTimeout(callback, Math.min(ms, MAX_TIMER_MS));
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

const MAX_TIMER_MS = 2 ** 31 - 1;

/** Waits `ms`; an abort ends the wait at once and rejects with the signal's reason. */
export function wait(ms: number, clock: Clock, signal?: AbortSignal | null): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
