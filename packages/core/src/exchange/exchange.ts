import pRetry from 'p-retry';
import { wait } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { AnyturnError } from '../errors.ts';
import type { Deadlines } from '../provider.ts';
import { runAttempt } from './attempt.ts';
import { isKeyBound } from './key-pool.ts';
import type { PooledKey, RoundRobinKeys } from './key-pool.ts';
import type { ModelCall } from './model-call.ts';
import { jitteredDelayMs } from './retry-delay.ts';
import type { AttemptLimits } from './retry-delay.ts';

export interface ExchangeSettings {
  fetch: typeof globalThis.fetch;
  keys: RoundRobinKeys;
  attempts: AttemptLimits;
  deadlines: Deadlines;
  clock: Clock;
  /** What to do when a key is missing. */
  keyHint: string;
}

/**
 * One request to a good answer, as the `fetch` of one model call. Until the first content a failure that may pass is tried again,
 * on the next key where the failure was the key's; after it nothing is. The only retries there are.
 *
 * Handing over to a key that this call has not tried costs no wait and none of the attempts.
 */
export async function exchange(
  url: string,
  init: RequestInit,
  call: ModelCall,
  streaming: boolean,
  settings: ExchangeSettings,
): Promise<Response> {
  const { fetch, keys, attempts, deadlines, clock } = settings;
  const { signal } = init;
  if (typeof init.body === 'string') call.requestBody = init.body;
  const tried = new Set<PooledKey>();
  let next = { ...keys.take(), isHandover: false };
  let failures = 0;

  return pRetry(
    async () => {
      const { key } = next;
      tried.add(key);
      call.start(key);
      try {
        return await runAttempt({
          url,
          init: { ...init, headers: withKey(init.headers, key.secret) },
          fetch,
          streaming,
          deadlines,
          clock,
          facts: call.facts,
          keyHint: key.secret === undefined ? settings.keyHint : undefined,
          onBodyError: (error) => (call.bodyError = error),
        });
      } catch (error) {
        if (signal?.aborted) call.abort();
        if (!AnyturnError.isInstance(error)) throw error;
        const backOffMs = jitteredDelayMs(++failures, attempts, clock);
        next = afterFailure(error, key, backOffMs, tried, keys);
        throw call.fail(error);
      }
    },
    {
      retries: attempts.max - 1,
      // The wait is ours, below: p-retry knows no Retry-After and no full jitter.
      minTimeout: 0,
      ...(signal && { signal }),
      shouldConsumeRetry: () => !next.isHandover,
      shouldRetry: async ({ error }) => {
        if (!AnyturnError.isInstance(error) || !(error.retryable || next.isHandover)) return false;
        if (next.readyInMs > attempts.maxWaitMs) return false;
        call.waiting(next.key, next.readyInMs, error);
        if (next.readyInMs > 0) await wait(next.readyInMs, clock, signal);
        return true;
      },
    },
  );
}

/** Which key comes next, and when. */
function afterFailure(
  error: AnyturnError,
  key: PooledKey,
  backOffMs: number,
  tried: ReadonlySet<PooledKey>,
  keys: RoundRobinKeys,
): { key: PooledKey; readyInMs: number; isHandover: boolean } {
  if (isKeyBound(error)) {
    keys.park(key, error, backOffMs);
    const next = keys.take();
    return { ...next, isHandover: next.readyInMs === 0 && !tried.has(next.key) };
  }
  const next = keys.take();
  const readyInMs = Math.max(next.readyInMs, error.retryAfterMs ?? backOffMs);
  return { key: next.key, readyInMs, isHandover: false };
}

/** A caller that brings its own `authorization` keeps it. */
function withKey(headers: RequestInit['headers'], secret: string | undefined): Headers {
  const all = new Headers(headers);
  if (secret !== undefined && !all.has('authorization')) {
    all.set('authorization', `Bearer ${secret}`);
  }
  return all;
}
