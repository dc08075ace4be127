import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import {
  createEnvelope,
  newId,
  toChunks,
  toCompletion,
  toErrorBody,
  toSseEvent,
} from '../completion-chunk.ts';
import {
  canConnect,
  cutConnection,
  listenOnLoopback,
  listenOnSocket,
  readBody,
} from '../loopback-server.ts';
import type { LoopbackServer, SocketServer } from '../loopback-server.ts';
import { answerChat } from './answer-chat.ts';
import { chatRequestSchema, type ChatRequest } from './chat-request.ts';

/**
 * A fault that the demo model shows, so that retries, SSE and abort run for real. All but `slow-start` happen once and
 * the next request is answered: `rate-limit` 429 with `Retry-After: 1`; `server-error` 500; `cut-stream` the first
 * stream loses its socket in the middle; `bad-arguments` the first tool call carries broken JSON. `slow-start` delays
 * the first byte of every answer by 3 s.
 */
export type DemoModelFault =
  | 'rate-limit'
  | 'server-error'
  | 'slow-start'
  | 'cut-stream'
  | 'bad-arguments';

export const demoModelFaults = [
  'rate-limit',
  'server-error',
  'slow-start',
  'cut-stream',
  'bad-arguments',
] as const satisfies readonly DemoModelFault[];

export interface DemoModelOptions {
  /** @default '127.0.0.1' */
  host?: string;
  /** 0 takes a free one. @default 0 */
  port?: number;
  /** The bearer token that requests must carry. @default random */
  apiKey?: string;
  /** @default none */
  fault?: DemoModelFault;
  /** Milliseconds between two pieces of an answer, so that a person sees it stream. 0 sends all at once. @default 4 */
  paceMs?: number;
}

export interface DemoModel {
  /** For example `http://127.0.0.1:41234/v1`. */
  readonly baseURL: string;
  readonly apiKey: string;
  readonly modelId: 'demo-rules-1';
  /** What reaches it; only where the loopback network is down, and a plain `fetch` would not. */
  readonly fetch?: typeof globalThis.fetch;
  /** Stops the server and closes open sockets; nothing keeps the process alive after it. */
  close: () => Promise<void>;
}

const modelId = 'demo-rules-1';
const maxBodyBytes = 4 * 1024 * 1024;
const slowStartMs = 3_000;

/**
 * Starts the offline demo model: a set of rules, **not an LLM**, behind the OpenAI chat completions protocol.
 *
 * It needs no key and no network. It understands weather, arithmetic and time questions in English and Chinese, calls
 * the tools that a request offers (found by their schema, never by name), and answers in templated sentences from tool
 * results alone. To anything else it says what it is. Token counts are estimates, marked `usage.estimated`.
 * A request holds at most 4 MB; the rules read the first 4,000 characters of a message.
 */
export async function startDemoModel(options: DemoModelOptions = {}): Promise<DemoModel> {
  const { host = '127.0.0.1', port = 0, paceMs = 4, fault } = options;
  const apiKey = options.apiKey ?? `demo-${randomBytes(18).toString('base64url')}`;
  let pendingFault = fault;

  const server = await listenSomewhere(
    (request, response) => {
      respond(request, response).catch((error: unknown) => fail(response, error));
    },
    { host, port },
  );
  return {
    baseURL: `${server.origin}/v1`,
    apiKey,
    modelId,
    ...('fetch' in server && { fetch: server.fetch }),
    close: server.close,
  };

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('x-request-id', newId('req_'));
    const path = (request.url ?? '/').replace(/\?.*$/su, '').replace(/\/$/u, '');
    const allowed = routes[path];
    if (!allowed)
      return refuse(request, response, 404, 'unknown_url', `No such URL: ${cutTo(path)}`);
    if (request.method !== allowed) {
      response.setHeader('allow', allowed);
      return refuse(request, response, 405, 'method_not_allowed', `Use ${allowed} for this URL.`);
    }
    if (!hasToken(request, apiKey)) {
      response.setHeader('www-authenticate', 'Bearer');
      const message = 'The demo model needs the token that startDemoModel() returned as apiKey.';
      return refuse(request, response, 401, 'invalid_api_key', message);
    }
    if (allowed === 'GET') {
      const isList = path === '/v1/models';
      return sendJson(response, 200, isList ? { object: 'list', data: [modelEntry] } : modelEntry);
    }

    const body = await readBody(request, maxBodyBytes);
    if (body === undefined) {
      return refuse(request, response, 413, 'request_too_large', 'A request holds at most 4 MB.');
    }
    const parsed = parseRequest(body);
    if ('message' in parsed) {
      return sendError(response, parsed.status, parsed.code, parsed.message, parsed.param);
    }
    await answer(parsed.chat, response);
  }

  async function answer(chat: ChatRequest, response: ServerResponse): Promise<void> {
    if (takeFault('rate-limit')) {
      response.setHeader('retry-after', '1');
      const message = 'Rate limit reached (a fault asked for with fault: "rate-limit").';
      return sendError(response, 429, 'rate_limit_exceeded', message, null, 'requests');
    }
    if (takeFault('server-error')) {
      const message = 'The server had an error (a fault asked for with fault: "server-error").';
      return sendError(response, 500, 'internal_error', message, null, 'server_error');
    }
    const left = new AbortController();
    response.once('close', () => left.abort());
    if (fault === 'slow-start' && !(await waitFor(slowStartMs, left.signal))) return;

    const { content, usage } = answerChat(chat);
    const [firstCall, ...otherCalls] = content.toolCalls ?? [];
    const toolCalls =
      firstCall && takeFault('bad-arguments')
        ? [{ ...firstCall, arguments: firstCall.arguments.slice(0, -2) }, ...otherCalls]
        : content.toolCalls;
    const sent = { ...content, ...(toolCalls && { toolCalls }) };
    const envelope = createEnvelope(modelId);
    if (chat.stream !== true) return sendJson(response, 200, toCompletion(envelope, sent, usage));

    const includesUsage = chat.stream_options?.include_usage === true;
    const chunks = [...toChunks(envelope, sent, includesUsage ? usage : undefined)];
    const cutAt = takeFault('cut-stream') ? Math.ceil(chunks.length / 2) : undefined;
    await stream(response, chunks, left.signal, cutAt);
  }

  async function stream(
    response: ServerResponse,
    chunks: readonly object[],
    left: AbortSignal,
    cutAt: number | undefined,
  ): Promise<void> {
    response.writeHead(200, sseHeaders);
    response.write(':ok\n\n');
    for (const [index, chunk] of chunks.entries()) {
      if (index === cutAt) return cutConnection(response);
      if (left.aborted) return;
      response.write(toSseEvent(chunk));
      if (paceMs > 0 && !(await waitFor(paceMs, left))) return;
    }
    response.end('data: [DONE]\n\n');
  }

  function takeFault(name: DemoModelFault): boolean {
    if (pendingFault !== name) return false;
    pendingFault = undefined;
    return true;
  }
}

