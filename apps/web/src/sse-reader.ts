import type { Frame } from './frame.ts';

/**
 * Reads frames from an event stream as they arrive. Bytes may be split anywhere, also inside a character.
 * Comments (heartbeats) are skipped. Throws when a frame is not JSON.
 */
export async function* readFrames(body: ReadableStream<Uint8Array>): AsyncGenerator<Frame> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let dataLines: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const lineWithEnd of lines) {
        const line = lineWithEnd.endsWith('\r') ? lineWithEnd.slice(0, -1) : lineWithEnd;
        if (line.startsWith('data:')) dataLines.push(line.slice(line[5] === ' ' ? 6 : 5));
        if (line === '' && dataLines.length > 0) {
          const data = dataLines.join('\n');
          dataLines = [];
          yield JSON.parse(data) as Frame;
        }
      }
      if (done) return; // a record without its blank line was cut, and is not a frame
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
