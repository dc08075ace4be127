import { afterEach, expect, test } from 'vitest';
import {
  createFakeVendor,
  fakeVendorCases,
  reply,
  type FakeReply,
  type FakeVendor,
  type FakeVendorCaseName,
  type FakeVendorOptions,
} from '../index.ts';

const running = new Set<FakeVendor>();

afterEach(async () => {
  await Promise.all([...running].map((vendor) => vendor.close()));
  running.clear();
});

test('a text reply is streamed when a stream is asked for, and JSON otherwise', async () => {
  const vendor = await start([reply.text('Hi there'), reply.text('Hi there')]);
  const usage = { stream_options: { include_usage: true } };
  const stream = readEvents(await (await post(vendor, { stream: true, ...usage })).text());
  const json = await (await post(vendor, {})).json();

  expect(stream.map(summarise)).toEqual(['role', 'Hi', ' there', 'stop', 'usage', '[DONE]']);
  expect(json).toMatchObject({
    object: 'chat.completion',
    model: 'fake-model',
    choices: [{ message: { role: 'assistant', content: 'Hi there' }, finish_reason: 'stop' }],
    usage: { completion_tokens: 2 },
  });
});

test('a tool call reply streams its input in fragments', async () => {
  const calls = [{ name: 'weather', input: { city: 'Paris' }, id: 'call_1' }, { name: 'now' }];
  const vendor = await start([
    reply.toolCalls(calls, { text: 'One moment.', inputPieceLength: 5 }),
  ]);
  const events = readEvents(await (await post(vendor, { stream: true })).text());

  expect(events.map(summarise).join('|')).toBe(
    'role|One| moment.|call 0 weather|{"cit|y":"P|aris"|}|call 1 now|{}|tool_calls|[DONE]',
  );
});

test('given usage and finish reason replace the usual ones', async () => {
  const options = {
    usage: { prompt_tokens: 7, cached: 3 },
    finishReason: 'length',
    reasoning: 'Hm',
  };
  const vendor = await start([reply.text('Hi', options)]);

  expect(await (await post(vendor, {})).json()).toMatchObject({
    choices: [{ message: { content: 'Hi', reasoning_content: 'Hm' }, finish_reason: 'length' }],
    usage: { prompt_tokens: 7, completion_tokens: 1, total_tokens: 8, cached: 3 },
  });
});

test('a status reply carries its headers and a vendor error, or a body of choice', async () => {
  const vendor = await start([
    reply.status(429, { headers: { 'retry-after': '7' } }),
    reply.status(503, { body: { code: 'Throttling' } }),
    reply.status(502, { body: '<h1>Bad gateway</h1>' }),
  ]);
  const first = await post(vendor, {});

  expect([first.status, first.headers.get('retry-after')]).toEqual([429, '7']);
  expect(await first.json()).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
  expect(await (await post(vendor, {})).json()).toEqual({ code: 'Throttling' });
  expect(await (await post(vendor, {})).text()).toBe('<h1>Bad gateway</h1>');
});

test('recorded SSE is sent byte for byte, also when it is cut into single bytes', async () => {
  const recording = 'data: {"text":"北京 🙂"}\r\n\r\n: ping\n\ndata: [DONE]\n\n';
  const vendor = await start([
    reply.sse(recording),
    reply.sse(recording, { splitBytes: 1 }),
    reply.sse([{ a: 1 }, ': ping\n\n', 'data: [DONE]\n\n']),
  ]);

  expect(await (await post(vendor, {})).text()).toBe(recording);
  expect(await (await post(vendor, {})).text()).toBe(recording);
  expect(await (await post(vendor, {})).text()).toBe('data: {"a":1}\n\n: ping\n\ndata: [DONE]\n\n');
});

test('raw bytes keep their content type', async () => {
  const vendor = await start([
    reply.raw(new Uint8Array([1, 2, 255]), { headers: { 'content-type': 'image/png' } }),
  ]);
  const response = await post(vendor, {});

  expect(response.headers.get('content-type')).toBe('image/png');
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([1, 2, 255]));
});

test('a script that is used up answers 500 and says so', async () => {
  const vendor = await start([reply.text('Hi')]);
  await post(vendor, {});
  const response = await post(vendor, {});

  expect(response.status).toBe(500);
  expect(await response.json()).toMatchObject({
    error: { message: "The fake vendor's script has 1 replies, and this is request 2." },
  });
});

