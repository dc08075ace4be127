import type { Environment } from './endpoint.ts';

/** A model server on this machine that may be found without being configured. */
export interface LocalProbe {
  /** Id of the preset that speaks to it. */
  readonly provider: 'ollama' | 'lmstudio' | 'llamacpp';
  /** Scheme, host and port, such as `http://127.0.0.1:11434`. */
  readonly origin: string;
}

/** A server that answered as a model server does, and the first model on its list that can chat. */
interface LocalServer extends LocalProbe {
  readonly baseURL: string;
  readonly modelId: string;
}

interface ListOptions {
  fetch: typeof globalThis.fetch;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  apiKey?: string | undefined;
}

/**
 * Where local servers listen unless told otherwise, in the order in which they are preferred. Loopback only; another host is asked
 * only when OLLAMA_HOST, the variable of Ollama itself, names it.
 */
export function localProbes(env: Environment): LocalProbe[] {
  return [
    { provider: 'ollama', origin: toOllamaOrigin(env['OLLAMA_HOST']) },
    { provider: 'lmstudio', origin: 'http://127.0.0.1:1234' },
    { provider: 'llamacpp', origin: 'http://127.0.0.1:8080' },
  ];
}

/**
 * Asks all servers at once and gives the first in the order of `probes` that answers in time with a model; undefined when none does.
 * A port is not enough: the body must be the model list of that server. Never throws.
 */
export async function findLocalServer(
  probes: readonly LocalProbe[],
  options: ListOptions,
): Promise<LocalServer | undefined> {
  const answers = probes.map(async (probe) => {
    const path = probe.provider === 'ollama' ? '/api/tags' : '/v1/models';
    const list = await readList(`${probe.origin}${path}`, options);
    const modelId = list === undefined ? undefined : firstModel(probe.provider, list);
    return modelId === undefined ? undefined : { ...probe, baseURL: `${probe.origin}/v1`, modelId };
  });
  // One after the other, so that a preferred server that is slower by a millisecond still wins.
  for (const answer of answers) {
    const server = await answer;
    if (server) return server;
  }
  return undefined;
}

/** The first model that an OpenAI-compatible server lists and that can chat; undefined when it cannot be asked or lists none. */
export async function firstListedModel(
  baseURL: string,
  options: ListOptions,
): Promise<string | undefined> {
  const list = await readList(`${baseURL}/models`, options);
  return list === undefined ? undefined : firstModel('lmstudio', list);
}

/** A model list is a few kilobytes; something else on the port may send without end. */
const MAX_LIST_BYTES = 1_000_000;

async function readList(url: string, options: ListOptions): Promise<unknown> {
  const { fetch, timeoutMs, signal, apiKey } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      headers: {
        accept: 'application/json',
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      },
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      return undefined;
    }
    const decoder = new TextDecoder();
    let text = '';
    for await (const bytes of response.body) {
      text += decoder.decode(bytes, { stream: true });
      if (text.length > MAX_LIST_BYTES) return undefined;
    }
    return JSON.parse(text);
  } catch {
    // Nobody there, no answer in time, or something that is not a model server: all the same here.
    return undefined;
  }
}

function firstModel(provider: LocalProbe['provider'], list: unknown): string | undefined {
  const entries = toEntries(list, provider === 'ollama' ? 'models' : 'data');
  if (provider === 'llamacpp' && !entries.every(({ owned_by: owner }) => owner === 'llamacpp')) {
    return undefined;
  }
  return entries.filter(isLocalChatModel).map(toModelId).find(isModelId);
}

function toEntries(list: unknown, field: 'models' | 'data'): Record<string, unknown>[] {
  const entries = isObject(list) ? list[field] : undefined;
  return Array.isArray(entries) ? entries.filter(isObject) : [];
}

function toModelId({ id, name }: Record<string, unknown>): unknown {
  return id ?? name;
}

function isModelId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 512;
}

/** Servers list embedding models beside the others, and Ollama also models that it only forwards to a cloud. */
function isLocalChatModel(entry: Record<string, unknown>): boolean {
  const { details, remote_host: remoteHost } = entry;
  const family = isObject(details) ? details['family'] : undefined;
  const names = `${String(toModelId(entry))} ${String(family)}`;
  return remoteHost === undefined && !/embed|rerank|\bbge-|bert/i.test(names);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Takes what Ollama takes: `host`, `host:port`, `:port` or a URL. An address to listen on everywhere means this machine. */
function toOllamaOrigin(host = ''): string {
  const text = host.trim().replace(/^:/, '127.0.0.1:');
  const fallback = 'http://127.0.0.1:11434';
  if (text === '') return fallback;
  const url = URL.parse(/^https?:\/\//i.test(text) ? text : `http://${text}`);
  if (url === null) return fallback;
  const isEverywhere = ['0.0.0.0', '[::]'].includes(url.hostname);
  const name = isEverywhere ? '127.0.0.1' : url.hostname;
  // Written out ports that are the scheme's own are gone after parsing.
  const hasPort = url.port !== '' || /:\d+(\/|$)/.test(text.replace(/^https?:\/\//i, ''));
  const port = hasPort ? url.port : '11434';
  return `${url.protocol}//${name}${port === '' ? '' : `:${port}`}`;
}
