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
import { CircuitBreaker } from './exchange/circuit-breaker.ts';
import { exchange } from './exchange/exchange.ts';
import type { ExchangeSettings } from './exchange/exchange.ts';
import { canFailOver } from './exchange/failover.ts';
import { ModelCall } from './exchange/model-call.ts';
import type { CallTarget } from './exchange/model-call.ts';
import { Pool } from './exchange/pool.ts';
import type { KeySnapshot, RateLimits, RateState } from './exchange/pool.ts';
import { defaultAttempts } from './exchange/retry-delay.ts';
import type { AttemptLimits } from './exchange/retry-delay.ts';
import type { Meter } from './meter.ts';
import type { CallContext, ModelEventSink } from './model-event.ts';
import { costOf, toCost } from './pricing/cost.ts';
import type { Cost, Price } from './pricing/price.ts';
import type { Deadlines } from './provider.ts';
import { addToSdkUsage, fromSdkUsage } from './usage.ts';
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
  /**
   * What to do with an answer that is cut after its first content. `continue`: let the vendor go on from the text where it is known
   * to be able to. `restart`: let `agent.run` ask again, dropping the text of the step. `fail`: end with an error that holds the partial
   * text. Elsewhere than in `agent.run` a restart is a failure.
   *
   * @default continue where possible, else restart
   */
  onCut?: OnCut;
  /** Makes every repair of a vendor's answer an error `bad_response` instead of a warning. @default false */
  strict?: boolean;
  /** How often each model is tried before its first content. @default { max: 3, baseMs: 500, maxDelayMs: 8_000, maxWaitMs: 60_000 } */
  attempts?: Partial<AttemptLimits>;
  /** How long each wait may take. @default { headersMs: 60_000, firstContentMs: 120_000, idleMs: 60_000, attemptMs: 600_000 }, or the preset's */
  deadlines?: Partial<Deadlines>;
  /** What may be asked of each key and model; more waits in a fair queue. @default no limits but those that the vendor's headers tell */
  limits?: RateLimits;
  /** Where the state of the limits lives, for several processes that share keys. @default the memory of this process */
  rateState?: RateState;
  /** Records every attempt of every call. */
  meter?: Meter;
  /** Gets every attempt of every call as it happens. */
  onEvent?: ModelEventSink;
  /** Where keys, base URLs and the default model are read from. @default `process.env` where there is one */
  env?: Environment;
  /** The passing of time, for tests. */
  clock?: Clock;
}

export type OnCut = 'continue' | 'restart' | 'fail';

/** A language model of the AI SDK that keeps its promises: typed errors, deadlines, retries, keys in turn, usage always asked for. */
export interface AnyturnModel extends LanguageModelV4 {
  /** The provider's id, such as `deepseek`; of several models, that of the first. */
  readonly provider: string;
  readonly modelId: string;
  /** The keys and their state, without secrets. */
  readonly pool: ModelPool;
  /** What was asked for; undefined for the default. */
  readonly onCut: OnCut | undefined;
  /** The same model with one more sink for its events; keys and their state are shared. */
  observe(sink: ModelEventSink): AnyturnModel;
}

export interface ModelPool {
  /** Every key of every model, without secrets. */
  snapshot(): (KeySnapshot & { provider: string; model: string })[];
}

/**
 * Opens a model of any OpenAI-compatible provider, or several in the order of preference. Nothing is sent until it is called.
 *
 * Before the first content a failed call is tried again (network failures, 408, 409, 429, 5xx, deadlines), with full jitter and obeying
 * `Retry-After`; a refused key hands over to the next one, and a model that cannot answer to the next model. A request that no model
 * would take (`bad_request`, `content_filter`) goes nowhere; one that is too long goes to a larger window. After the first content a
 * cut answer is continued where the vendor can (`onCut`); else the stream ends with one error part, an `AnyturnError` that holds
 * the partial text. An abort ends every wait at once and closes the socket.
 *
 * The finish part carries `providerMetadata.anyturn = { provider, model, attempts, warnings, cost }`: who answered, after how many attempts,
 * what was repaired, and what all attempts together cost.
 *
 * The SDK must not retry on top of it: pass `maxRetries: 0` to `streamText` or `generateText`. (It would not anyway: it retries only its own errors.)
 *
 * @throws {AnyturnError} code `config` when the provider or region is unknown, a key is needed and none is found, or the base URL is malformed.
 */
