import { AnyturnError, isAnyturnModel } from '@anyturn/core';
import type { ErrorCode } from '@anyturn/core';
import type { LanguageModelV4, LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { wrapLanguageModel } from 'ai';

/** Id of an empty text that marks where a restarted attempt begins among the parts of its step. */
export const RESTART_ID = 'anyturn-restart';

/**
 * Lets the SDK call the model again for a step whose answer was cut, once for each step (the SDK's own limit).
 * The SDK drops the step's text from its steps and history; the parts of the new attempt begin with an empty text of the id
 * `RESTART_ID`, by which the loop knows that what it told of the step is void.
 */
export class Restart {
  /** Why the last one was asked for. */
  reason: ErrorCode = 'stream_interrupted';
  #isDue = false;
  readonly #isAllowed: boolean;

  constructor(model: LanguageModelV4, isAllowed: boolean) {
    this.#isAllowed =
      isAllowed &&
      isAnyturnModel(model) &&
      (model.onCut === undefined || model.onCut === 'restart');
  }

  /** The answer of the SDK's `onError`: again, where the failure may pass. */
  request(error: unknown, signal: AbortSignal): { retry: true } | undefined {
    if (!this.#isAllowed || signal.aborted) return undefined;
    if (!AnyturnError.isInstance(error) || !error.retryable) return undefined;
    this.reason = error.code;
    this.#isDue = true;
    return { retry: true };
  }

  /** The model, with the beginning of restarted attempts marked. */
  watch(model: LanguageModelV4): LanguageModelV4 {
    return wrapLanguageModel({
      model,
      middleware: {
        specificationVersion: 'v4',
        wrapStream: async ({ doStream, params }) => {
          if (!this.#isDue) return doStream();
          this.#isDue = false;
          const { providerOptions } = params;
          const again = {
            ...params,
            // The exchange waits a moment before it, so that clients cut together do not return together.
            providerOptions: {
              ...providerOptions,
              anyturn: { ...providerOptions?.['anyturn'], restart: true },
            },
          };
          const { stream, ...rest } = await model.doStream(again);
          return { ...rest, stream: stream.pipeThrough(markStart()) };
        },
      },
    });
  }
}

/** Puts the mark after the `stream-start`, which has to come first. */
function markStart(): TransformStream<LanguageModelV4StreamPart, LanguageModelV4StreamPart> {
  let isMarked = false;
  return new TransformStream({
    transform(part, stream) {
      stream.enqueue(part);
      if (isMarked) return;
      isMarked = true;
      stream.enqueue({ type: 'text-start', id: RESTART_ID });
      stream.enqueue({ type: 'text-end', id: RESTART_ID });
    },
  });
}