/** A machine without any network may have no loopback either (`unshare -n`); the demo must work there too. */
async function listenSomewhere(
  listener: RequestListener,
  where: { host: string; port: number },
): Promise<LoopbackServer | SocketServer> {
  const server = await listenOnLoopback(listener, where);
  if (process.platform === 'win32' || (await canConnect(server))) return server;
  await server.close();
  return listenOnSocket(listener);
}

const routes: Record<string, 'GET' | 'POST' | undefined> = {
  '/v1/models': 'GET',
  [`/v1/models/${modelId}`]: 'GET',
  '/v1/chat/completions': 'POST',
};

const modelEntry = {
  id: modelId,
  object: 'model',
  created: 1_764_547_200,
  owned_by: 'offline-demo (not an LLM)',
};

const sseHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
  connection: 'keep-alive',
};

type ParsedRequest =
  | { chat: ChatRequest }
  | { status: number; code: string; message: string; param: string | null };

function parseRequest(body: string): ParsedRequest {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    const message = 'The body is not valid JSON.';
    return { status: 400, code: 'invalid_json', message, param: null };
  }
  const { data, error } = chatRequestSchema.safeParse(json);
  if (!data) {
    const [issue] = error.issues;
    const param = issue?.path.join('.') || null;
    const message = `Invalid request${param ? ` at ${param}` : ''}: ${issue?.message ?? 'unknown'}.`;
    return { status: 400, code: 'invalid_value', message, param };
  }
  if (data.model !== modelId) {
    const message = `The model "${cutTo(data.model)}" does not exist here. The only one is ${modelId}.`;
    return { status: 404, code: 'model_not_found', message, param: 'model' };
  }
  if (data.response_format?.type === 'json_schema') {
    const message = `${modelId} is a set of rules and cannot fill a JSON schema. Use a real model.`;
    return { status: 400, code: 'unsupported_value', message, param: 'response_format' };
  }
  return { chat: data };
}

function hasToken(request: IncomingMessage, apiKey: string): boolean {
  const given = Buffer.from(request.headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${apiKey}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Refuses before the body was read: the rest is thrown away, so that the client gets to see the answer. */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
): void {
  request.resume();
  sendError(response, status, code, message);
}

function sendError(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  param: string | null = null,
  type = 'invalid_request_error',
): void {
  sendJson(response, status, toErrorBody(message, { type, code, param }));
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

/** Our own mistake, or a client that left while its body was read. */
function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const reason = error instanceof Error ? error.name : 'unknown';
  sendError(
    response,
    500,
    'internal_error',
    `The demo model failed (${reason}).`,
    null,
    'server_error',
  );
}

/** Resolves to false when the client left meanwhile. */
function waitFor(delayMs: number, signal: AbortSignal): Promise<boolean> {
  return wait(delayMs, true, { signal }).catch(() => false);
}

function cutTo(text: string, length = 100): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
