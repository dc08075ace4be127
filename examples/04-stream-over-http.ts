// An agent behind HTTP, and a client that reads its stream by hand, as one in any language would.
// Run it with a key of any vendor:
//   ARK_API_KEY=… node --conditions=@anyturn/source examples/04-stream-over-http.ts

import { calculator, chooseModel, weather } from '@anyturn/core';
import { createAgent } from '@anyturn/runtime';
import { startServer } from '@anyturn/server';

const { model } = await chooseModel();
const agent = createAgent({ model, tools: { weather, calculator } });
const server = await startServer({ agents: { assistant: agent }, port: 0 });

const response = await fetch(`${server.url}/api/stream`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ prompt: "What's the weather in Paris, and what is 17*23?" }),
});
// Until the stream begins, errors have a status and a JSON body; after that they are a frame.
if (!response.ok) throw new Error(await response.text());

for await (const frame of readFrames(response)) {
  if (frame.type === 'chunk') process.stdout.write(frame.content);
  if (frame.type === 'done') console.log(`\n${frame.usage.totalTokens} tokens`);
  if (frame.type === 'error') console.error(`\n${frame.code}: ${frame.message}`);
}
await server.close();

type Frame =
  | { type: 'start'; provider: string; model: string }
  | { type: 'chunk'; content: string }
  | { type: 'done'; usage: { totalTokens: number } }
  | { type: 'error'; code: string; message: string };

/** A frame is one `data:` line and an empty line. What arrives together may hold half a frame, or several. */
async function* readFrames({ body }: Response): AsyncGenerator<Frame> {
  let unread = '';
  for await (const text of body!.pipeThrough(new TextDecoderStream())) {
    const records = (unread + text).split('\n\n');
    unread = records.pop() ?? '';
    for (const record of records) {
      // Anything else is a comment that keeps the connection open.
      if (record.startsWith('data: ')) yield JSON.parse(record.slice('data: '.length));
    }
  }
}
