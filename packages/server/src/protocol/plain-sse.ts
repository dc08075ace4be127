import type { AnyturnError, ErrorJson } from '@anyturn/core';
import type { RunEvent } from '@anyturn/runtime';

/**
 * One `data:` line of the plain protocol. `start` comes first, then `chunk`s, then exactly one `done` or
 * `error`. With `events: 'all'` the other run events come in between, under their own type names.
 * `seq` counts from 0 without gaps.
 */
export type PlainFrame = { type: string; seq: number } & Record<string, unknown>;

export interface PlainEncoder {
  /** The frame for an event, or undefined when the client did not ask for such events. */
  encode(event: RunEvent): PlainFrame | undefined;
  /** The frame for a failure that came without an event; undefined when the last frame was sent already. */
  fail(error: AnyturnError): PlainFrame | undefined;
}

export interface PlainEncoderOptions {
  /** Whether tool calls, reasoning, attempts, warnings and steps become frames. */
  events: 'text' | 'all';
  /** Whether `start` says that the demo model speaks. */
  demo: (modelId: string) => boolean;
  /** Why runs are being cut short, if they are. Told instead of `aborted`. */
  interruption?: () => AnyturnError | undefined;
}

/** Turns the events of one run into frames of the plain protocol. */
export function createPlainEncoder(options: PlainEncoderOptions): PlainEncoder {
  const { events, demo, interruption = () => undefined } = options;
  let seq = 0;
  let hasEnded = false;

  const frame = (type: string, fields: object): PlainFrame => ({ type, seq: seq++, ...fields });
  const end = (type: 'done' | 'error', fields: object): PlainFrame | undefined => {
    if (hasEnded) return undefined;
    hasEnded = true;
    return frame(type, fields);
  };

  return {
    encode(event) {
      switch (event.type) {
        case 'run-start': {
          const { runId, provider, model } = event;
          const isDemo = demo(model);
          const message = isDemo
            ? 'The offline demo answers: rules, not a language model.'
            : `${provider}/${model} answers.`;
          return frame('start', { message, runId, provider, model, ...(isDemo && { demo: true }) });
        }
        case 'text-delta':
          return event.text === '' ? undefined : frame('chunk', { content: event.text });
        case 'run-end': {
          const { runId, outcome, finishReason, usage, cost, attempts, durationMs } = event;
          const facts = { runId, usage, cost, attempts, durationMs };
          if (outcome !== 'aborted' && outcome !== 'failed') {
            const message = doneMessage(outcome, finishReason);
            return end('done', { message, outcome, finishReason, ...facts });
          }
          const error = interruption()?.toJSON() ?? event.error ?? unexplained(outcome);
          return end('error', { ...facts, ...error });
        }
        default: {
          if (events !== 'all') return undefined;
          const { type, seq: _seq, runId: _runId, ...fields } = event;
          return frame(type, fields);
        }
      }
    },
    fail: (error) => end('error', (interruption() ?? error).toJSON()),
  };
}

/** A frame as it goes over the wire: one `data:` line of JSON and a blank line. */
export function toRecord(frame: PlainFrame, options: { withId?: boolean } = {}): string {
  const id = options.withId ? `id: ${frame.seq}\n` : '';
  return `${id}data: ${toJson(frame)}\n\n`;
}

function doneMessage(outcome: string, finishReason: string): string {
  if (outcome === 'limit') return 'Stopped at a limit before the answer was complete.';
  if (outcome === 'paused') return 'Waiting for an approval.';
  if (finishReason === 'length') return 'Stopped at the limit of output tokens.';
  if (finishReason === 'content-filter') return "Stopped by the provider's content filter.";
  return 'Finished.';
}

function unexplained(outcome: 'aborted' | 'failed'): ErrorJson {
  if (outcome === 'aborted') {
    return { code: 'aborted', message: 'The run was aborted.', retryable: false };
  }
  return { code: 'internal', message: 'The run failed without a reason.', retryable: false };
}

function toJson(frame: PlainFrame): string {
  // Legal in JSON and in SSE, but line ends to the clients of some languages.
  return stringify(frame).replace(/[\u0085\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** What a tool returns may be no JSON; that must not cut the stream. */
function stringify(frame: PlainFrame): string {
  const bigIntToText = (_key: string, value: unknown): unknown =>
    typeof value === 'bigint' ? String(value) : value;
  try {
    return JSON.stringify(frame, bigIntToText);
  } catch {
    const { type, seq, step, toolCallId, toolName } = frame;
    return JSON.stringify({ type, seq, step, toolCallId, toolName, output: '[no JSON]' });
  }
}
