import type { Clock } from '../clock.ts';
import { AnyturnError } from '../errors.ts';
import type { AnyturnErrorOptions } from '../errors.ts';
import type { Deadlines } from '../provider.ts';
import { redact } from '../redact.ts';
import { FirstContentReader } from '../wire/first-content.ts';
import type { FirstSight } from '../wire/first-content.ts';
import { guardBody } from '../wire/guard-body.ts';
import { classifyFailure, isErrorBody } from './classify-failure.ts';
import { classifyNetworkError } from './classify-network-error.ts';
import { Deadline } from './deadline.ts';
import { retryAfterMs } from './retry-delay.ts';

export interface AttemptRequest {
  url: string;
  init: RequestInit;
  fetch: typeof globalThis.fetch;
  /** A stream is watched piece by piece; anything else is read whole before the attempt counts as good. */
  streaming: boolean;
  deadlines: Deadlines;
  clock: Clock;
  /** What to do when the vendor wants a key and this attempt has none; undefined when it has one. */
  keyHint: string | undefined;
  /** What every error of this attempt carries. */
  facts: Partial<AnyturnErrorOptions> & { provider: string };
  /** Learns why a stream ended early, after the attempt itself was good. */
  onBodyError: (error: AnyturnError) => void;
}

/**
 * One try of one request. Resolves at the first content with a response whose body continues from its beginning;
 * throws an `AnyturnError` for everything that went wrong before, and the caller's own reason when it aborted.
 * Every wait has its deadline; giving up closes the socket.
 */
export async function runAttempt(request: AttemptRequest): Promise<Response> {
  const { url, init, fetch, streaming, deadlines, clock, facts } = request;
  const callerSignal = init.signal ?? undefined;
  callerSignal?.throwIfAborted();

  const controller = new AbortController();
  const onCallerAbort = () => controller.abort(callerSignal?.reason);
  callerSignal?.addEventListener('abort', onCallerAbort, { once: true });
  const expire = (waitingFor: string, ms: number) =>
    controller.abort(
      new AnyturnError({
        code: 'timeout',
        message: `${facts.provider}: no ${waitingFor} within ${ms / 1000} s. Try again, or raise the deadline.`,
        ...facts,
      }),
    );
  const phase = new Deadline(clock, expire);
  const whole = new Deadline(clock, expire);
  const release = () => {
    phase.clear();
    whole.clear();
    callerSignal?.removeEventListener('abort', onCallerAbort);
  };

  try {
    whole.set(deadlines.attemptMs, 'end of the answer');
    if (streaming) phase.set(deadlines.headersMs, 'response headers');
    const response = await orAborted(
      fetch(url, { ...init, signal: controller.signal, redirect: 'manual' }),
      controller.signal,
    );
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      throw redirectRefused(response, facts);
    }
    const requestId = requestIdOf(response.headers);
    const known = { ...facts, ...(requestId && { requestId }) };
    if (!response.ok) {
      const wait = retryAfterMs(response.headers, clock);
      // The status and its headers count, however large or slow the words to it are.
      phase.set(ERROR_BODY_MS, 'error body');
      const body = await readErrorBody(response, controller.signal);
      throw classifyFailure(
        { httpStatus: response.status, body, url, keyHint: request.keyHint },
        { ...known, ...(wait !== undefined && { retryAfterMs: wait }) },
      );
    }
    if (!streaming) {
      const body = await readBody(response, controller.signal, known);
      if (isErrorBody(body)) throw classifyFailure({ httpStatus: response.status, body }, known);
      if (typeof body === 'string') throw notTheProtocol(response, body, known);
      release();
      return Response.json(body, { status: response.status, headers: plain(response.headers) });
    }
    if (!isEventStream(response)) {
      const body = await readBody(response, controller.signal, known);
      if (isErrorBody(body)) throw classifyFailure({ httpStatus: response.status, body }, known);
      throw notTheProtocol(response, body, known);
    }

    phase.set(deadlines.firstContentMs, 'content');
    const { reader, seen } = await readToFirstContent(response, controller.signal, known);
    phase.clear();
    const body = guardBody({
      reader,
      seen,
      phase,
      deadlines,
      controller,
      callerSignal,
      facts: known,
      onError: request.onBodyError,
      onEnd: release,
    });
    return new Response(body, { status: response.status, headers: plain(response.headers) });
  } catch (error) {
    release();
    // Frees the socket, whatever was left unread on it.
    const { aborted, reason } = controller.signal;
    controller.abort();
    callerSignal?.throwIfAborted();
    if (AnyturnError.isInstance(error)) throw error;
    if (aborted && AnyturnError.isInstance(reason)) throw reason;
    throw classifyNetworkError(error, url, facts);
  }
}

