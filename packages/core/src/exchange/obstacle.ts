import { AnyturnError } from '../errors.ts';
import type { KeyState } from './key-state.ts';
import type { RateLimits } from './rate-window.ts';

/** What keeps a call from going out now. */
export interface Obstacle {
  /** The first key to be free of it, and when: `Infinity` when nobody can tell, 0 when there is no obstacle. */
  first: KeyState;
  readyInMs: number;
  /** Whether a place may come free at any time before that. */
  mayEndAnyTime: boolean;
  /** Whether every key rests, so that it is the same for all calls. */
  isRestOfAll: boolean;
  by: 'rest' | 'trial' | 'vendor' | 'limit' | 'concurrency';
}

/** Looks at every key. `limitMs` tells how long a key waits for room within our own limits per minute. */
export function findObstacle(
  states: readonly KeyState[],
  call: { tokens: number; concurrency: number; now: number; limitMs: (state: KeyState) => number },
): Obstacle {
  const { tokens, concurrency, now, limitMs } = call;
  const all = states.map((state): Pick<Obstacle, 'first' | 'readyInMs' | 'by'> => {
    const first = state;
    const restMs = state.restMs(now);
    const vendorMs = state.vendorWaitMs(tokens, now);
    const ownMs = limitMs(state);
    const readyInMs = Math.max(restMs, vendorMs, ownMs);
    if (restMs > 0) return { first, readyInMs, by: 'rest' };
    if (state.isOnTrial) return { first, readyInMs: Infinity, by: 'trial' };
    if (state.inFlight >= concurrency) return { first, readyInMs: Infinity, by: 'concurrency' };
    return { first, readyInMs, by: vendorMs > ownMs ? 'vendor' : 'limit' };
  });
  const awake = all.filter(({ by }) => by !== 'rest' && by !== 'trial');
  return {
    ...earliest(all),
    // Of the keys that do not rest, what they lack is what the caller can change.
    by: earliest(awake.length > 0 ? awake : all).by,
    mayEndAnyTime: all.some(({ readyInMs }) => readyInMs === Infinity),
    isRestOfAll: awake.length === 0,
  };
}

function earliest<T extends { readyInMs: number }>(all: readonly T[]): T {
  return all.reduce((a, b) => (b.readyInMs < a.readyInMs ? b : a));
}

interface RefusalFacts {
  states: readonly KeyState[];
  limits: RateLimits;
  tokens: number;
  now: number;
  facts: { provider: string; model: string };
}

/** What a call fails with when its turn does not come in time. Nothing was sent. */
export function refusal(
  { by, readyInMs, mayEndAnyTime, isRestOfAll }: Obstacle,
  { states, limits, tokens, now, facts }: RefusalFacts,
): AnyturnError {
  const { provider } = facts;
  const when = mayEndAnyTime || readyInMs === 0 ? undefined : Math.ceil(readyInMs);
  if (isRestOfAll) {
    const retryAfterMs = when ?? TRIAL_MS;
    return new AnyturnError({
      code: 'keys_parked',
      message: `${provider}: no key may be used now: ${listOf(states, now)}. The first comes back in ${inSeconds(retryAfterMs)}. ${remedyOf(states, now)}`,
      retryAfterMs,
      ...facts,
    });
  }
  const words = `${provider}: ${wordsOf(by, limits, tokens)}`;
  const room = when === undefined ? '' : `; there is room in ${inSeconds(when)}`;
  const remedy = by === 'vendor' ? 'Wait until then' : 'Ask less often, raise the limits';
  return new AnyturnError({
    code: 'rate_limit',
    message: `${words}${room}. ${remedy}, or add another key.`,
    ...(when !== undefined && { retryAfterMs: when }),
    ...facts,
  });
}

/** What a call fails with when too many wait already. */
export function queueFull(
  waiting: number,
  facts: { provider: string; model: string },
): AnyturnError {
  return new AnyturnError({
    code: 'queue_full',
    message: `${facts.provider}: ${waiting} calls wait for their turn already. Ask less often, raise limits.maxQueued, or add another key.`,
    ...facts,
  });
}

function wordsOf(by: Obstacle['by'], limits: RateLimits, tokens: number): string {
  const { requestsPerMinute, tokensPerMinute, concurrency } = limits;
  if (by === 'vendor') {
    return `the vendor's headers leave fewer tokens than the ${Math.ceil(tokens)} or so that this call needs`;
  }
  if (by === 'concurrency') return `our own limit of ${concurrency} calls at a time left no place`;
  const set = [
    ...(requestsPerMinute === undefined ? [] : [`${requestsPerMinute} requests`]),
    ...(tokensPerMinute === undefined ? [] : [`${tokensPerMinute} tokens`]),
  ];
  return `our own limit of ${set.join(' and ')} per minute is reached`;
}

function listOf(states: readonly KeyState[], now: number): string {
  const named = states.slice(0, MAX_NAMED).map((state) => `${state.key.id} (${state.reason(now)})`);
  const more = states.length - named.length;
  return named.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** What a person can do about what keeps most keys from working. */
function remedyOf(states: readonly KeyState[], now: number): string {
  const reasons = new Set(states.map((state) => state.reason(now)));
  if (reasons.has('balance')) return 'Top up the account and wait until then, or add another key.';
  if (reasons.has('auth') || reasons.has('forbidden')) {
    return 'Check the keys and what they may do, or add another one.';
  }
  return 'Wait until then, or add another key.';
}

function inSeconds(ms: number): string {
  return `${Math.ceil(ms / 1_000)} s`;
}

const MAX_NAMED = 20;
/** Said of a key that one call tries at this moment. */
const TRIAL_MS = 1_000;
