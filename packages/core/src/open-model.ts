import { OpenAICompatibleChatLanguageModel } from '@ai-sdk/openai-compatible';
import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
  LanguageModelV4Usage,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import { processEnv, resolveEndpoint } from './endpoint.ts';
import type { Endpoint, Environment, ModelInput } from './endpoint.ts';
import { AnyturnError } from './errors.ts';
import { classifyFailure, isErrorBody } from './exchange/classify-failure.ts';
import { exchange } from './exchange/exchange.ts';
import type { ExchangeSettings } from './exchange/exchange.ts';
import { RoundRobinKeys } from './exchange/key-pool.ts';
import type { KeyPool } from './exchange/key-pool.ts';
import { ModelCall } from './exchange/model-call.ts';
import { defaultAttempts } from './exchange/retry-delay.ts';
import type { AttemptLimits } from './exchange/retry-delay.ts';
import type { CallContext, ModelEventSink } from './model-event.ts';
import { costOf, toCost } from './pricing/cost.ts';
import type { Cost, Price } from './pricing/price.ts';
import type { Deadlines } from './provider.ts';
import { fromSdkUsage } from './usage.ts';
import type { Usage } from './usage.ts';

export interface OpenModelOptions {
  /** One key or several, used in turn. @default the variables named by the preset */
  apiKey?: string | readonly string[];
  /** Overrides the preset and the environment. */
  baseURL?: string;
  /** Extra headers of every request. One named `authorization` takes the place of the key. */
  headers?: Readonly<Record<string, string>>;
  /** What sends the requests. @default the global `fetch` */
  fetch?: typeof globalThis.fetch;
  /** How often a call is tried before its first content. @default { max: 3, baseMs: 500, maxDelayMs: 8_000, maxWaitMs: 60_000 } */
  attempts?: Partial<AttemptLimits>;
  /** How long each wait may take. @default { headersMs: 60_000, firstContentMs: 120_000, idleMs: 60_000, attemptMs: 600_000 }, or the preset's */
  deadlines?: Partial<Deadlines>;
  /** Gets every attempt of every call as it happens. */
  onEvent?: ModelEventSink;
  /** Where keys, base URLs and the default model are read from. @default `process.env` where there is one */
  env?: Environment;
  /** The passing of time, for tests. */
  clock?: Clock;
}

/** A language model of the AI SDK that keeps its promises: typed errors, deadlines, retries, keys in turn, usage always asked for. */
export interface AnyturnModel extends LanguageModelV4 {
  /** The provider's id, such as `deepseek`. */
  readonly provider: string;
  readonly modelId: string;
  /** The keys and their state, without secrets. */
  readonly pool: KeyPool;
  /** The same model with one more sink for its events; keys and their state are shared. */
  observe(sink: ModelEventSink): AnyturnModel;
}

/**
 * Opens a model of any OpenAI-compatible provider. Nothing is sent until it is called.
 *
 * Before the first content a failed call is tried again (network failures, 408, 409, 429, 5xx, deadlines), with full jitter and obeying
 * `Retry-After`; a refused key hands over to the next one. After it nothing is retried: the stream ends with one error part, an
 * `AnyturnError` that holds the partial text. An abort ends every wait at once and closes the socket.
 * The finish part carries `providerMetadata.anyturn = { provider, model, attempts, cost }`.
 *
 * The SDK must not retry on top of it: pass `maxRetries: 0` to `streamText` or `generateText`. (It would not anyway: it retries only its own errors.)
 *
 * @throws {AnyturnError} code `config` when the provider or region is unknown, a key is needed and none is found, or the base URL is malformed.
 */
export function openModel(model: ModelInput, options: OpenModelOptions = {}): AnyturnModel {
  const { apiKey, baseURL, headers, fetch, attempts, deadlines, onEvent } = options;
  const { env = processEnv(), clock = systemClock } = options;
  const endpoint = resolveEndpoint(model, { apiKey, baseURL, headers }, env);
  const keys = new RoundRobinKeys(endpoint.apiKeys, clock);
  return new ChatModel(
    endpoint,
    {
      // Read at each call, so that a `fetch` patched later is used.
      fetch: fetch ?? ((input, init) => globalThis.fetch(input, init)),
      keys,
      keyHint: `Set ${endpoint.provider.apiKeyEnv.join(' or ')}, or pass { apiKey }.`,
      attempts: mergeLimits('attempts', defaultAttempts, attempts),
      deadlines: mergeLimits(
        'deadlines',
        { ...defaultDeadlines, ...endpoint.provider.deadlines },
        deadlines,
      ),
      clock,
    },
    onEvent ? [onEvent] : [],
  );
}

