import type { ErrorJson } from './errors.ts';
import type { Cost } from './pricing/price.ts';
import type { Usage } from './usage.ts';

/** What the caller wants back on the events of its calls: `providerOptions.anyturn`. Never sent to the vendor. */
export type CallContext = Readonly<Record<string, unknown>>;

/**
 * Something that happened while a model was called. Every attempt has one `attempt-start` and one
 * `attempt-end`, also when it failed or was aborted.
 */
export type ModelEvent = { callId: string; context: CallContext } & (
  | ({ type: 'attempt-start' } & AttemptFacts)
  /** An attempt is due after `delayMs`; `error` is why, when it is a retry. */
  | ({ type: 'attempt-wait'; delayMs: number; error?: ErrorJson } & AttemptFacts)
  | ({
      type: 'attempt-end';
      outcome: 'finished' | 'failed' | 'aborted';
      durationMs: number;
      /** What the vendor reported, or an estimate marked as one. */
      usage?: Usage;
      cost?: Cost | null;
      error?: ErrorJson;
    } & AttemptFacts)
  /** The call goes over to another model of the list, because of `error`. */
  | {
      type: 'failover';
      provider: string;
      model: string;
      from: { provider: string; model: string };
      error: ErrorJson;
    }
  /** Something in the vendor's answer was repaired, `count` times. */
  | ({ type: 'warning' } & CallWarning)
);

/** A repair of a vendor's answer: its stable name, a sentence about it, and how often it was made. */
export interface CallWarning {
  code: string;
  message: string;
  count: number;
}

interface AttemptFacts {
  /** From 1. */
  attempt: number;
  provider: string;
  model: string;
  /** Tells keys apart without showing them: `key-1`, `key-2`, … or `none`. */
  keyId: string;
}

/** Gets every event of a model's calls as it happens. What it throws is ignored. */
export type ModelEventSink = (event: ModelEvent) => void;