test('a script function sees the request', async () => {
  const vendor = await start(({ headers }) =>
    headers['authorization'] === 'Bearer good' ? reply.text('Hi') : reply.status(401),
  );

  expect((await post(vendor, {}, { authorization: 'Bearer bad' })).status).toBe(401);
  expect((await post(vendor, {}, { authorization: 'Bearer good' })).status).toBe(200);
});

test('the model list takes no reply from a script', async () => {
  const vendor = await start([reply.text('Hi')]);
  const models = (await (await fetch(`${vendor.baseURL}/models`)).json()) as object;

  expect(models).toMatchObject({ data: [{ id: 'fake-model' }] });
  expect((await post(vendor, {})).status).toBe(200);
});

test('requests are recorded in their order with body, headers and end', async () => {
  const vendor = await start([reply.text('Hi')]);
  const before = Date.now();
  await (await post(vendor, { temperature: 1 }, { 'X-Trace': 'a' })).text();
  const [request] = vendor.requests;

  expect(await request?.ended).toEqual({ end: 'answered', at: request?.endedAt });
  expect(request).toMatchObject({
    index: 0,
    method: 'POST',
    path: '/v1/chat/completions',
    body: { model: 'fake-model', temperature: 1 },
    end: 'answered',
    aborted: false,
  });
  expect(request?.headers['x-trace']).toBe('a');
  expect(request?.at).toBeGreaterThanOrEqual(before - 1);
});

test('waitForRequest resolves once the request has come, and rejects on close', async () => {
  const vendor = await start([reply.neverRespond()]);
  const second = vendor.waitForRequest(1);
  const waiting = vendor.waitForRequest(0);
  post(vendor, { n: 0 }).catch(() => {});

  expect((await waiting).body).toMatchObject({ n: 0 });
  await vendor.close();
  await expect(second).rejects.toThrow('closed before request 1 came; it had 1 in all');
});

test.each<[string, FakeReply]>([
  ['before the headers', reply.neverRespond()],
  ['after the headers', reply.text('Hi', { stallAfter: 0 })],
  ['in the middle', reply.text('Hi there', { stallAfter: 2 })],
  ['in slow motion', reply.text('Hi there', { chunkDelayMs: 60_000 })],
])('a client that leaves a reply stalled %s is recorded within 250 ms', async (_name, stalled) => {
  const vendor = await start([stalled]);
  const left = new AbortController();
  const failed = post(vendor, { stream: true }, {}, left.signal)
    .then((response) => response.text())
    .catch((error: Error) => error.name);
  const request = await vendor.waitForRequest(0);
  const leftAt = Date.now();
  left.abort();
  const { end, at } = await request.ended;

  expect(await failed).toBe('AbortError');
  expect(end).toBe('client-left');
  expect(request.aborted).toBe(true);
  expect(at - leftAt).toBeLessThan(250 + 1_000);
});

test('resetAfter delivers the pieces before it and then breaks the connection', async () => {
  const vendor = await start([reply.text('Hi there', { resetAfter: 2 })]);
  const response = await post(vendor, { stream: true });
  const { text, error } = await readUntilError(response);

  expect(readEvents(text).map(summarise)).toEqual(['role', 'Hi']);
  expect(error).toBe('terminated');
  expect((await vendor.requests[0]?.ended)?.end).toBe('vendor-cut');
});

test('endAfter ends the response cleanly without a finish reason', async () => {
  const vendor = await start([reply.text('Hi there', { endAfter: 2 })]);
  const response = await post(vendor, { stream: true });

  expect(readEvents(await response.text()).map(summarise)).toEqual(['role', 'Hi']);
});

test('closeSocket fails the request before any header', async () => {
  const vendor = await start([reply.closeSocket()]);

  await expect(post(vendor, {})).rejects.toThrow('fetch failed');
});

test('comments come ahead of the content', async () => {
  const vendor = await start([reply.text('Hi', { comments: 2 })]);
  const text = await (await post(vendor, { stream: true })).text();

  expect(text.startsWith(': keep-alive\n\n: keep-alive\n\ndata: {')).toBe(true);
});

