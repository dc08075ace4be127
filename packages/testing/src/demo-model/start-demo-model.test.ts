import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { startDemoModel, type DemoModel, type DemoModelOptions } from '../index.ts';

const running = new Set<DemoModel>();

afterEach(async () => {
  await Promise.all([...running].map((model) => model.close()));
  running.clear();
});

test('an answer is streamed as role, deltas, finish reason, usage and [DONE]', async () => {
  const model = await start();
  const response = await post(model, {
    messages: [{ role: 'user', content: 'hello' }],
    stream: true,
    stream_options: { include_usage: true },
  });
  const events = readEvents(await response.text());

  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(events.at(-1)).toBe('[DONE]');
  const chunks = events.slice(0, -1) as Chunk[];
  expect(new Set(chunks.map(({ id, object, model: name }) => `${id} ${object} ${name}`)).size).toBe(
    1,
  );
  expect(chunks[0]?.choices[0]).toEqual({
    index: 0,
    delta: { role: 'assistant', content: '', refusal: null },
    logprobs: null,
    finish_reason: null,
  });
  expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
  expect(chunks.at(-2)?.choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' });
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { estimated: true } });
  expect(chunks.length).toBeGreaterThan(20);
  expect(textOf(chunks)).toContain('not an LLM');
});

test('a stream without include_usage has a choice in every chunk and no usage', async () => {
  const model = await start();
  const response = await post(model, { messages: [{ role: 'user', content: 'hi' }], stream: true });
  const chunks = readEvents(await response.text()).slice(0, -1) as Chunk[];

  expect(chunks.every((chunk) => chunk.choices.length === 1 && !('usage' in chunk))).toBe(true);
});

test('tool calls are streamed with dense indexes and fragmented arguments', async () => {
  const model = await start();
  const response = await post(model, {
    messages: [{ role: 'user', content: "What's the weather in Beijing and what is 17*23?" }],
    tools: [weatherTool, calculatorTool],
    stream: true,
  });
  const chunks = readEvents(await response.text()).slice(0, -1) as Chunk[];
  const deltas = chunks.flatMap(({ choices }) => choices[0]?.delta.tool_calls ?? []);

  expect(
    deltas
      .filter(({ id }) => id)
      .map(({ index, type, function: { name } }) => ({ index, type, name })),
  ).toEqual([
    { index: 0, type: 'function', name: 'weather' },
    { index: 1, type: 'function', name: 'calculator' },
  ]);
  expect(deltas.length).toBeGreaterThan(4);
  const joined = [0, 1].map((wanted) =>
    deltas
      .filter(({ index }) => index === wanted)
      .map((delta) => delta.function.arguments)
      .join(''),
  );
  expect(joined.map((text) => JSON.parse(text) as unknown)).toEqual([
    { city: 'Beijing' },
    { expression: '17 * 23' },
  ]);
  expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');
});

test('a request without stream gets one JSON completion', async () => {
  const model = await start();
  const response = await post(model, {
    messages: [{ role: 'user', content: '17*23' }],
    tools: [calculatorTool],
  });

  expect(await response.json()).toMatchObject({
    object: 'chat.completion',
    model: 'demo-rules-1',
    choices: [
      {
        message: {
          role: 'assistant',
          content: null,
          refusal: null,
          tool_calls: [
            {
              type: 'function',
              function: { name: 'calculator', arguments: '{"expression":"17 * 23"}' },
            },
          ],
        },
        logprobs: null,
        finish_reason: 'tool_calls',
      },
    ],
    usage: { estimated: true },
  });
});

test('the model list says that it is not an LLM', async () => {
  const model = await start();
  const headers = { authorization: `Bearer ${model.apiKey}` };
  const list = await fetch(`${model.baseURL}/models`, { headers });
  const one = await fetch(`${model.baseURL}/models/demo-rules-1`, { headers });

  const entry = {
    id: 'demo-rules-1',
    object: 'model',
    created: expect.any(Number) as number,
    owned_by: 'offline-demo (not an LLM)',
  };
  expect(await list.json()).toEqual({ object: 'list', data: [entry] });
  expect(await one.json()).toEqual(entry);
});

test.each([
  ['no token', { headers: { authorization: '' } }, 401, 'invalid_api_key'],
  ['a wrong token', { headers: { authorization: 'Bearer wrong' } }, 401, 'invalid_api_key'],
  ['an unknown path', { path: '/nothing' }, 404, 'unknown_url'],
  ['a wrong method', { method: 'DELETE' }, 405, 'method_not_allowed'],
  ['broken JSON', { body: '{"model":' }, 400, 'invalid_json'],
  ['JSON that is no object', { body: '[]' }, 400, 'invalid_value'],
  ['no messages', { body: '{"model":"demo-rules-1","messages":[]}' }, 400, 'invalid_value'],
  [
    'another model',
    { body: '{"model":"gpt-9","messages":[{"role":"user"}]}' },
    404,
    'model_not_found',
  ],
  ['5 MB', { body: JSON.stringify({ padding: 'x'.repeat(5_000_000) }) }, 413, 'request_too_large'],
])('%s gets an error in the shape of OpenAI', async (_name, request, status, code) => {
  const model = await start();
  const {
    path = '/chat/completions',
    method = 'POST',
    headers,
    body = '{}',
  } = request as {
    path?: string;
    method?: string;
    headers?: Record<string, string>;
    body?: string;
  };
  const response = await fetch(model.baseURL + path, {
    method,
    headers: { authorization: `Bearer ${model.apiKey}`, ...headers },
    ...(method === 'POST' && { body }),
  });

  expect(response.status).toBe(status);
  expect(response.headers.get('x-request-id')).toMatch(/^req_/u);
  expect(await response.json()).toEqual({
    error: {
      message: expect.any(String) as string,
      type: 'invalid_request_error',
      param: expect.toSatisfy((param) => param === null || typeof param === 'string') as null,
      code,
    },
  });
});

