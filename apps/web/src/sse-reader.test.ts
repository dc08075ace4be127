import { expect, test } from 'vitest';
import type { Frame } from './frame.ts';
import { readFrames } from './sse-reader.ts';

const stream =
  ': ok\n\ndata: {"type":"chunk","content":"北京 👩‍👩‍👧"}\n\n: ping\n\ndata: {"type":"chunk","content":"a\\nb"}\n\n';
const frames = [
  { type: 'chunk', content: '北京 👩‍👩‍👧' },
  { type: 'chunk', content: 'a\nb' },
];

test('frames are the same wherever the bytes are cut', async () => {
  const bytes = new TextEncoder().encode(stream);
  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(await read([bytes.slice(0, cut), bytes.slice(cut)])).toEqual(frames);
  }
  expect(await read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(frames);
});

test('line ends of Windows, ids, and data without a space are read too', async () => {
  const text = stream
    .replaceAll('\n', '\r\n')
    .replaceAll('data: ', 'id: 7\r\nevent: message\r\ndata:');

  expect(await read([new TextEncoder().encode(text)])).toEqual(frames);
});

test('a record that was cut off is no frame', async () => {
  const text = stream.trimEnd();

  expect(await read([new TextEncoder().encode(text)])).toEqual(frames.slice(0, 1));
});

test('leaving early cancels the stream', async () => {
  let reason: unknown = 'not cancelled';
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode(stream)),
    cancel: (given) => {
      reason = given;
    },
  });

  for await (const frame of readFrames(body)) {
    expect(frame).toEqual(frames[0]);
    break;
  }

  expect(reason).toBe(undefined);
});

async function read(chunks: Uint8Array[]): Promise<Frame[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  const read: Frame[] = [];
  for await (const frame of readFrames(body)) read.push(frame);
  return read;
}
