import { AnyturnError } from '../errors.ts';
import type { AnyturnErrorOptions } from '../errors.ts';
import type { Deadline } from '../exchange/deadline.ts';
import type { Deadlines } from '../provider.ts';

export interface GuardedBody {
  reader: ReadableStreamDefaultReader<Uint8Array>;
  /** What was read before the first content. */
  seen: Uint8Array[];
  phase: Deadline;
  deadlines: Deadlines;
  /** Aborting it closes the socket. */
  controller: AbortController;
  callerSignal: AbortSignal | undefined;
  facts: Partial<AnyturnErrorOptions> & { provider: string };
  onError: (error: AnyturnError) => void;
  /** Called once, however the body ended. */
  onEnd: () => void;
}

/**
 * The rest of a stream, watched: content must keep coming, lines must end, `[DONE]` ends it even when the vendor keeps the socket open.
 * It never errors after the first byte, because that would drop text that is still queued: a failure becomes one last
 * error event, and `onError` gets the typed error. Only the caller's own abort errors it.
 */
export function guardBody(guarded: GuardedBody): ReadableStream<Uint8Array> {
  const { reader, seen, phase, deadlines, controller, callerSignal, facts } = guarded;
  const decoder = new TextDecoder();
  let lineLength = 0;
  let tail = '';
  let finished = false;
  let ended = false;

  const end = () => {
    if (ended) return;
    ended = true;
    controller.signal.removeEventListener('abort', stopReading);
    guarded.onEnd();
    // Closes the socket of a vendor that would keep it open.
    controller.abort();
  };
  // Ends a read that a foreign `fetch` would leave pending after its signal.
  const stopReading = () => void reader.cancel().catch(() => {});
  controller.signal.addEventListener('abort', stopReading, { once: true });

  /** Lets the response end by itself, so that the next call finds the connection open; not for long. */
  const drain = async () => {
    phase.set(AFTER_FINISH_MS, 'end of the stream');
    try {
      while (!(await reader.read()).done);
    } catch {
      // The deadline or the vendor closed it: nothing is lost, the answer is complete.
    } finally {
      end();
    }
  };

  /** Looks at bytes on their way; true when they end the stream. */
  const watch = (bytes: Uint8Array): boolean => {
    const lastLineEnd = bytes.lastIndexOf(LINE_FEED);
    lineLength = lastLineEnd < 0 ? lineLength + bytes.length : bytes.length - 1 - lastLineEnd;
    const fresh = decoder.decode(bytes, { stream: true });
    const text = tail + fresh;
    tail = text.slice(-TAIL_LENGTH);
    // More text after a finish: it was none, some vendors name a reason on every chunk.
    finished = FINISH_REASON.test(text) || (finished && !/"content"\s*:\s*"[^"]/.test(fresh));
    // Comments are no content: the wait that they interrupt goes on.
    if (fresh.includes('data:') || lastLineEnd < 0) phase.clear();
    return DONE.test(text);
  };

  /** The clock runs while we wait for the vendor, not while a slow reader makes the vendor wait. */
  const read = async () => {
    if (!phase.isSet) phase.set(finished ? AFTER_FINISH_MS : deadlines.idleMs, 'further content');
    return (await reader.read()).value;
  };

  return new ReadableStream<Uint8Array>(
    {
      async pull(stream) {
        try {
          const next = seen.shift() ?? (await read());
          if (controller.signal.aborted) throw controller.signal.reason;
          if (!next) {
            end();
            stream.close();
            return;
          }
          const done = watch(next);
          if (lineLength > MAX_LINE) throw lineTooLong(facts);
          stream.enqueue(done ? untilDone(next) : next);
          if (done) {
            stream.close();
            void drain();
          }
        } catch (cause) {
          if (callerSignal?.aborted) {
            end();
            stream.error(callerSignal.reason);
            return;
          }
          // The answer was complete; the vendor only kept the line open.
          if (!finished) {
            const error = AnyturnError.isInstance(cause) ? cause : interrupted(facts, cause);
            guarded.onError(error);
            stream.enqueue(errorEvent(error));
          }
          end();
          stream.close();
        }
      },
      cancel() {
        end();
      },
    },
    { highWaterMark: 0 },
  );
}

const LINE_FEED = 10;
const MAX_LINE = 1_048_576;
/** Long enough for a `[DONE]` or a finish reason that is split over two reads. */
const TAIL_LENGTH = 64;
const AFTER_FINISH_MS = 2_000;
const DONE = /(?:^|[\r\n])data: ?\[DONE\]\s*[\r\n]/;
const FINISH_REASON = /"finish_reason"\s*:\s*"(?!null")[a-z]/i;

/** What comes after `[DONE]` is no part of the answer, however the bytes were cut. */
function untilDone(bytes: Uint8Array): Uint8Array {
  const mark = new TextEncoder().encode('[DONE]');
  const at = bytes.findLastIndex((_, index) =>
    mark.every((byte, offset) => bytes[index + offset] === byte),
  );
  const lineEnd = bytes.indexOf(LINE_FEED, at);
  return at < 0 || lineEnd < 0 ? bytes : bytes.subarray(0, lineEnd + 1);
}

function interrupted(facts: GuardedBody['facts'], cause: unknown): AnyturnError {
  return new AnyturnError({
    code: 'stream_interrupted',
    message: `${facts.provider}: the connection broke in the middle of the answer. Ask again for the whole of it.`,
    cause,
    ...facts,
  });
}

function lineTooLong(facts: GuardedBody['facts']): AnyturnError {
  return new AnyturnError({
    code: 'bad_response',
    message: `${facts.provider}: sent a line of over 1 MB.`,
    retryable: false,
    ...facts,
  });
}

/** Starts with line ends, because what came before may have stopped in the middle of a line. */
function errorEvent({ code, message }: AnyturnError): Uint8Array {
  const error = JSON.stringify({ error: { message, type: 'anyturn', code } });
  return new TextEncoder().encode(`\n\ndata: ${error}\n\n`);
}
