import pRetry from 'p-retry';
import { wait } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { AnyturnError } from '../errors.ts';
import type { Deadlines } from '../provider.ts';
import { runAttempt } from './attempt.ts';
import type { RoundRobinKeys } from './key-pool.ts';
import type { ModelCall } from './model-call.ts';
import { jitteredDelayMs } from './retry-delay.ts';
import type { AttemptLimits } from './retry-delay.ts';

export interface ExchangeSettings {
  fetch: typeof globalThis.fetch;
  keys: RoundRobinKeys;
  attempts: AttemptLimits;
  deadlines: Deadlines;
  clock: Clock;
}

/**
 * One request to a good answer, as the `fetch` of one model call. Until the first content a failure that may pass is tried again,
 * on the next key where the failure was the key's; after it nothing is. The only retries there are.
 */
export async function exchange(
  url: string,
  init: RequestInit,
  call: ModelCall,
  streaming: boolean,
  { fetch, keys, attempts, deadlines, clock }: ExchangeSettings,
): Promise<Response> {
  const { signal } = init;
  if (typeof init.body === 'string') call.requestBody = init.body;
  let key = keys.take();
  let otherKeyReady = false;
  return pRetry(
    async () => {
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
          onBodyError: (error) => (call.bodyError = error),
        });
      } catch (error) {
        if (signal?.aborted) call.abort();
        if (!AnyturnError.isInstance(error)) throw error;
        otherKeyReady = keys.failed(key, error);
        throw call.fail(error);
      }
    },
    {
      retries: attempts.max - 1,
      // The wait is ours, below: p-retry knows no Retry-After and no full jitter.
      minTimeout: 0,
      ...(signal && { signal }),
      shouldRetry: async ({ error, attemptNumber }) => {
        if (!AnyturnError.isInstance(error) || !(error.retryable || otherKeyReady)) return false;
        const delayMs = otherKeyReady
          ? 0
          : (error.retryAfterMs ?? jitteredDelayMs(attemptNumber, attempts, clock));
        if (delayMs > attempts.maxWaitMs) return false;
        key = keys.take();
        call.waiting(key, delayMs, error);
        await wait(delayMs, clock, signal);
        return true;
      },
    },
  );
}

function withKey(headers: RequestInit['headers'], secret: string | undefined): Headers {
  const all = new Headers(headers);
  if (secret !== undefined) all.set('authorization', `Bearer ${secret}`);
  return all;
}
