import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { nameNetworkError } from './network-error.ts';
import { readRequestBody, toRecordedBody } from './recorded-body.ts';
import { printExchange, type RecordedChunk, type RecordedExchange } from './recorded-exchange.ts';
import { redactChunks } from './redact-chunks.ts';
import { findSecrets, redactHeaders, redactText, redactUrl } from './secrets.ts';

export interface RecordingOptions {
  /** What sends the requests. @default the global `fetch` */
  fetch?: typeof globalThis.fetch;
  /** Texts of at least 4 characters that must not be in the file, besides the credentials of each request. */
  secrets?: readonly string[];
  /** Bytes of a body that are kept, of requests and of responses; how many are missing is noted. @default 16 MiB */
  maxBodyBytes?: number;
}

/** They say when, or how the bytes travelled, and would differ in each recording. */
const droppedHeaders: ReadonlySet<string> = new Set([
  'age',
  'connection',
  'content-encoding',
  'content-length',
  'date',
  'expires',
  'keep-alive',
  'last-modified',
  'transfer-encoding',
]);

/**
 * A `fetch` that passes everything through as it is and adds each exchange to a file, for `replayingFetch`.
 *
 * The file is made for review: indented JSON, one line for each chunk with the milliseconds since the request, no dates.
 * Credentials are left out: headers and URL parameters named after keys, tokens, cookies and their like, and their
 * values of six characters and more wherever the vendor repeats them, also when they lie over two chunks or events. What
 * else is secret, a name in a prompt for example, has to be given. An exchange is written when its body has ended, was
 * cancelled, or failed; the stream keeps its chunks, its back-pressure and its errors. Node only.
 *
 * @throws {TypeError} for a secret of less than 4 characters. When the file cannot be written at the start, the error of
 * the file system; when it cannot later on, a process warning, since an answer must not suffer from it.
 */
export function recordingFetch(
  file: string,
  options: RecordingOptions = {},
): typeof globalThis.fetch {
  const { fetch = globalThis.fetch, secrets = [], maxBodyBytes = 16 * 1024 * 1024 } = options;
  if (secrets.some((secret) => secret.length < 4)) {
    throw new TypeError('A secret of less than 4 characters would be found everywhere.');
  }
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, '');

  return async (input, init) => {
    const exchange = await openExchange(input, init, { file, secrets, maxBodyBytes });
    try {
      const response = await fetch(input, init);
      exchange.answered(response);
      return tap(response, exchange);
    } catch (error) {
      exchange.failed(error);
      throw error;
    }
  };
}

interface OpenExchange {
  answered: (response: Response) => void;
  received: (chunk: Uint8Array) => void;
  /** Only the first ending counts. */
  ended: (how: string) => void;
  failed: (error: unknown) => void;
}

type FetchInput = Parameters<typeof globalThis.fetch>[0];

async function openExchange(
  input: FetchInput,
  init: RequestInit | undefined,
  options: { file: string; secrets: readonly string[]; maxBodyBytes: number },
): Promise<OpenExchange> {
  const { file, maxBodyBytes } = options;
  const given = input instanceof Request ? input : undefined;
  const signal = init?.signal ?? given?.signal;
  const url = typeof input === 'string' ? input : 'url' in input ? input.url : input.href;
  const headers = [...new Headers(init?.headers ?? given?.headers)];
  const body = await readRequestBody(init?.body ?? given);
  const secrets = [
    ...options.secrets,
    ...findSecrets({ url, headers, body: typeof body === 'string' ? body : '' }),
  ];
  const startedMs = performance.now();
  const atMs = () => Math.round(performance.now() - startedMs);
  const chunks: { atMs: number; bytes: Uint8Array }[] = [];
  let response:
    | { atMs: number; status: number; statusText?: string; headers: [string, string][] }
    | undefined;
  let keptBytes = 0;
  let omittedBytes = 0;
  let isOver = false;

  const leave = () => ended('aborted');
  signal?.addEventListener('abort', leave, { once: true });

  function ended(how: string): void {
    if (isOver) return;
    isOver = true;
    signal?.removeEventListener('abort', leave);
    try {
      appendFileSync(file, printExchange(toRecorded(how)));
    } catch (error) {
      process.emitWarning(`An exchange was not recorded: ${(error as Error).message}`);
    }
  }

  function toRecorded(how: string): RecordedExchange {
    const bytes = redactChunks(
      chunks.map((chunk) => chunk.bytes),
      secrets,
    );
    return {
      request: {
        method: (init?.method ?? given?.method ?? 'GET').toUpperCase(),
        url: redactUrl(url, secrets),
        headers: redactHeaders(headers, secrets),
        ...toRecordedBody(body, secrets, maxBodyBytes),
      },
      ...(response && {
        response: {
          ...response,
          headers: redactHeaders(response.headers, secrets),
          chunks: chunks.map((chunk, at) => toRecordedChunk(chunk.atMs, bytes[at])),
          ...(omittedBytes > 0 && { omittedBytes }),
        },
      }),
      end: how,
      endMs: atMs(),
    };
  }

  return {
    answered({ status, statusText, headers: answerHeaders }) {
      response = {
        atMs: atMs(),
        status,
        ...(statusText && { statusText: redactText(statusText, secrets) }),
        headers: [...answerHeaders].filter(([name]) => !droppedHeaders.has(name)),
      };
    },
    received(chunk) {
      const kept = chunk.subarray(0, Math.max(0, maxBodyBytes - keptBytes));
      keptBytes += kept.length;
      omittedBytes += chunk.length - kept.length;
      // A copy: what the reader does with its bytes must not show here.
      if (kept.length > 0) chunks.push({ atMs: atMs(), bytes: Uint8Array.from(kept) });
    },
    ended,
    failed(error) {
      ended(signal?.aborted ? 'aborted' : nameNetworkError(error));
    },
  };
}

/** The same response, with a body that notes what is read from it. */
function tap(response: Response, exchange: OpenExchange): Response {
  if (!response.body) {
    exchange.ended('end');
    return response;
  }
  const reader: ReadableStreamDefaultReader<Uint8Array> = response.body.getReader();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) {
            exchange.ended('end');
            controller.close();
          } else {
            exchange.received(value);
            controller.enqueue(value);
          }
        } catch (error) {
          exchange.failed(error);
          controller.error(error);
        }
      },
      cancel(reason) {
        exchange.ended('aborted');
        return reader.cancel(reason);
      },
    },
    // Nothing is read ahead of the reader.
    { highWaterMark: 0 },
  );
  const { status, statusText, headers, url, redirected } = response;
  return Object.defineProperties(new Response(body, { status, statusText, headers }), {
    url: { value: url },
    redirected: { value: redirected },
  });
}

function toRecordedChunk(atMs: number, bytes: Buffer = Buffer.of()): RecordedChunk {
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes)
    ? { atMs, text }
    : { atMs, base64: bytes.toString('base64') };
}
