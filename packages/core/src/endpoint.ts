import { AnyturnError } from './errors.ts';
import { parseModelRef } from './model-ref.ts';
import { defineProvider, resolveRegion } from './provider.ts';
import type { ProviderPreset, RegionalPreset } from './provider.ts';
import { custom } from './providers/custom.ts';
import { findProvider } from './providers/index.ts';
import { redactUrl } from './redact.ts';

/** Variables of a process: `process.env` where there is one. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What names a model: a reference such as `deepseek`, `qwen/qwen-plus` or `qwen@singapore/qwen-plus`; a preset, for its default model
 * or with a `model`; or the base URL of any OpenAI-compatible server and a model id.
 */
export type ModelInput =
  | string
  | ProviderPreset
  | {
      provider: ProviderPreset;
      model?: string;
      region?: string;
      apiKey?: string | readonly string[];
      baseURL?: string;
    }
  | { baseURL: string; model: string; apiKey?: string | readonly string[]; name?: string };

/** Where a model is reached, and with which keys. */
export interface Endpoint {
  provider: RegionalPreset;
  modelId: string;
  /** Where chat completions are posted. */
  url: string;
  headers: Readonly<Record<string, string>>;
  apiKeys: readonly string[];
  /** Keys and secret headers, to be taken out of whatever is told. */
  secrets: readonly string[];
}

/**
 * Finds base URL, model id and keys for a model: options first, then the environment, then the preset.
 *
 * @throws {AnyturnError} code `config` when anything is missing or malformed; the message names what to set.
 */
export function resolveEndpoint(
  input: ModelInput,
  options: {
    apiKey?: string | readonly string[] | undefined;
    baseURL?: string | undefined;
    headers?: Readonly<Record<string, string>> | undefined;
  },
  env: Environment,
): Endpoint {
  const { preset, region, model, baseURL, apiKey } = readInput(input);
  const provider = resolveRegion(preset, region);
  const modelId = model ?? provider.defaultModel;
  if (modelId === undefined || modelId === '') {
    throw config(`Which model of ${provider.id}? Name one: "${provider.id}/<model id>".`, provider);
  }
  const baseUrl =
    options.baseURL ?? baseURL ?? fromEnv(env, baseUrlVariables(provider)) ?? provider.baseURL;
  const headers = checkHeaders({ ...provider.headers, ...options.headers }, provider);
  const secretHeaders = Object.entries(headers).filter(([name]) => SECRET_HEADER.test(name));
  const hasOwnKey = secretHeaders.length > 0;
  const apiKeys = findKeys(provider, options.apiKey ?? apiKey, env, hasOwnKey);
  return {
    provider,
    modelId,
    url: toChatUrl(baseUrl, provider),
    headers,
    apiKeys,
    secrets: [...apiKeys, ...secretHeaders.map(([, value]) => value)],
  };
}

/** The environment of this process; empty where there is none, as on the edge. */
export function processEnv(): Environment {
  return globalThis.process?.env ?? {};
}

/** The variables that override the base URL of a provider. */
export function baseUrlVariables({ id, baseUrlEnv }: ProviderPreset): readonly string[] {
  return baseUrlEnv ?? [`${id.toUpperCase().replaceAll('-', '_')}_BASE_URL`];
}

/** All keys that a list of variables holds: `A,B,C` in one of them, or `NAME_1 … NAME_n`. The first name that has any wins. */
export function readKeys(env: Environment, names: readonly string[]): string[] {
  for (const name of names) {
    const keys = splitKeys(env[name]);
    for (let n = 1; env[`${name}_${n}`] !== undefined; n++)
      keys.push(...splitKeys(env[`${name}_${n}`]));
    if (keys.length > 0) return [...new Set(keys)];
  }
  return [];
}

function readInput(input: ModelInput): {
  preset: ProviderPreset;
  region?: string | undefined;
  model?: string | undefined;
  baseURL?: string;
  apiKey?: string | readonly string[] | undefined;
} {
  if ((typeof input !== 'string' && typeof input !== 'object') || input === null) {
    throw new AnyturnError({
      code: 'config',
      message: 'No model was given. Name one, such as "deepseek" or "qwen/qwen-plus".',
    });
  }
  if (typeof input === 'string') {
    const { provider, region, modelId } = parseModelRef(input);
    return { preset: findProvider(provider), region, model: modelId };
  }
  if ('id' in input) return { preset: input };
  if ('provider' in input) return { ...input, preset: input.provider };
  const { baseURL, model, apiKey, name } = input;
  return {
    preset: name ? defineProvider({ ...custom, id: name }) : custom,
    model,
    baseURL,
    apiKey,
  };
}

function toChatUrl(baseUrl: string, provider: ProviderPreset): string {
  const text = baseUrl.trim();
  const names = baseUrlVariables(provider).join(' or ');
  if (text === '') {
    throw config(`No base URL for ${provider.id}. Set ${names}, or pass { baseURL }.`, provider);
  }
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw config(
      `The base URL of ${provider.id} is not an http(s) URL: "${redactUrl(text)}". It looks like "https://host/v1"; check ${names}.`,
      provider,
    );
  }
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    throw config(
      `The base URL of ${provider.id} must not hold a user or password; pass the key as apiKey.`,
      provider,
    );
  }
  // Some servers want a query, such as an API version; the path goes before it.
  url.pathname = `${url.pathname.replace(/\/+$/, '').replace(/\/chat\/completions$/, '')}/chat/completions`;
  url.hash = '';
  return url.href;
}

function findKeys(
  provider: ProviderPreset,
  given: string | readonly string[] | undefined,
  env: Environment,
  hasOwnKey: boolean,
): readonly string[] {
  const names = provider.apiKeyEnv;
  const keys = given === undefined ? readKeys(env, names) : [given].flat().flatMap(splitKeys);
  const { needsApiKey = names.length > 0 } = provider;
  if (keys.length === 0 && needsApiKey && !hasOwnKey) {
    const where = provider.keyPage ? ` A key is made at ${provider.keyPage}.` : '';
    throw config(
      `No API key for ${provider.id}. Set ${names.join(' or ')}, or pass { apiKey }.${where}`,
      provider,
    );
  }
  for (const key of keys) {
    // `fetch` would refuse it too, with the key in its message.
    if (!/^[\x21-\x7e]+$/.test(key)) {
      throw config(
        `An API key of ${provider.id} has characters that no key has (spaces, line ends, non-ASCII). Copy it again.`,
        provider,
      );
    }
  }
  return keys;
}

const SECRET_HEADER = /auth|key|token|secret|cookie/i;

/** `fetch` would refuse such headers too, with their value in its message. */
function checkHeaders(
  headers: Readonly<Record<string, string>>,
  provider: ProviderPreset,
): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers)) {
    if (/^[!#$%&'*+.^_`|~\w-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(value)) continue;
    throw config(
      `The header ${JSON.stringify(name)} has characters that HTTP does not allow.`,
      provider,
    );
  }
  return headers;
}

function fromEnv(env: Environment, names: readonly string[]): string | undefined {
  return names
    .map((name) => env[name]?.trim())
    .find((value) => value !== undefined && value !== '');
}

function splitKeys(value: string | undefined): string[] {
  return (
    (value ?? '')
      .split(',')
      // Some tools hand over the quotes of an env file too.
      .map((key) => key.trim().replace(/^(["'])(.*)\1$/, '$2'))
      .filter((key) => key !== '')
  );
}

function config(message: string, { id }: ProviderPreset): AnyturnError {
  return new AnyturnError({ code: 'config', message, provider: id });
}
