// A streaming endpoint of your own on SiliconFlow's DeepSeek, with tokens and cost in its last event.
// Run it with a key, then ask it:
//   SILICONFLOW_API_KEY=… node --conditions=@anyturn/source examples/08-siliconflow-endpoint.ts
//   curl -N localhost:3000/chat --json '{ "prompt": "用三句话介绍苏州", "seed": 7 }'

import { toAnyturnError } from '@anyturn/core';
import { createAgent } from '@anyturn/runtime';
import express from 'express';
import { z } from 'zod';

// Opened at the start, so that a missing key shows now and not at the first request.
const agent = createAgent({ model: 'siliconflow/deepseek-ai/DeepSeek-V4-Flash' });

const bodySchema = z.object({
  prompt: z.string().trim().min(1).max(20_000),
  seed: z.int().optional(),
});

const app = express();
app.post('/chat', express.json(), async (req, res) => {
  const body = bodySchema.safeParse(req.body);
  if (!body.success) {
    res.status(400).json({ error: { code: 'bad_request', message: z.prettifyError(body.error) } });
    return;
  }
  const { prompt, seed } = body.data;

  // `close` of the response, not of the request: the client left, so nobody pays for the rest.
  const left = new AbortController();
  res.on('close', () => left.abort());

  res.set({ 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  // Proxies such as nginx would collect the stream and hand it over in one piece.
  res.set('x-accel-buffering', 'no').flushHeaders();
  const send = (frame: object) => res.write(`data: ${JSON.stringify(frame)}\n\n`);
  try {
    const run = agent.run({
      prompt,
      temperature: 0.8,
      maxOutputTokens: 65_535,
      // The client has no way to take chunks back, so an answer that is cut must not begin anew.
      onCut: 'fail',
      // For all attempts together. A 429 is tried again after its Retry-After, if that is a minute at most.
      timeoutMs: 120_000,
      signal: left.signal,
      ...(seed !== undefined && { seed }),
    });
    for await (const event of run) {
      if (event.type === 'text-delta') send({ type: 'chunk', content: event.text });
    }
    const { outcome, finishReason, usage, cost } = await run.result;
    send({ type: 'done', outcome, finishReason, usage, cost });
  } catch (error) {
    send({ type: 'error', ...toAnyturnError(error).toJSON() });
  }
  res.end();
});

const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', (error) => {
  if (error) throw error;
  console.log('Listening on', server.address());
});