export function openModel(
  model: ModelInput | readonly ModelInput[],
  options: OpenModelOptions = {},
): AnyturnModel {
  const { meter, onEvent, onCut } = options;
  const inputs = isList(model) ? model : [model];
  const breakers = new Map<string, CircuitBreaker>();
  const targets = inputs.map((input) => openTarget(input, options, breakers));
  const [first] = targets;
  if (!first) {
    throw new AnyturnError({
      code: 'config',
      message: 'The list of models is empty. Name at least one, such as "deepseek".',
    });
  }
  assertOwnKeys(targets, options);
  const sinks = [...new Set([...(meter ? [meter.record] : []), ...(onEvent ? [onEvent] : [])])];
  return new ChatModel([first, ...targets.slice(1)], sinks, onCut);
}

/** One model of the list: where it is, and everything that is kept about it between calls. */
interface Target {
  endpoint: Endpoint;
  settings: ExchangeSettings;
  breaker: CircuitBreaker;
  clock: Clock;
}

function openTarget(
  input: ModelInput,
  options: OpenModelOptions,
  breakers: Map<string, CircuitBreaker>,
): Target {
  const {
    apiKey,
    baseURL,
    headers,
    fetch,
    limits = {},
    rateState,
    onCut,
    strict = false,
  } = options;
  const { env = processEnv(), clock = systemClock } = options;
  const endpoint = resolveEndpoint(input, { apiKey, baseURL, headers }, env);
  const { provider, modelId } = endpoint;
  const attempts = mergeLimits('attempts', defaultAttempts, options.attempts);
  const vendor = `${provider.id} ${new URL(endpoint.url).origin}`;
  const breaker = breakers.get(vendor) ?? new CircuitBreaker(clock);
  breakers.set(vendor, breaker);
  return {
    endpoint,
    breaker,
    clock,
    settings: {
      // Read at each call, so that a `fetch` patched later is used.
      fetch: fetch ?? ((url, init) => globalThis.fetch(url, init)),
      pool: new Pool({
        secrets: endpoint.apiKeys,
        clock,
        limits,
        maxWaitMs: attempts.maxWaitMs,
        scope: `${provider.id}/${modelId}`,
        ...(rateState && { rateState }),
        facts: { provider: provider.id, model: modelId },
      }),
      keyHint: `Set ${provider.apiKeyEnv.join(' or ')}, or pass { apiKey }.`,
      attempts,
      deadlines: mergeLimits(
        'deadlines',
        { ...defaultDeadlines, ...provider.deadlines },
        options.deadlines,
      ),
      clock,
      strict,
      continues: onCut === undefined || onCut === 'continue',
      preset: provider,
    },
  };
}

/** One key for several vendors would tell each of them the key of another. */
function assertOwnKeys(
  targets: readonly Target[],
  { apiKey, baseURL, headers = {} }: OpenModelOptions,
): void {
  const vendors = new Set(
    targets.map(({ endpoint: { provider, url } }) =>
      provider.id === 'custom' ? new URL(url).origin : provider.id,
    ),
  );
  const hasKey = apiKey !== undefined || Object.keys(headers).some((name) => KEY_HEADER.test(name));
  if (vendors.size < 2 || (!hasKey && baseURL === undefined)) return;
  throw new AnyturnError({
    code: 'config',
    message:
      'apiKey, baseURL and a header with a key cannot serve several providers. Give each model its own: { provider, model, apiKey }, { baseURL, model, apiKey }, or variables of the environment.',
  });
}

const KEY_HEADER = /^(?:authorization|(?:x-)?api-key)$/i;