/** A price that cannot be read must not take the answer along. */
function priceCall(usage: Usage, price: Price | undefined, now: number): Cost | null {
  try {
    return costOf(usage, price, new Date(now));
  } catch {
    return null;
  }
}

/** Defaults with what was given, where given; `undefined` counts as not given. */
function mergeLimits<T extends object>(name: string, defaults: T, given: Partial<T> = {}): T {
  const limits = { ...defaults };
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const isCount = key === 'max';
    if (
      typeof value !== 'number' ||
      !(value >= (isCount ? 1 : 0)) ||
      (isCount && value % 1 !== 0)
    ) {
      throw new AnyturnError({
        code: 'config',
        message: `${name}.${key} must be ${isCount ? 'a whole number from 1' : 'milliseconds from 0'}.`,
      });
    }
    Object.assign(limits, { [key]: value });
  }
  return limits;
}

export function isAnyturnModel(model: unknown): model is AnyturnModel {
  return typeof model === 'object' && model !== null && marker in model;
}

const marker = Symbol.for('anyturn.model');

const defaultDeadlines: Deadlines = {
  headersMs: 60_000,
  firstContentMs: 120_000,
  idleMs: 60_000,
  attemptMs: 600_000,
};

class ChatModel implements AnyturnModel {
  readonly specificationVersion = 'v4';
  readonly supportedUrls = {};
  readonly provider: string;
  readonly modelId: string;
  readonly [marker] = true;
  readonly #endpoint: Endpoint;
  readonly #settings: ExchangeSettings;
  readonly #sinks: readonly ModelEventSink[];

  constructor(endpoint: Endpoint, settings: ExchangeSettings, sinks: readonly ModelEventSink[]) {
    this.provider = endpoint.provider.id;
    this.modelId = endpoint.modelId;
    this.#endpoint = endpoint;
    this.#settings = settings;
    this.#sinks = sinks;
  }

  get pool(): KeyPool {
    return this.#settings.keys;
  }

  observe(sink: ModelEventSink): AnyturnModel {
    return new ChatModel(this.#endpoint, this.#settings, [...this.#sinks, sink]);
  }

  async doGenerate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    const call = this.#newCall(options);
    try {
      const result = await this.#sdkModel(call, false).doGenerate(options);
      const usage = fromSdkUsage(result.usage) ?? call.estimate();
      const providerMetadata = this.#metadata(
        result.providerMetadata,
        call,
        call.finish(usage, this.#reportedCost(result.usage)),
      );
      return { ...result, providerMetadata };
    } catch (error) {
      throw this.#toThrow(error, call, options.abortSignal);
    }
  }