test('a profile changes fields, usage and chunks', async () => {
  const vendor = await start([reply.text('Hi', { reasoning: 'Hm' })], {
    profile: {
      reasoningField: 'reasoning',
      usage: 'always',
      openingComment: 'QUEUED',
      headers: { 'x-vendor': 'acme' },
      mapChunk: ({ object: _dropped, ...chunk }) => chunk,
    },
  });
  const response = await post(vendor, { stream: true });
  const text = await response.text();

  expect(response.headers.get('x-vendor')).toBe('acme');
  expect(text.startsWith(': QUEUED\n\n')).toBe(true);
  expect(text).toContain('"delta":{"reasoning":"Hm"}');
  expect(text).not.toContain('"object"');
  expect(readEvents(text).map(summarise).at(-2)).toBe('usage');
});

test('close ends stalled responses, which are recorded as cut by the vendor', async () => {
  const vendor = await start([reply.text('Hi', { stallAfter: 1 })]);
  const response = await post(vendor, { stream: true });
  const whole = readUntilError(response);
  await vendor.close();

  expect((await whole).error).toBe('terminated');
  expect((await vendor.requests[0]?.ended)?.end).toBe('vendor-cut');
});

test.each<[FakeVendorCaseName, string]>([
  ['ok', '200 Hello from the fake vendor., 200 Hello from the fake vendor.'],
  ['rate-limit', '429 , 200 Hello from the fake vendor.'],
  ['server-error', '500 , 200 Hello from the fake vendor.'],
  ['cut-mid-stream', '200 Hello from terminated, 200 Hello from terminated'],
  ['error-200', '200 , 200 '],
  ['html-200', '200 , 200 '],
])('case %s answers two streams with %s', async (name, expected) => {
  const vendor = await start(undefined, { case: name });
  const seen: string[] = [];
  for (const _request of [1, 2]) {
    // oxlint-disable-next-line no-await-in-loop -- the second request comes after the first
    const response = await post(vendor, { stream: true });
    // oxlint-disable-next-line no-await-in-loop
    const { text, error = '' } = await readUntilError(response);
    const words = readEvents(text)
      .map(summarise)
      .filter((word) => !/^(?:role|stop|usage|\[DONE\])$/u.test(word));
    seen.push(`${response.status} ${words.join('')}${error && ` ${error}`}`);
  }

  expect(seen.join(', ')).toBe(expected);
});

test('an unknown case names the known ones', async () => {
  await expect(createFakeVendor({ case: 'nothing' as FakeVendorCaseName })).rejects.toThrow(
    `Known: ${Object.keys(fakeVendorCases).join(', ')}`,
  );
});

async function start(
  script?: NonNullable<FakeVendorOptions['script']>,
  options: FakeVendorOptions = {},
): Promise<FakeVendor> {
  const vendor = await createFakeVendor({ ...options, ...(script && { script }) });
  running.add(vendor);
  return vendor;
}

function post(
  vendor: FakeVendor,
  body: object,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${vendor.baseURL}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: vendor.modelId, ...body }),
    ...(signal && { signal }),
  });
}

async function readUntilError(response: Response): Promise<{ text: string; error?: string }> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const bytes of response.body ?? []) text += decoder.decode(bytes, { stream: true });
    return { text };
  } catch (error) {
    return { text, error: (error as Error).message };
  }
}

function readEvents(sse: string): unknown[] {
  const records = sse.split('\n\n').filter((record) => record.startsWith('data: '));
  return records.map((record) => {
    const text = record.slice('data: '.length);
    return text === '[DONE]' ? text : JSON.parse(text);
  });
}

interface Chunk {
  choices: {
    delta: {
      role?: string;
      content?: string;
      reasoning?: string;
      tool_calls?: { index: number; function: { name?: string; arguments: string } }[];
    };
    finish_reason: string | null;
  }[];
}

/** One word for each event, to compare a whole stream at a glance. */
function summarise(event: unknown): string {
  if (typeof event === 'string') return event;
  const [choice] = (event as Chunk).choices;
  if (!choice) return 'usage';
  if (choice.finish_reason) return choice.finish_reason;
  const { role, content, reasoning, tool_calls: [call] = [] } = choice.delta;
  if (role) return 'role';
  if (call)
    return call.function.name
      ? `call ${call.index} ${call.function.name}`
      : call.function.arguments;
  return content ?? reasoning ?? '';
}
