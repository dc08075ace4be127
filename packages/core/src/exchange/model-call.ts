import type { Clock } from '../clock.ts';
import { AnyturnError, toAnyturnError } from '../errors.ts';
import type { AnyturnErrorOptions } from '../errors.ts';
import type { CallContext, ModelEvent, ModelEventSink } from '../model-event.ts';
import type { Cost } from '../pricing/price.ts';
import { estimateTokens } from '../tokens/estimate-tokens.ts';
import type { Usage } from '../usage.ts';
import type { PooledKey } from './key-pool.ts';

interface CallSettings {
  callId: string;
  context: CallContext;
  provider: string;
  model: string;
  sinks: readonly ModelEventSink[];
  secrets: readonly string[];
  clock: Clock;
  costOf: (usage: Usage) => Cost | null;
}

interface OpenAttempt {
  attempt: number;
  keyId: string;
  startedAt: number;
}

/**
 * The record of one model call: which attempt is under way, what has arrived, what went wrong.
 * Sees to it that every attempt has exactly one start and one end.
 */
export class ModelCall {
  /** Number of attempts begun. */
  attempts = 0;
  /** Why the body of the last attempt ended early. */
  bodyError: AnyturnError | undefined;
  /** The request body as text; kept only to estimate its tokens when the vendor reports none. */
  requestBody = '';
  /** All that arrived, for an estimate of its tokens. */
  #received = '';
  #text = '';
  #open: OpenAttempt | undefined;
  readonly #settings: CallSettings;

  constructor(settings: CallSettings) {
    this.#settings = settings;
  }

  /** What every error of the present attempt carries. */
  get facts(): Partial<AnyturnErrorOptions> & { provider: string } {
    const { provider, model, secrets } = this.#settings;
    return { provider, model, secrets, ...(this.attempts > 0 && { attempt: this.attempts }) };
  }

  start(key: PooledKey): void {
    this.attempts++;
    this.#received = '';
    this.#text = '';
    this.#open = {
      attempt: this.attempts,
      keyId: key.id,
      startedAt: this.#settings.clock.now(),
    };
    this.#emit({ type: 'attempt-start', ...this.#attemptFacts(this.#open) });
  }

  /** Text, reasoning or tool input that reached the consumer. */
  received(kind: 'text' | 'other', delta: string): void {
    this.#received += delta;
    if (kind === 'text') this.#text += delta;
  }

  waiting(key: PooledKey, delayMs: number, error: AnyturnError): void {
    const next = { attempt: this.attempts + 1, keyId: key.id, startedAt: 0 };
    this.#emit({
      type: 'attempt-wait',
      ...this.#attemptFacts(next),
      delayMs,
      error: error.toJSON(),
    });
  }

  /** `reported` is what the vendor says the call cost, where it does. */
  finish(usage: Usage, reported: Cost | null): Cost | null {
    const cost = reported ?? this.#settings.costOf(usage);
    this.#end('finished', { usage, cost });
    return cost;
  }

  /** Ends the attempt with a typed error that carries what is known: where, which attempt, what had arrived. */
  fail(cause: unknown): AnyturnError {
    const known = toAnyturnError(cause, this.facts);
    const usage = this.#received === '' ? undefined : this.estimate();
    const error = new AnyturnError({
      ...this.facts,
      ...known.toJSON(),
      ...(known.cause !== undefined && { cause: known.cause }),
      ...(usage && { usage }),
      ...(this.#text !== '' && { partialText: this.#text }),
    });
    this.#end('failed', {
      error: error.toJSON(),
      ...(usage && { usage, cost: this.#settings.costOf(usage) }),
    });
    return error;
  }

  /** The caller went away. What was sent and received is estimated: the vendor will bill it. */
  abort(): void {
    if (!this.#open) return;
    const usage = this.estimate();
    this.#end('aborted', { usage, cost: this.#settings.costOf(usage) });
  }

  /** Token counts from the lengths of what was sent and received, for when the vendor tells none. */
  estimate(): Usage {
    const inputTokens = estimateTokens(this.requestBody);
    const outputTokens = estimateTokens(this.#received);
    return {
      inputTokens,
      cachedInputTokens: 0,
      outputTokens,
      reasoningTokens: 0,
      totalTokens: inputTokens + outputTokens,
      estimated: true,
    };
  }

  #end(
    outcome: 'finished' | 'failed' | 'aborted',
    rest: Pick<Extract<ModelEvent, { type: 'attempt-end' }>, 'usage' | 'cost' | 'error'>,
  ): void {
    const open = this.#open;
    if (!open) return;
    this.#open = undefined;
    const durationMs = this.#settings.clock.now() - open.startedAt;
    this.#emit({ type: 'attempt-end', ...this.#attemptFacts(open), outcome, durationMs, ...rest });
  }

  #attemptFacts({ attempt, keyId }: OpenAttempt) {
    const { provider, model } = this.#settings;
    return { attempt, provider, model, keyId };
  }

  #emit(event: DistributiveOmit<ModelEvent, 'callId' | 'context'>): void {
    const { callId, context, sinks } = this.#settings;
    for (const sink of sinks) {
      try {
        // The compiler cannot rejoin a spread union.
        const told: unknown = sink({ callId, context, ...event } as ModelEvent);
        if (told instanceof Promise) told.catch(() => {});
      } catch {
        // An observer must not break the call it observes.
      }
    }
  }
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
