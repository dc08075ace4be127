/** What may be asked of one key and model. Each is a whole number from 1. @default no limit */
export interface RateLimits {
  /** Requests in any 60 seconds. */
  requestsPerMinute?: number;
  /** Tokens in any 60 seconds, sent and received. A request that alone is larger goes when nothing else is counted. */
  tokensPerMinute?: number;
  /** Requests under way at the same time, in this process. */
  concurrency?: number;
  /** Calls that may wait for their turn; one more fails at once with `queue_full`. @default 1_000 */
  maxQueued?: number;
}

/**
 * Requests and tokens of the last 60 seconds, as a sliding window. Its memory is bounded however much is asked: entries that
 * lie within a quarter of a second share a place and leave together with the youngest, so that it errs on the side of waiting,
 * by at most that quarter.
 */
export class RateWindow {
  /** Oldest first. */
  readonly #entries: Entry[] = [];
  #requests = 0;
  #tokens = 0;

  /** Takes a place if there is room at `now`, in milliseconds; else says in how many there will be (0 = taken). */
  take(tokens: number, limits: RateLimits, now: number): number {
    const readyInMs = this.readyInMs(tokens, limits, now);
    if (readyInMs === 0) this.add(tokens, now);
    return readyInMs;
  }

  /** In how many milliseconds there is room for one more request of so many tokens; takes nothing. */
  readyInMs(
    tokens: number,
    { requestsPerMinute = Infinity, tokensPerMinute = Infinity }: RateLimits,
    now: number,
  ): number {
    this.#forget(now);
    let requests = this.#requests + 1 - requestsPerMinute;
    let excess = this.#tokens + Math.min(tokens, tokensPerMinute) - tokensPerMinute;
    let readyInMs = 0;
    for (const entry of this.#entries) {
      if (!(requests > 0 || excess > 0)) break;
      requests -= entry.requests;
      excess -= entry.tokens;
      readyInMs = entry.last + WINDOW_MS - now;
    }
    return readyInMs;
  }

  /** Counts a request, whether there is room for it or not. */
  add(tokens: number, now: number): void {
    this.#forget(now);
    const entry = this.#entryAt(now);
    entry.last = now;
    entry.requests++;
    entry.tokens += tokens;
    this.#requests++;
    this.#tokens += tokens;
  }

  /**
   * Corrects what was counted for a request taken at `takenAt`. Tokens that were not used are given back where they were
   * counted; more tokens than expected count from now on.
   */
  settle(correction: number, takenAt: number, now: number): void {
    if (correction === 0) return;
    this.#forget(now);
    const entry =
      correction > 0
        ? this.#entryAt(now)
        : this.#entries.find(({ first, last }) => first <= takenAt && takenAt <= last);
    if (!entry) return;
    const change = Math.max(correction, -entry.tokens);
    if (change > 0) entry.last = now;
    entry.tokens += change;
    this.#tokens += change;
  }

  /** What was asked in the last 60 seconds. */
  read(now: number): { requests: number; tokens: number } {
    this.#forget(now);
    return { requests: this.#requests, tokens: this.#tokens };
  }

  #entryAt(now: number): Entry {
    const youngest = this.#entries.at(-1);
    if (youngest && now - youngest.first < SHARED_MS) return youngest;
    const entry = { first: now, last: now, requests: 0, tokens: 0 };
    this.#entries.push(entry);
    return entry;
  }

  #forget(now: number): void {
    const entries = this.#entries;
    // A clock that was set back must not make us wait for the time it lost.
    for (let index = entries.length - 1; index >= 0 && entries[index]!.last > now; index--) {
      entries[index]!.last = now;
      entries[index]!.first = Math.min(entries[index]!.first, now);
    }
    let count = 0;
    for (; count < entries.length && entries[count]!.last + WINDOW_MS <= now; count++) {
      this.#requests -= entries[count]!.requests;
      this.#tokens -= entries[count]!.tokens;
    }
    if (count > 0) entries.splice(0, count);
  }
}

/** Requests that were taken within `SHARED_MS` of each other. */
interface Entry {
  first: number;
  last: number;
  requests: number;
  tokens: number;
}

const WINDOW_MS = 60_000;
const SHARED_MS = 250;