function isList(model: ModelInput | readonly ModelInput[]): model is readonly ModelInput[] {
  return Array.isArray(model);
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
  readonly onCut: OnCut | undefined;
  readonly [marker] = true;
  readonly #targets: readonly [Target, ...Target[]];
  readonly #sinks: readonly ModelEventSink[];

  constructor(
    targets: readonly [Target, ...Target[]],
    sinks: readonly ModelEventSink[],
    onCut: OnCut | undefined,
  ) {
    this.provider = targets[0].endpoint.provider.id;
    this.modelId = targets[0].endpoint.modelId;
    this.onCut = onCut;
    this.#targets = targets;
    this.#sinks = sinks;
  }

  get pool(): ModelPool {
    return {
      snapshot: () =>
        this.#targets.flatMap(({ endpoint, settings }) =>
          settings.pool
            .snapshot()
            .map((key) => ({ ...key, provider: endpoint.provider.id, model: endpoint.modelId })),
        ),
    };
  }

  observe(sink: ModelEventSink): AnyturnModel {
    // A meter that both the model and an agent were given counts once.
    return new ChatModel(this.#targets, [...new Set([...this.#sinks, sink])], this.onCut);
  }

  async doGenerate(options: LanguageModelV4CallOptions): Promise<LanguageModelV4GenerateResult> {
    const call = this.#newCall(options);
    const { result, target } = await this.#onOneOf(call, options, (model) =>
      model(false).doGenerate(options),
    );
    target.breaker.succeeded();
    const used = fromSdkUsage(result.usage) ?? call.estimate();
    const { cost } = call.finish(used, reportedCost(target, result.usage));
    return { ...result, providerMetadata: metadata(result.providerMetadata, call, cost) };
  }

  async doStream(options: LanguageModelV4CallOptions): Promise<LanguageModelV4StreamResult> {
    const call = this.#newCall(options);
    const { result, target } = await this.#onOneOf(call, options, (model) =>
      model(true).doStream(options),
    );
    return {
      ...result,
      stream: this.#watchParts(result.stream, call, target, options.abortSignal),
    };
  }

  /** The first model of the list that gets as far as its first content; ill providers come last. */
  async #onOneOf<T>(
    call: ModelCall,
    options: LanguageModelV4CallOptions,
    run: (model: (streaming: boolean) => OpenAICompatibleChatLanguageModel) => Promise<T>,
  ): Promise<{ result: T; target: Target }> {
    const waiting = inOrder(this.#targets);
    let target = waiting.next(() => true);
    for (;;) {
      const { breaker } = target;
      try {
        const current = target;
        const result = await run((streaming) =>
          sdkModel(current, call, options, streaming, waiting.hasMore),
        );
        return { result, target };
      } catch (cause) {
        const error = toThrow(cause, call, options.abortSignal);
        if (!AnyturnError.isInstance(error) || options.abortSignal?.aborted) {
          breaker.abandoned();
          throw error;
        }
        breaker.failed(error);
        const from = windowOf(target);
        const next = waiting.next((candidate: Target) =>
          canFailOver(error, from, windowOf(candidate)),
        );
        if (!next) throw error;
        target = next;
        call.use(toCallTarget(target), error);
      }
    }
  }

  /** Keeps the books on the parts that pass. The first error is the last part but one. */
  #watchParts(
    parts: ReadableStream<LanguageModelV4StreamPart>,
    call: ModelCall,
    target: Target,
    signal: AbortSignal | undefined,
  ): ReadableStream<LanguageModelV4StreamPart> {
    const reader = parts.getReader();
    return new ReadableStream<LanguageModelV4StreamPart>(
      {
        async pull(stream) {
          try {
            const { done, value: part } = await reader.read();
            if (done) return stream.close();
            if (part.type === 'finish') {
              target.breaker.succeeded();
              return stream.enqueue(finishPart(part, call, target));
            }
            if (part.type !== 'error') return stream.enqueue(part);
            const error = call.fail(call.bodyError ?? midStreamError(part.error, call));
            target.breaker.failed(error);
            stream.enqueue({ type: 'error', error });
            // What follows an error has a hole before it; it must not end as if nothing happened.
            stream.close();
            return await reader.cancel();
          } catch (error) {
            target.breaker.abandoned();
            stream.error(toThrow(error, call, signal));
          }
        },
        async cancel(reason) {
          target.breaker.abandoned();
          call.abort();
          await reader.cancel(reason);
        },
      },
      { highWaterMark: 0 },
    );
  }

  #newCall({ providerOptions }: LanguageModelV4CallOptions): ModelCall {
    const [target] = this.#targets;
    return new ModelCall(
      {
        callId: globalThis.crypto.randomUUID(),
        context: (providerOptions?.['anyturn'] ?? {}) as CallContext,
        sinks: this.#sinks,
        clock: target.clock,
      },
      toCallTarget(target),
    );
  }
}

/** The models of one call, each once: the well ones in their order, then the ill ones as a last resort. */
function inOrder(targets: readonly [Target, ...Target[]]) {
  const fresh: Target[] = [...targets];
  const ill: Target[] = [];
  function next(isFit: () => true): Target;
  function next(isFit: (target: Target) => boolean): Target | undefined;
  function next(isFit: (target: Target) => boolean): Target | undefined {
    for (let target = fresh.shift(); target; target = fresh.shift()) {
      if (!isFit(target)) continue;
      if (targets.length === 1 || target.breaker.admits()) return target;
      ill.push(target);
    }
    return ill.splice(0).find((target, index, all) => {
      if (!isFit(target)) return false;
      ill.push(...all.slice(index + 1));
      return true;
    });
  }
  return {
    next,
    get hasMore() {
      return fresh.length > 0 || ill.length > 0;
    },
  };
}