  async doStream(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    const call = this.#newCall(options);
    try {
      const result = await this.#sdkModel(call, true).doStream(options);
      return { ...result, stream: this.#watchParts(result.stream, call, options.abortSignal) };
    } catch (error) {
      throw this.#toThrow(error, call, options.abortSignal);
    }
  }

  /** Keeps the books on the parts that pass: what arrived, how it ended. The first error is the last part but one. */
  #watchParts(
    parts: ReadableStream<LanguageModelV4StreamPart>,
    call: ModelCall,
    signal: AbortSignal | undefined,
  ): ReadableStream<LanguageModelV4StreamPart> {
    const reader = parts.getReader();
    return new ReadableStream<LanguageModelV4StreamPart>(
      {
        pull: async (stream) => {
          try {
            const { done, value: part } = await reader.read();
            if (done) return stream.close();
            switch (part.type) {
              case 'text-delta':
                call.received('text', part.delta);
                return stream.enqueue(part);
              case 'reasoning-delta':
              case 'tool-input-delta':
                call.received('other', part.delta);
                return stream.enqueue(part);
              case 'finish': {
                const usage = fromSdkUsage(part.usage) ?? call.estimate();
                const providerMetadata = this.#metadata(
                  part.providerMetadata,
                  call,
                  call.finish(usage, this.#reportedCost(part.usage)),
                );
                return stream.enqueue({ ...part, providerMetadata });
              }
              case 'error':
                stream.enqueue({
                  type: 'error',
                  error: call.fail(call.bodyError ?? this.#midStreamError(part.error, call)),
                });
                // What follows an error has a hole before it; it must not end as if nothing happened.
                stream.close();
                return await reader.cancel();
              default:
                return stream.enqueue(part);
            }
          } catch (error) {
            stream.error(this.#toThrow(error, call, signal));
          }
        },
        async cancel(reason) {
          call.abort();
          await reader.cancel(reason);
        },
      },
      { highWaterMark: 0 },
    );
  }

  /** A new instance for each call, so that its `fetch` knows which call it serves. */
  #sdkModel(call: ModelCall, streaming: boolean): OpenAICompatibleChatLanguageModel {
    const { provider, url, headers } = this.#endpoint;
    const { maxTokensField = 'max_tokens', transformRequestBody } = provider;
    return new OpenAICompatibleChatLanguageModel(this.modelId, {
      provider: provider.id,
      url: () => url,
      headers: () => headers,
      includeUsage: true,
      fetch: (_url, init = {}) => exchange(url, init, call, streaming, this.#settings),
      transformRequestBody: ({ max_tokens, ...rest }) => {
        const body = max_tokens === undefined ? rest : { ...rest, [maxTokensField]: max_tokens };
        return transformRequestBody ? transformRequestBody(body) : body;
      },
    });
  }

  #newCall({ providerOptions }: LanguageModelV4CallOptions): ModelCall {
    const price = this.#endpoint.provider.models?.[this.modelId]?.price;
    const { clock } = this.#settings;
    return new ModelCall({
      callId: globalThis.crypto.randomUUID(),
      context: (providerOptions?.['anyturn'] ?? {}) as CallContext,
      provider: this.provider,
      model: this.modelId,
      sinks: this.#sinks,
      secrets: this.#endpoint.secrets,
      clock,
      costOf: (usage) => priceCall(usage, price, clock.now()),
    });
  }

  #reportedCost({ raw }: LanguageModelV4Usage): Cost | null {
    const { reportedCost } = this.#endpoint.provider;
    return reportedCost ? toCost(raw?.[reportedCost.field], reportedCost.currency) : null;
  }

  #metadata(
    metadata: SharedV4ProviderMetadata | undefined,
    { attempts }: ModelCall,
    cost: ReturnType<ModelCall['finish']>,
  ): SharedV4ProviderMetadata {
    const { provider, modelId: model } = this;
    return { ...metadata, anyturn: { provider, model, attempts, cost: cost && { ...cost } } };
  }

  #toThrow(error: unknown, call: ModelCall, signal: AbortSignal | undefined): unknown {
    if (signal?.aborted) {
      call.abort();
      return signal.reason;
    }
    // Errors of the exchange are complete and already told.
    return AnyturnError.isInstance(error) ? error : call.fail(this.#unreadable(error, call));
  }

  /** An error part of the SDK: the vendor's own error object, or a chunk it could not read. */
  #midStreamError(error: unknown, call: ModelCall): AnyturnError {
    const { name, data, value, message } = (error ?? {}) as Record<string, unknown>;
    const said = [error, data, value].find(isErrorBody) ?? [{ error }].find(isVendorError);
    if (said !== undefined) return classifyFailure({ httpStatus: 0, body: said }, call.facts);
    if (name === 'AI_InvalidResponseDataError' && /finish reason/.test(String(message))) {
      return new AnyturnError({
        code: 'stream_interrupted',
        message: `${this.provider}: the stream ended without a finish reason; the answer may be incomplete. Ask again for the whole of it.`,
        ...call.facts,
      });
    }
    return this.#unreadable(error, call);
  }

  #unreadable(error: unknown, call: ModelCall): AnyturnError {
    const name = error instanceof Error ? error.name : typeof error;
    if (call.attempts === 0) {
      // Nothing was sent: the SDK could not put the request into this protocol.
      const message = `${this.provider}: the request cannot be sent: ${String((error as Error)?.message)}`;
      return new AnyturnError({ code: 'bad_request', message, ...call.facts });
    }
    return new AnyturnError({
      code: 'bad_response',
      message: `${this.provider}: sent something that is not the chat completions protocol (${name}). Check the base URL, or use another model.`,
      ...call.facts,
    });
  }
}

/** The SDK hands over the content of `error`, already taken out of its chunk. */
function isVendorError({ error }: { error: unknown }): boolean {
  if (typeof error === 'string') return true;
  return typeof error === 'object' && error !== null && !('stack' in error) && 'message' in error;
}
