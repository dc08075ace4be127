import type { Clock } from '../clock.ts';
import type { AnyturnError, ErrorCode } from '../errors.ts';

interface CircuitBreakerOptions {
  /** Failures in a row that open it. @default 5 */
  failures?: number;
  /** How long it stays open at first, give or take a fifth; doubled for each time in a row. @default 30_000 */
  openMs?: number;
  /** Upper bound of that. @default 300_000 */
  maxOpenMs?: number;
}

/**
 * Remembers whether a vendor is ill, so that calls that have another model to go to need not find out one by one. Closed until
 * several calls in a row failed, then open for a while, then half-open: one call finds out for all.
 */
export class CircuitBreaker {
  readonly #clock: Clock;
  readonly #failures: number;
  readonly #openMs: number;
  readonly #maxOpenMs: number;
  /** Failures in a row while closed. */
  #failed = 0;
  /** Times in a row that it opened. */
  #opened = 0;
  #openUntil = 0;
  /** Until when nobody else is let in beside the call that finds out. */
  #trialUntil = 0;
  #reason: ErrorCode | undefined;

  constructor(
    clock: Clock,
    { failures = 5, openMs = 30_000, maxOpenMs = 300_000 }: CircuitBreakerOptions = {},
  ) {
    this.#clock = clock;
    this.#failures = failures;
    this.#openMs = openMs;
    this.#maxOpenMs = maxOpenMs;
  }

  /** Whether a call should go here. Half-open it lets one in, who then must report; for `maxOpenMs` at most it waits for that report. */
  admits(): boolean {
    if (this.#opened === 0) return true;
    const now = this.#clock.now();
    if (now < this.#openUntil || now < this.#trialUntil) return false;
    this.#trialUntil = now + this.#maxOpenMs;
    return true;
  }

  /** The vendor answers: closes it. */
  succeeded(): void {
    this.#failed = 0;
    this.#opened = 0;
    this.#trialUntil = 0;
    this.#reason = undefined;
  }

  /**
   * Counts what shows that the vendor is ill. Anything else (a limit, a key, a bad request) says nothing either way: the count stays,
   * and half-open the next call may find out.
   */
  failed(error: AnyturnError): void {
    const now = this.#clock.now();
    if (!showsIllness(error)) return this.abandoned();
    // Open already: calls that were under way, or had nowhere else to go.
    if (this.#opened > 0 && now < this.#openUntil) return;
    this.#failed++;
    if (this.#opened === 0 && this.#failed < this.#failures) return;
    this.#reason = error.code;
    this.#openUntil = now + this.#nextOpenMs();
    this.#opened++;
    this.#trialUntil = 0;
  }

  /** The call that was let in gave up without an answer either way, such as by an abort. */
  abandoned(): void {
    this.#trialUntil = 0;
  }

  /** Its state, for people. */
  snapshot(): { state: 'closed' | 'open' | 'half-open'; retryInMs?: number; reason?: ErrorCode } {
    if (this.#opened === 0) return { state: 'closed' };
    const retryInMs = this.#openUntil - this.#clock.now();
    const reason = this.#reason && { reason: this.#reason };
    return retryInMs > 0
      ? { state: 'open', retryInMs, ...reason }
      : { state: 'half-open', ...reason };
  }

  /** With jitter, so that processes that saw the same failure do not return together. */
  #nextOpenMs(): number {
    const jitter = 0.8 + 0.4 * this.#clock.random();
    return Math.min(this.#maxOpenMs, Math.round(this.#openMs * 2 ** this.#opened * jitter));
  }
}

function showsIllness({ code, httpStatus = 0 }: AnyturnError): boolean {
  return illness.has(code) || (code === 'bad_response' && httpStatus >= 500);
}

const illness: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'network',
  'timeout',
  'tls',
  'overloaded',
  'upstream_error',
  'stream_interrupted',
  'unavailable',
]);
