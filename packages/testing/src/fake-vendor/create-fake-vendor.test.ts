import { afterEach, expect, test } from 'vitest';
import {
  createFakeVendor,
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

test('an unknown case names the closest ones and all others', async () => {
  await expect(createFakeVendor({ case: 'stall-mid-steam' as FakeVendorCaseName })).rejects.toThrow(
    /Did you mean stall-mid-stream or .*\? Known: ok, tool-call, /u,
  );
});

test('a step of a script may be a function, which sees the requests so far', async () => {
  const vendor = await start([
    reply.text('Hi'),
    ({ index }, requests) => reply.text(`${index} of ${requests.length}`),
  ]);
  await post(vendor, {});

  expect(await (await post(vendor, {})).json()).toMatchObject({
    choices: [{ message: { content: '1 of 2' } }],
  });
});

test('resetAfter and resetSocket break the connection harder than closeAfter and closeSocket', async () => {
  const vendor = await start([
    reply.resetSocket(),
    reply.closeSocket(),
    reply.text('Hi there', { resetAfter: 2 }),
    reply.text('Hi there', { closeAfter: 2 }),
  ]);
  const codes: unknown[] = [];
  for (const _request of [1, 2, 3, 4]) {
    // oxlint-disable-next-line no-await-in-loop -- one reply after the other
    const cause = await post(vendor, { stream: true })
      .then((response) => response.text())
      .catch((error: Error) => error.cause);
    codes.push((cause as { code: string }).code);
  }

  expect(codes).toEqual(['ECONNRESET', 'UND_ERR_SOCKET', 'ECONNRESET', 'UND_ERR_SOCKET']);
});

test.each<[string, object, string]>([
  ['prefix', { role: 'assistant', content: 'Hello fr', prefix: true }, 'om| Paris.'],
  ['partial', { role: 'assistant', content: 'Hello', partial: true }, ' from| Paris.'],
  [
    'prefix in parts',
    { role: 'assistant', content: [{ type: 'text', text: 'Hello from' }], prefix: true },
    ' Paris.',
  ],
  [
    'prefix of another text',
    { role: 'assistant', content: 'Bonjour', prefix: true },
    'Hello| from| Paris.',
  ],
  ['message without a flag', { role: 'assistant', content: 'Hello' }, 'Hello| from| Paris.'],
  [
    'flag on the user message',
    { role: 'user', content: 'Hello', prefix: true },
    'Hello| from| Paris.',
  ],
])('a profile that continues takes up a %s', async (_name, last, expected) => {
  const vendor = await start([reply.text('Hello from Paris.')], {
    profile: { continuation: 'rest' },
  });
  const messages = [{ role: 'user', content: 'Greet me.' }, last];
  const url = new URL('/beta/chat/completions', vendor.baseURL).href;

  expect(
    wordsOf(await (await post(vendor, { stream: true, messages }, {}, undefined, url)).text()),
  ).toBe(expected);
});

test.each<[string, FakeVendorOptions, string]>([
  ['rest', { profile: { continuation: 'rest' } }, ' the| fake| vendor.'],
  ['echo', { profile: { continuation: 'echo' } }, 'Hello from| the| fake| vendor.'],
  ['rest, by case', { case: 'cut-then-continues' }, ' the| fake| vendor.'],
  ['echo, by case', { case: 'cut-then-echoes' }, 'Hello from| the| fake| vendor.'],
  ['nothing, as OpenAI does', {}, 'Hello| from| the| fake| vendor.'],
])('after a cut a continuation gets: %s', async (_name, options, expected) => {
  const vendor = await start(undefined, { case: 'reset-mid-text', ...options });
  const { text } = await readUntilError(await post(vendor, { stream: true }));
  const prefix = wordsOf(text).replaceAll('|', '');
  const messages = [
    { role: 'user', content: 'Greet me.' },
    { role: 'assistant', content: prefix, prefix: true },
  ];
  const rest = await (await post(vendor, { stream: true, messages })).text();

  expect(prefix).toBe('Hello from');
  expect(wordsOf(rest)).toBe(expected);
});

test.each<[FakeVendorCaseName, string]>([
  ['first-key-rate-limited', '429, 429, 200, 200'],
  ['first-key-out-of-quota', '429, 429, 200, 200'],
  ['first-key-invalid', '401, 401, 200, 200'],
  ['first-key-revoked', '200, 401, 200, 200'],
])('case %s refuses the first key and answers the second: %s', async (name, expected) => {
  const vendor = await start(undefined, { case: name });
  const statuses: number[] = [];
  for (const key of ['a', 'a', 'b', 'b']) {
    // oxlint-disable-next-line no-await-in-loop -- the order is the point
    const { status } = await post(vendor, {}, { authorization: `Bearer ${key}` });
    statuses.push(status);
  }

  expect(statuses.join(', ')).toBe(expected);
});

test('a redirect leads to a second origin that keeps what it was sent', async () => {
  const vendor = await start(undefined, { case: 'redirect-307' });
  const response = await post(vendor, { n: 1 }, { 'api-key': 'sk-custom' });

  expect(new URL(response.url).host).not.toBe(new URL(vendor.baseURL).host);
  expect(vendor.redirectedRequests).toHaveLength(1);
  expect(vendor.redirectedRequests[0]).toMatchObject({
    method: 'POST',
    path: '/v1/chat/completions',
    body: expect.stringContaining('"n":1'),
    headers: { 'api-key': 'sk-custom' },
  });
});

test('a client that follows no redirect leaves the second origin alone', async () => {
  const vendor = await start(undefined, { case: 'redirect-302' });
  const refused = fetch(`${vendor.baseURL}/chat/completions`, {
    method: 'POST',
    redirect: 'error',
  });

  await expect(refused).rejects.toThrow('fetch failed');
  expect(vendor.redirectedRequests).toEqual([]);
});

test('comments that go on for ever are blank lines where no stream was asked for', async () => {
  const vendor = await start(undefined, { case: 'keep-alive-forever', keepAliveMs: 1 });
  const seen = await Promise.all(
    [true, false].map(async (stream) => {
      const response = await post(vendor, { stream });
      let text = '';
      for await (const bytes of response.body ?? []) {
        text += Buffer.from(bytes).toString();
        if (text.length > 30) break;
      }
      return text;
    }),
  );

  expect(seen[0]).toMatch(/^(?:: keep-alive\n\n)+$/u);
  expect(seen[1]).toMatch(/^\n+$/u);
});

test('edits change the chunks, the events and the whole answer', async () => {
  const edited = reply.text('Hi', {
    editChunks: (chunks) => chunks.map(({ choices }) => ({ choices })),
    editEvents: (events) => [': first\n\n', ...events.slice(0, 1)],
    editCompletion: ({ choices }) => ({ choices: choices.length }),
    statusText: 'Fine',
  });
  const vendor = await start([edited, edited]);
  const response = await post(vendor, { stream: true });

  expect(response.statusText).toBe('Fine');
  expect(await response.text()).toBe(
    ': first\n\ndata: {"choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}]}\n\n',
  );
  expect(await (await post(vendor, {})).json()).toEqual({ choices: 1 });
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
  url = `${vendor.baseURL}/chat/completions`,
): Promise<Response> {
  return fetch(url, {
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

/** The deltas of a text, with a line between them. */
function wordsOf(sse: string): string {
  return readEvents(sse)
    .map(summarise)
    .filter((word) => !/^(?:role|stop|usage|\[DONE\])$/u.test(word))
    .join('|');
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
