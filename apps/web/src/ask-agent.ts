import type { Frame } from './frame.ts';
import { readFrames } from './sse-reader.ts';

export interface Question {
  messages: { role: 'user' | 'assistant'; content: string }[];
  model?: string;
}

/** A failure as the page shows it. `message` comes from the server, or is left out when there was none. */
export class AskError extends Error {
  readonly code: string;

  constructor(code: string, message = '') {
    super(message);
    this.code = code;
  }
}

/**
 * Asks the server and yields frames up to `done`. Throws `AskError` when it refuses, when the run fails, and when
 * the stream ends without a last frame. Aborting the signal ends it silently.
 */
export async function* askAgent(question: Question, signal: AbortSignal): AsyncGenerator<Frame> {
  try {
    const response = await post(question, signal);
    for await (const frame of readFrames(response)) {
      if (frame.type === 'error') throw new AskError(frame.code, frame.message);
      yield frame;
      if (frame.type === 'done') return;
    }
    throw new AskError('stream_interrupted');
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof AskError ? error : new AskError('stream_interrupted');
  }
}

async function post(question: Question, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const response = await fetch('api/stream', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...question, events: 'all' }),
    signal,
  }).catch(() => {
    throw new AskError('server_unreachable');
  });
  if (response.ok && response.body) return response.body;

  const { error } = (await response.json().catch(() => ({}))) as {
    error?: { code: string; message: string };
  };
  throw new AskError(error?.code ?? 'internal', error?.message ?? `HTTP ${response.status}`);
}
