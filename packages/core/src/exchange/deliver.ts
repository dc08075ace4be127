import { AnyturnError } from '../errors.ts';
import type { LiveStream } from './live-stream.ts';
import type { ModelCall } from './model-call.ts';

interface Delivery {
  call: ModelCall;
  signal: AbortSignal | undefined;
  /** Another attempt that goes on where the stream was cut, unless the reader leaves; undefined when there is none. */
  resume: (
    cut: LiveStream,
    error: AnyturnError,
    left: AbortSignal,
  ) => Promise<LiveStream | undefined>;
}

/**
 * The answer as bytes, over as many attempts as it takes. It never errors after the first byte, because that would drop text that
 * is still queued: a failure becomes one last error event, and `call.bodyError` holds the typed error. Only the caller's own abort
 * errors it.
 */
export function deliver(first: LiveStream, delivery: Delivery): ReadableStream<Uint8Array> {
  const { call, signal, resume } = delivery;
  const encoder = new TextEncoder();
  const left = new AbortController();
  let live = first;
  call.reads(live.wire);

  const next = async (): Promise<string | undefined> => {
    try {
      return await live.read();
    } catch (cause) {
      live.close();
      signal?.throwIfAborted();
      // The reader that leaves closes the stream under its own last read: nothing was cut.
      left.signal.throwIfAborted();
      const error = AnyturnError.isInstance(cause) ? cause : interrupted(call, cause);
      const continued = await resume(live, error, left.signal);
      if (!continued) throw error;
      live = continued;
      call.reads(live.wire);
      return '';
    }
  };

  return new ReadableStream<Uint8Array>(
    {
      async pull(stream) {
        try {
          let text: string | undefined = '';
          // A read may hold nothing to hand on: a comment, half a line.
          while (text === '') text = await next();
          if (text === undefined) stream.close();
          else stream.enqueue(encoder.encode(text));
        } catch (cause) {
          if (left.signal.aborted) return;
          if (signal?.aborted) return stream.error(signal.reason);
          const error = AnyturnError.isInstance(cause) ? cause : interrupted(call, cause);
          call.bodyError = error;
          stream.enqueue(encoder.encode(errorEvent(error)));
          stream.close();
        }
      },
      cancel() {
        left.abort();
        live.close();
      },
    },
    { highWaterMark: 0 },
  );
}

function interrupted({ facts }: ModelCall, cause: unknown): AnyturnError {
  return new AnyturnError({
    code: 'stream_interrupted',
    message: `${facts.provider}: the connection broke in the middle of the answer. Ask again for the whole of it.`,
    cause,
    ...facts,
  });
}

function errorEvent({ code, message }: AnyturnError): string {
  return `data: ${JSON.stringify({ error: { message, type: 'anyturn', code } })}\n\n`;
}