/** A new instance for each call, so that its `fetch` knows which call it serves. */
function sdkModel(
  { endpoint, settings }: Target,
  call: ModelCall,
  { includeRawChunks = false }: LanguageModelV4CallOptions,
  streaming: boolean,
  hasAlternative: boolean,
): OpenAICompatibleChatLanguageModel {
  const { provider, url, headers, modelId } = endpoint;
  const { maxTokensField = 'max_tokens', transformRequestBody } = provider;
  return new OpenAICompatibleChatLanguageModel(modelId, {
    provider: provider.id,
    url: () => url,
    headers: () => headers,
    includeUsage: true,
    fetch: (_url, init = {}) =>
      exchange({ url, init, call, streaming, merge: !includeRawChunks, hasAlternative }, settings),
    transformRequestBody: ({ max_tokens, ...rest }) => {
      const body = max_tokens === undefined ? rest : { ...rest, [maxTokensField]: max_tokens };
      return transformRequestBody ? transformRequestBody(body) : body;
    },
  });
}

function toCallTarget({ endpoint, clock }: Target): CallTarget {
  const { provider, modelId, secrets } = endpoint;
  const price = provider.models?.[modelId]?.price;
  return {
    provider: provider.id,
    model: modelId,
    secrets,
    costOf: (usage) => priceCall(usage, price, clock.now()),
  };
}

function windowOf({ endpoint }: Target): { contextTokens: number | undefined } {
  return { contextTokens: endpoint.provider.models?.[endpoint.modelId]?.contextTokens };
}

function reportedCost({ endpoint }: Target, { raw }: LanguageModelV4Usage): Cost | null {
  const { reportedCost: reported } = endpoint.provider;
  return reported ? toCost(raw?.[reported.field], reported.currency) : null;
}

type FinishPart = Extract<LanguageModelV4StreamPart, { type: 'finish' }>;

function finishPart(part: FinishPart, call: ModelCall, target: Target): FinishPart {
  const used = fromSdkUsage(part.usage) ?? call.estimate();
  const { cost, cut } = call.finish(used, reportedCost(target, part.usage));
  return {
    ...part,
    usage: cut ? addToSdkUsage(part.usage, cut) : part.usage,
    providerMetadata: metadata(part.providerMetadata, call, cost),
  };
}

function metadata(
  given: SharedV4ProviderMetadata | undefined,
  { attempts, warnings, facts }: ModelCall,
  cost: Cost | null,
): SharedV4ProviderMetadata {
  const { provider, model = '' } = facts;
  return {
    ...given,
    anyturn: {
      provider,
      model,
      attempts,
      warnings: warnings.map((warning) => ({ ...warning })),
      cost: cost && { ...cost },
    },
  };
}

function toThrow(error: unknown, call: ModelCall, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) {
    call.abort();
    return signal.reason;
  }
  // Errors of the exchange are complete and already told.
  return AnyturnError.isInstance(error) ? error : call.fail(unreadable(error, call));
}

/** An error part of the SDK: the vendor's own error object, or a chunk it could not read. */
function midStreamError(error: unknown, call: ModelCall): AnyturnError {
  const { data, value } = (error ?? {}) as Record<string, unknown>;
  const said = [error, data, value].find(isErrorBody) ?? [{ error }].find(isVendorError);
  return said === undefined
    ? unreadable(error, call)
    : classifyFailure({ httpStatus: 0, body: said }, call.facts);
}

function unreadable(error: unknown, { facts, hasSent }: ModelCall): AnyturnError {
  const { provider } = facts;
  const name = error instanceof Error ? error.name : typeof error;
  if (!hasSent) {
    // Nothing was sent: the SDK could not put the request into this protocol.
    const message = `${provider}: the request cannot be sent: ${String((error as Error)?.message)}`;
    return new AnyturnError({ code: 'bad_request', message, ...facts });
  }
  return new AnyturnError({
    code: 'bad_response',
    message: `${provider}: sent something that is not the chat completions protocol (${name}). Check the base URL, or use another model.`,
    ...facts,
  });
}

/** The SDK hands over the content of `error`, already taken out of its chunk. */
function isVendorError({ error }: { error: unknown }): boolean {
  if (typeof error === 'string') return true;
  return typeof error === 'object' && error !== null && !('stack' in error) && 'message' in error;
}