test('fault rate-limit refuses the first request with Retry-After and answers the second', async () => {
  const model = await start({ fault: 'rate-limit' });
  const first = await post(model, hello);
  const second = await post(model, hello);

  expect([first.status, first.headers.get('retry-after'), second.status]).toEqual([429, '1', 200]);
});

test('fault server-error fails the first request and answers the second', async () => {
  const model = await start({ fault: 'server-error' });

  expect([(await post(model, hello)).status, (await post(model, hello)).status]).toEqual([
    500, 200,
  ]);
});

test('fault cut-stream breaks the first stream in the middle and sends the second whole', async () => {
  const model = await start({ fault: 'cut-stream', paceMs: 0 });
  const first = await post(model, { ...hello, stream: true });
  await expect(first.text()).rejects.toThrow('terminated');
  const second = await post(model, { ...hello, stream: true });

  expect(await second.text()).toContain('data: [DONE]');
});

test('fault bad-arguments breaks the first tool call, and the repeated request is whole', async () => {
  const model = await start({ fault: 'bad-arguments' });
  const question = { messages: [{ role: 'user', content: '2+2' }], tools: [calculatorTool] };
  const inputs = [await post(model, question), await post(model, question)].map(
    async (response) => {
      const completion = (await response.json()) as Completion;
      return completion.choices[0]?.message.tool_calls?.[0]?.function.arguments;
    },
  );

  expect(await Promise.all(inputs)).toEqual(['{"expression":"2 + 2', '{"expression":"2 + 2"}']);
});

test('a client that leaves ends its stream, and the next request is answered', async () => {
  const model = await start({ paceMs: 1_000 });
  const left = new AbortController();
  const response = await post(model, { ...hello, stream: true }, left.signal);
  const reader = response.body?.getReader();
  await reader?.read();
  left.abort();
  await expect(reader?.read()).rejects.toThrow('aborted');

  expect((await post(model, hello)).status).toBe(200);
});

test('close ends open streams, and nothing keeps the process alive after it', async () => {
  const script = `
    import { startDemoModel } from ${JSON.stringify(new URL('../index.ts', import.meta.url).href)};
    const model = await startDemoModel({ paceMs: 60_000 });
    const response = await fetch(model.baseURL + '/chat/completions', {
      method: 'POST',
      headers: { authorization: 'Bearer ' + model.apiKey },
      body: JSON.stringify({ model: model.modelId, stream: true, messages: [{ role: 'user', content: 'hi' }] }),
    });
    const whole = response.text().catch((error) => error.message);
    await model.close();
    await model.close();
    console.log(await whole);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'pipe' });
  let output = '';
  child.stdout.on('data', (piece: Buffer) => (output += piece.toString()));
  const [code] = (await once(child, 'exit')) as [number];

  expect([code, output.trim()]).toEqual([0, 'terminated']);
});

test('the port and the token can be chosen, and a taken port is refused', async () => {
  const first = await start({ apiKey: 'chosen' });
  const port = Number(new URL(first.baseURL).port);

  expect(first.apiKey).toBe('chosen');
  await expect(startDemoModel({ port })).rejects.toThrow('EADDRINUSE');
});

interface Chunk {
  id: string;
  object: string;
  model: string;
  choices: {
    delta: { content?: string; tool_calls?: ToolCallDelta[] };
    finish_reason: string | null;
  }[];
  usage?: object | null;
}

interface ToolCallDelta {
  index: number;
  id?: string;
  type?: string;
  function: { name?: string; arguments: string };
}

interface Completion {
  choices: { message: { tool_calls?: ToolCallDelta[] } }[];
}

const hello = { messages: [{ role: 'user', content: 'hello' }] };

const weatherTool = {
  type: 'function',
  function: {
    name: 'weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

const calculatorTool = {
  type: 'function',
  function: {
    name: 'calculator',
    parameters: {
      type: 'object',
      properties: { expression: { type: 'string' } },
      required: ['expression'],
    },
  },
};

async function start(options: DemoModelOptions = {}): Promise<DemoModel> {
  const model = await startDemoModel(options);
  running.add(model);
  return model;
}

function post(model: DemoModel, body: object, signal?: AbortSignal): Promise<Response> {
  return fetch(`${model.baseURL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${model.apiKey}` },
    body: JSON.stringify({ model: model.modelId, ...body }),
    ...(signal && { signal }),
  });
}

function readEvents(sse: string): unknown[] {
  const records = sse.split('\n\n').filter((record) => record.startsWith('data: '));
  return records.map((record) => {
    const text = record.slice('data: '.length);
    return text === '[DONE]' ? text : JSON.parse(text);
  });
}

function textOf(chunks: readonly Chunk[]): string {
  return chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
}