/** Reads the stream until something shows that the attempt is good; keeps what it read. */
async function readToFirstContent(
  response: Response,
  signal: AbortSignal,
  facts: AttemptRequest['facts'],
): Promise<{ reader: ReadableStreamDefaultReader<Uint8Array>; seen: Uint8Array[] }> {
  const seen: Uint8Array[] = [];
  const decoder = new TextDecoder();
  const content = new FirstContentReader();
  const stopOnError = (sight: FirstSight) => {
    if (typeof sight === 'object') {
      throw classifyFailure({ httpStatus: response.status, body: sight.error }, facts);
    }
  };
  if (!response.body) throw empty(facts);
  const reader = response.body.getReader();
  for (let size = 0; ;) {
    const { done, value } = await orAborted(reader.read(), signal);
    if (done) break;
    seen.push(value);
    size += value.byteLength;
    const sight = content.read(decoder.decode(value, { stream: true }));
    stopOnError(sight);
    if (sight === 'content') return { reader, seen };
    if (content.pending > MAX_LINE || size > MAX_PREAMBLE) {
      throw new AnyturnError({
        code: 'bad_response',
        message: `${facts.provider}: sent over ${size} bytes without any content. Check the base URL.`,
        retryable: false,
        ...facts,
      });
    }
  }
  const last = content.end();
  stopOnError(last);
  if (last === 'content') return { reader, seen };
  throw empty(facts);
}

/** A body as JSON when it is JSON, else as text. Reads at most 4 MB. */
async function readBody(
  response: Response,
  signal: AbortSignal,
  facts: AttemptRequest['facts'],
): Promise<unknown> {
  if (!response.body) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let size = 0; ;) {
    const { done, value } = await orAborted(reader.read(), signal);
    if (done) break;
    size += value.byteLength;
    if (size > MAX_BODY) {
      throw new AnyturnError({
        code: 'bad_response',
        message: `${facts.provider}: the response is larger than 4 MB. Check the base URL.`,
        retryable: false,
        ...facts,
      });
    }
    text += decoder.decode(value, { stream: true });
  }
  return toJson(response, text + decoder.decode());
}

/** The beginning of an error's body: at most 64 KB, and what came within its deadline. */
async function readErrorBody(response: Response, signal: AbortSignal): Promise<unknown> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    while (reader && text.length < MAX_ERROR_BODY) {
      const { done, value } = await orAborted(reader.read(), signal);
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // Told by its status alone.
  }
  const body = toJson(response, text);
  return isHtml(response, text) ? `answered with ${String(body)}` : body;
}

/** JSON where it is JSON, else the text; a page is told by its title. */
function toJson(response: Response, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return isHtml(response, text) ? describeHtml(text) : text;
  }
}

const ERROR_BODY_MS = 5_000;
const MAX_ERROR_BODY = 65_536;
const MAX_LINE = 1_048_576;
const MAX_PREAMBLE = 8 * 1_048_576;
const MAX_BODY = 4 * 1_048_576;

/** A fetch or read of a foreign `fetch` may ignore its signal; waiting never does. */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function isEventStream(response: Response): boolean {
  const type = response.headers.get('content-type');
  // Some proxies send none, or a generic one; only what is surely something else is refused.
  return type === null || !/json|html|xml/i.test(type);
}

function isHtml(response: Response, text: string): boolean {
  return (
    /html/i.test(response.headers.get('content-type') ?? '') || /^\s*<(?:!doctype|html)/i.test(text)
  );
}

/** A page's title says more than its markup. */
function describeHtml(text: string): string {
  const title = /<title[^<>]{0,200}>([^<]{0,200})/i.exec(text.slice(0, 4_096))?.[1]?.trim();
  return `an HTML page${title ? ` titled "${title}"` : ''} instead of an API answer`;
}

function notTheProtocol(
  response: Response,
  body: unknown,
  facts: AttemptRequest['facts'],
): AnyturnError {
  const type = response.headers.get('content-type') ?? 'no content type';
  if (typeof body !== 'string') {
    return new AnyturnError({
      code: 'bad_response',
      message: `${facts.provider}: answered in one piece although a stream was asked for. This server or model cannot stream; use another one, or a call without a stream.`,
      retryable: false,
      httpStatus: response.status,
      ...facts,
    });
  }
  const quote = redact(body.slice(0, 2_000), facts.secrets).slice(0, 200).replace(/\s+/g, ' ');
  return new AnyturnError({
    code: 'bad_response',
    message: `${facts.provider}: answered with ${quote} (${type}). Check that the base URL is an OpenAI-compatible API, usually ending in /v1.`,
    retryable: response.status >= 500,
    httpStatus: response.status,
    ...facts,
  });
}

function redirectRefused(response: Response, facts: AttemptRequest['facts']): AnyturnError {
  return new AnyturnError({
    code: 'redirect_refused',
    message: `${facts.provider}: the server redirects elsewhere; the prompt was not sent there. Set the base URL to the final address.`,
    httpStatus: response.status,
    ...facts,
  });
}

function empty(facts: AttemptRequest['facts']): AnyturnError {
  return new AnyturnError({
    code: 'stream_interrupted',
    message: `${facts.provider}: the stream ended before any content. Try again, or use another model.`,
    ...facts,
  });
}

function requestIdOf(headers: Headers): string | undefined {
  return (
    headers.get('x-request-id') ??
    headers.get('x-ds-trace-id') ??
    headers.get('x-siliconcloud-trace-id') ??
    undefined
  );
}

/** The body was decoded by `fetch` already; its encoding and length no longer hold. */
function plain(headers: Headers): Headers {
  const copy = new Headers(headers);
  copy.delete('content-encoding');
  copy.delete('content-length');
  return copy;
}
