import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Deltas of one answer: all at once, or one every `PACE_MS`. */
export const BURST_DELTAS = 20_000;
export const PACED_DELTAS = 200;
const PACE_MS = 20;
const WRITE_BYTES = 65_536;

/** The text of the burst, four characters in each delta. */
export function burstText(): string {
  return Array.from({ length: BURST_DELTAS }, (_, index) => word(index)).join('');
}

function word(index: number): string {
  return ` ${`00${index % 1_000}`.slice(-3)}`;
}

function chunk(delta: object, finishReason: string | null = null): string {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finishReason }];
  const described = {
    id: 'chatcmpl-6f1a0c52',
    object: 'chat.completion.chunk',
    created: 1_764_657_993,
  };
  return `data: ${JSON.stringify({ ...described, model: 'bench', choices, usage: null })}\n\n`;
}

const end = `${chunk({}, 'stop')}data: [DONE]\n\n`;
const words = Array.from({ length: BURST_DELTAS }, (_, index) => chunk({ content: word(index) }));
const burst = Buffer.from(chunk({ role: 'assistant', content: '' }) + words.join('') + end);

function sendBurst(response: ServerResponse): void {
  for (let at = 0; at < burst.length; at += WRITE_BYTES) {
    response.write(burst.subarray(at, at + WRITE_BYTES));
  }
  response.end();
}

/** Each delta is the time of its sending, in nanoseconds of the clock that all processes share. */
function sendPaced(response: ServerResponse): void {
  let sent = 0;
  const timer = setInterval(() => {
    if (sent++ < PACED_DELTAS) response.write(chunk({ content: `${process.hrtime.bigint()};` }));
    else response.end(end, () => clearInterval(timer));
  }, PACE_MS);
}

// In a process of its own, so that its work is not counted with the reader's.
if (process.send) {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      if (request.url?.startsWith('/paced')) sendPaced(response);
      else sendBurst(response);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    process.send?.((server.address() as AddressInfo).port);
  });
  process.on('disconnect', () => process.exit());
}
