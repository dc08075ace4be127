import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { describeRequest, findDifference } from './match-request.ts';
import { toNetworkError } from './network-error.ts';
import {
  parseExchanges,
  type RecordedChunk,
  type RecordedExchange,
  type RecordedHttpRequest,
} from './recorded-exchange.ts';

export interface ReplayOptions {
  /** How fast: 1 as it was recorded, 2 twice as fast, `instant` without any waiting. @default 'instant' */
  speed?: number | 'instant';
  /**
   * Whether a recorded request is what is asked now. @default same method, path and JSON body; see `findDifference`
   */
  match?: (asked: RecordedHttpRequest, recorded: RecordedHttpRequest) => boolean;
}

/** A recording whose client left is replayed until the client of now leaves too, but not for ever. */
const maxStallMs = 5 * 60_000;

/**
 * A `fetch` that answers from a file of `recordingFetch`, with the chunks, the timing and the ending that were recorded.
 *
 * Each recorded exchange answers one request: the first one in the file that matches and has not been used. Compared are
 * method, path and JSON body, without `user`, `metadata` and other fields that say who asks, and without the ids of tool
 * calls; what was removed as secret matches anything. A broken connection breaks again, an abort is honoured at once,
 * and where the recorded client left, nothing more comes. Node only.
 *
 * @throws {Error} when the file is missing or no recording. The `fetch` rejects with an error that says what was asked
 * and what there is when nothing matches.
 */
export function replayingFetch(file: string, options: ReplayOptions = {}): typeof globalThis.fetch {
  const { speed = 'instant', match } = options;
  if (speed !== 'instant' && !(speed > 0)) throw new RangeError('The speed must be above 0.');
  const entries = load(file).map((exchange) => ({ exchange, isUsed: false }));

  return async (input, init) => {
    const asked = await toAsked(input, init);
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    signal?.throwIfAborted();
    const entry = entries.find(
      ({ exchange: { request }, isUsed }) =>
        !isUsed && (match ? match(asked, request) : findDifference(asked, request) === undefined),
    );
    if (!entry) throw new Error(explainMismatch(file, asked, entries, match !== undefined));
    entry.isUsed = true;
    return play(entry.exchange, createPace(speed), signal ?? undefined);
  };
}

/** Waits until so many recorded milliseconds are over. Rejects with the reason of the signal. */
type Pace = (recordedMs: number, signal: AbortSignal) => Promise<void>;

function createPace(speed: number | 'instant'): Pace {
  const startedMs = performance.now();
  return async (recordedMs, signal) => {
    signal.throwIfAborted();
    if (speed === 'instant') return;
    const delayMs = startedMs + recordedMs / speed - performance.now();
    if (delayMs > 0) await wait(delayMs, undefined, { signal }).catch(() => {});
    signal.throwIfAborted();
  };
}

async function play(
  exchange: RecordedExchange,
  pace: Pace,
  signal: AbortSignal = new AbortController().signal,
): Promise<Response> {
  const { request, response, end, endMs } = exchange;
  if (!response) {
    if (end === 'aborted') return stall(signal);
    await pace(endMs, signal);
    throw toNetworkError(end, 'fetch failed');
  }
  await pace(response.atMs, signal);
  const { status, statusText = '', headers } = response;
  const hasBody = ![204, 205, 304].includes(status);
  const replayed = new Response(hasBody ? toBody(exchange, response, pace, signal) : null, {
    status,
    statusText,
    headers,
  });
  return Object.defineProperty(replayed, 'url', { value: request.url });
}

function toBody(
  { end, endMs }: RecordedExchange,
  { chunks, omittedBytes }: NonNullable<RecordedExchange['response']>,
  pace: Pace,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  const left = new AbortController();
  const stopped = AbortSignal.any([signal, left.signal]);
  let at = 0;

  async function next(): Promise<Uint8Array | undefined> {
    const chunk = chunks[at];
    at += 1;
    if (chunk) {
      await pace(chunk.atMs, stopped);
      const bytes = toBytes(chunk);
      // Nothing is left of a chunk that was in the middle of a secret.
      return bytes.length > 0 ? bytes : next();
    }
    if (omittedBytes) {
      throw new Error(`The recording ends here; ${omittedBytes} bytes more were too many to keep.`);
    }
    if (end === 'aborted') return stall(stopped);
    await pace(endMs, stopped);
    if (end !== 'end') throw toNetworkError(end, 'terminated');
    return undefined;
  }

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const abort = () => controller.error(signal.reason);
        signal.addEventListener('abort', abort, { once: true, signal: left.signal });
      },
      async pull(controller) {
        try {
          const bytes = await next();
          if (bytes === undefined) {
            left.abort();
            controller.close();
          } else {
            controller.enqueue(bytes);
          }
        } catch (error) {
          // After an abort the stream has its error already.
          if (!stopped.aborted) controller.error(error);
          left.abort();
        }
      },
      cancel() {
        left.abort();
      },
    },
    { highWaterMark: 0 },
  );
}

/** Until the client leaves. */
async function stall(signal: AbortSignal): Promise<never> {
  signal.throwIfAborted();
  await wait(maxStallMs, undefined, { signal, ref: false }).catch(() => {});
  signal.throwIfAborted();
  throw new Error('The client left here when this was recorded; this one stayed for 5 minutes.');
}

function toBytes(chunk: RecordedChunk): Uint8Array {
  return Uint8Array.from(
    'text' in chunk ? Buffer.from(chunk.text) : Buffer.from(chunk.base64, 'base64'),
  );
}

function load(file: string): RecordedExchange[] {
  try {
    return parseExchanges(readFileSync(file, 'utf8'));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new Error(`There is no recording ${file}. Make one with recordingFetch.`, { cause });
    }
    throw new Error(`${file} cannot be replayed. ${(cause as Error).message}`, { cause });
  }
}

async function toAsked(
  input: Parameters<typeof globalThis.fetch>[0],
  init: RequestInit | undefined,
): Promise<RecordedHttpRequest> {
  const request = new Request(input instanceof Request ? input.clone() : input, init);
  const text = request.body ? await request.text() : undefined;
  return {
    method: request.method,
    url: request.url,
    headers: Object.fromEntries(request.headers),
    ...(text !== undefined && { body: toAskedBody(text) }),
  };
}

function toAskedBody(text: string): NonNullable<RecordedHttpRequest['body']> {
  try {
    return { json: JSON.parse(text) };
  } catch {
    return { text };
  }
}

const maxListed = 10;

function explainMismatch(
  file: string,
  asked: RecordedHttpRequest,
  entries: readonly { exchange: RecordedExchange; isUsed: boolean }[],
  isCustom: boolean,
): string {
  const lines = entries.slice(0, maxListed).map(({ exchange: { request }, isUsed }, at) => {
    const difference = isCustom ? 'refused by match' : findDifference(asked, request);
    return `  ${at + 1}. ${describeRequest(request)}: ${isUsed ? 'used already' : difference}`;
  });
  const more = entries.length > maxListed ? [`  and ${entries.length - maxListed} more`] : [];
  const held = entries.length === 0 ? ['  nothing'] : [...lines, ...more];
  return [`No recorded answer for ${describeRequest(asked)}. ${file} holds:`, ...held].join('\n');
}
