import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import {
  createFakeVendor,
  recordingFetch,
  replayingFetch,
  reply,
  type FakeVendor,
  type FakeVendorScript,
  type RecordingOptions,
} from '../index.ts';

let folder: string;
let count = 0;
const running = new Set<FakeVendor>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anyturn-recording-'));
});

afterEach(async () => {
  await Promise.all([...running].map((vendor) => vendor.close()));
  running.clear();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('a stream is replayed with its text, its chunks, its status and its headers', async () => {
  const { file, fetch, vendor } = await record([
    reply.text('北京 is sunny 🙂', { splitBytes: 40, headers: { 'x-vendor': 'acme' } }),
  ]);
  const recorded = await read(await ask(fetch, vendor));
  await vendor.close();
  const replayed = await ask(replayingFetch(file), vendor);

  expect([replayed.status, replayed.statusText, replayed.url]).toEqual([
    200,
    'OK',
    `${vendor.baseURL}/chat/completions`,
  ]);
  expect(replayed.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(replayed.headers.get('x-vendor')).toBe('acme');
  expect(recorded.chunks.length).toBeGreaterThan(1);
  expect(await read(replayed)).toEqual(recorded);
});

test('a recording is text that can be reviewed', async () => {
  const { file, fetch, vendor } = await record(({ method }) =>
    method === 'POST'
      ? reply.sse(['data: {"a":1}\n\n'], { headers: { 'x-request-id': 'req_1' } })
      : reply.json({ object: 'list' }, { headers: { 'x-request-id': 'req_2' } }),
  );
  await read(await ask(fetch, vendor, { user: 'me' }));
  await read(await fetch(`${vendor.baseURL}/models?page=2`));
  const text = await readFile(file, 'utf8');

  expect(text.replaceAll(vendor.baseURL, 'http://vendor/v1').replaceAll(/Ms": \d+/gu, 'Ms": 0'))
    .toBe(`---
{
  "request": {
    "method": "POST",
    "url": "http://vendor/v1/chat/completions",
    "headers": {
      "authorization": "[secret]",
      "content-type": "application/json"
    },
    "body": {
      "json": {
        "stream": true,
        "messages": [],
        "user": "me"
      }
    }
  },
  "response": {
    "atMs": 0,
    "status": 200,
    "statusText": "OK",
    "headers": {
      "content-type": "text/event-stream; charset=utf-8",
      "x-request-id": "req_1"
    },
    "chunks": [
      { "atMs": 0, "text": "data: {\\"a\\":1}\\n\\n" }
    ]
  },
  "end": "end",
  "endMs": 0
}
---
{
  "request": {
    "method": "GET",
    "url": "http://vendor/v1/models?page=2",
    "headers": {}
  },
  "response": {
    "atMs": 0,
    "status": 200,
    "statusText": "OK",
    "headers": {
      "content-type": "application/json",
      "x-request-id": "req_2"
    },
    "chunks": [
      { "atMs": 0, "text": "{\\"object\\":\\"list\\"}" }
    ]
  },
  "end": "end",
  "endMs": 0
}
`);
});

test('no credential is in the file, wherever the vendor repeats it', async () => {
  const key = 'sk-live-0123456789abcdef';
  const { file, fetch, vendor } = await record(
    ({ headers }) =>
      reply.sse(
        [
          `: ${key.slice(0, 9)}`,
          `${key.slice(9)}\n\n`,
          { error: `Wrong: ${headers['authorization']}, ${headers['cookie']}` },
        ],
        {
          chunkDelayMs: 5,
          headers: {
            'x-request-id': `req_${key}`,
            'set-cookie': 'id=session-0987654321',
            'x-ratelimit-remaining-tokens': '4000',
            'x-echo': 'Jane Roe',
          },
        },
      ),
    { secrets: ['Jane Roe'] },
  );
  const url = `${vendor.baseURL}/chat/completions?api_key=key-in-query-1&page=2&access_token=token-in-query-2`;
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${key}`,
      'X-API-Key': 'key-in-header-3',
      Cookie: 'theme=dark; sid=cookie-value-4',
      'x-trace': `trace of ${key}`,
    },
    body: JSON.stringify({
      messages: [{ content: `I am Jane Roe, ${key}` }],
      api_key: 'key-in-body-5',
    }),
  });
  const seen = await response.text();
  const text = await readFile(file, 'utf8');

  expect(seen).toContain(`Wrong: Bearer ${key}, theme=dark; sid=cookie-value-4`);
  expect(text).not.toMatch(
    /0123456789|sk-live|Jane Roe|in-query|in-header|in-body|cookie-value|session-0987654321/u,
  );
  expect(text).toContain('"x-ratelimit-remaining-tokens": "4000"');
  expect(text).toContain('?api_key=[secret]&page=2&access_token=[secret]"');
  expect(text).toContain('Wrong: Bearer [secret], [secret]');
});

test('a broken connection is recorded and breaks again at the same place', async () => {
  const { file, fetch, vendor } = await record([
    reply.text('Hi there', { resetAfter: 2 }),
    reply.resetSocket(),
  ]);
  const first = await read(await ask(fetch, vendor));
  await expect(ask(fetch, vendor)).rejects.toThrow('fetch failed');
  const replay = replayingFetch(file);

  expect(await read(await ask(replay, vendor))).toEqual(first);
  expect(first.error).toMatchObject({ message: 'terminated', cause: { code: 'ECONNRESET' } });
  await expect(ask(replay, vendor)).rejects.toMatchObject({
    name: 'TypeError',
    message: 'fetch failed',
    cause: { code: 'ECONNRESET' },
  });
});

test('a refused connection is recorded with its code', async () => {
  const { file, fetch, vendor } = await record([]);
  await vendor.close();
  await expect(ask(fetch, vendor)).rejects.toThrow('fetch failed');

  expect(await readFile(file, 'utf8')).toMatch(
    /\n {2}"end": "ECONNREFUSED",\n {2}"endMs": \d+\n\}\n$/u,
  );
  await expect(ask(replayingFetch(file), vendor)).rejects.toMatchObject({
    cause: { code: 'ECONNREFUSED' },
  });
});

test.each([['abort'], ['cancel']])('an %s reaches the vendor, and ends the record', async (how) => {
  const { file, fetch, vendor } = await record([reply.text('Hi there', { stallAfter: 2 })]);
  const left = new AbortController();
  const reader = await readUntil(await ask(fetch, vendor, {}, left.signal), 'Hi');
  if (how === 'abort') left.abort();
  else await reader.cancel();

  expect((await vendor.requests[0]?.ended)?.end).toBe('client-left');
  expect(await readFile(file, 'utf8')).toMatch(/Hi[^]*"end": "aborted"/u);
});

test('where the recorded client left, a replay waits until its own leaves', async () => {
  const { file, fetch, vendor } = await record([
    reply.text('Hi', { stallAfter: 2 }),
    reply.neverRespond(),
  ]);
  const left = new AbortController();
  await readUntil(await ask(fetch, vendor, {}, left.signal), 'Hi');
  const unanswered = ask(fetch, vendor, {}, left.signal);
  await vendor.waitForRequest(1);
  left.abort();
  await expect(unanswered).rejects.toThrow('abort');

  const replay = replayingFetch(file);
  const leftNow = new AbortController();
  const reader = await readUntil(await ask(replay, vendor, {}, leftNow.signal), 'Hi');
  const waiting = [reader.read(), ask(replay, vendor, {}, leftNow.signal)];
  leftNow.abort(new Error('I leave.'));

  for (const rejected of waiting) {
    // oxlint-disable-next-line no-await-in-loop -- both have failed by now
    await expect(rejected).rejects.toThrow('I leave.');
  }
});

test('an abort ends a replay before its headers, between its chunks, and before it begins', async () => {
  const file = await write(`---
{
  "request": { "method": "GET", "url": "http://vendor/slow", "headers": {} },
  "response": { "atMs": 3600000, "status": 200, "headers": {}, "chunks": [] },
  "end": "end", "endMs": 3600000
}
---
{
  "request": { "method": "GET", "url": "http://vendor/pause", "headers": {} },
  "response": { "atMs": 0, "status": 200, "headers": {}, "chunks": [{ "atMs": 3600000, "text": "a" }] },
  "end": "end", "endMs": 3600000
}
`);
  const replay = replayingFetch(file, { speed: 1 });
  const left = new AbortController();
  const { signal } = left;
  const beforeHeaders = replay('http://vendor/slow', { signal });
  const inBody = replay('http://vendor/pause', { signal }).then((response) => response.text());
  setImmediate(() => left.abort(new Error('I leave.')));

  await expect(beforeHeaders).rejects.toThrow('I leave.');
  await expect(inBody).rejects.toThrow('I leave.');
  await expect(replay('http://vendor/slow', { signal })).rejects.toThrow('I leave.');
});

test('speed is a multiple of the recorded one, and every replay is instant without it', async () => {
  const file = await write(`---
{
  "request": { "method": "GET", "url": "http://vendor/", "headers": {} },
  "response": { "atMs": 100, "status": 200, "headers": {}, "chunks": [{ "atMs": 200, "text": "a" }] },
  "end": "end", "endMs": 300
}
`);
  const finished: string[] = [];
  const play = async (name: string, options: Parameters<typeof replayingFetch>[1]) => {
    await (await replayingFetch(file, options)('http://vendor/')).text();
    finished.push(name);
  };
  await Promise.all([
    play('real', { speed: 1 }),
    play('ten times', { speed: 10 }),
    play('instant', {}),
  ]);

  expect(finished).toEqual(['instant', 'ten times', 'real']);
});

test('the same request is answered from one exchange after the other', async () => {
  const { file, fetch, vendor } = await record([
    reply.status(503, { body: 'first' }),
    reply.status(503, { body: 'second' }),
  ]);
  await read(await ask(fetch, vendor));
  await read(await ask(fetch, vendor));
  const replay = replayingFetch(file);
  const ask2 = async () => (await ask(replay, vendor)).text();

  expect([await ask2(), await ask2()]).toEqual(['first', 'second']);
  await expect(ask2()).rejects.toThrow('1. POST /v1/chat/completions: used already');
});

test('a request finds its answer whatever its origin, its key, its user and the ids of its calls', async () => {
  const { file, fetch, vendor } = await record([reply.text('Hi')]);
  const withIds = (id: string) => [
    { role: 'assistant', tool_calls: [{ id, function: { name: 'now', arguments: '{}' } }] },
    { role: 'tool', tool_call_id: id, content: `the key is ${vendor.apiKey}` },
  ];
  await read(await ask(fetch, vendor, { user: 'a', messages: withIds('call_1') }));
  const other = { baseURL: 'https://elsewhere.example/v1', apiKey: 'another-key' };

  const response = await ask(replayingFetch(file), other, { messages: withIds('call_2') });
  expect(await response.text()).toContain('Hi');
});

test('a request that was not recorded is refused with what there is instead, and no word of a prompt', async () => {
  const { file, fetch, vendor } = await record([reply.text('Hi'), reply.text('Hi')]);
  const messages = [{ role: 'user', content: 'My secret plan' }];
  await read(await ask(fetch, vendor, { messages }));
  await read(await ask(fetch, vendor, { messages, temperature: 1 }));
  await read(await fetch(`${vendor.baseURL}/models`));
  const replay = replayingFetch(file);
  const asked = ask(replay, vendor, { messages: [{ role: 'user', content: 'Another plan' }] });

  await expect(asked).rejects.toThrow(
    [
      `No recorded answer for POST /v1/chat/completions. ${file} holds:`,
      '  1. POST /v1/chat/completions: body.messages[0].content differs',
      '  2. POST /v1/chat/completions: body.messages[0].content differs',
      '  3. GET /v1/models: other method',
    ].join('\n'),
  );
  await expect(ask(replay, vendor, { messages, n: 1 })).rejects.toThrow(
    '  2. POST /v1/chat/completions: body.n is not in it',
  );
  await expect(ask(replay, vendor, { messages: [] })).rejects.toThrow(
    '  1. POST /v1/chat/completions: body.messages has 1 entries, not 0',
  );
});

test('a match of choice decides alone', async () => {
  const { file, fetch, vendor } = await record([reply.text('Hi')]);
  await read(await ask(fetch, vendor, { messages: ['a'] }));
  const replay = replayingFetch(file, {
    match: (asked, recorded) => asked.method === recorded.method && asked.headers['x-try'] === '1',
  });

  await expect(ask(replay, vendor, { messages: ['b'] })).rejects.toThrow(
    '1. POST /v1/chat/completions: refused by match',
  );
  const response = await replay(vendor.baseURL, { method: 'POST', headers: { 'x-try': '1' } });
  expect(await response.text()).toContain('Hi');
});

test('a body that is too long is kept up to a limit, and says so where it ends', async () => {
  const { file, fetch, vendor } = await record([reply.raw('x'.repeat(1_000)), reply.raw('y')], {
    maxBodyBytes: 300,
  });
  const seen = await (await ask(fetch, vendor)).text();
  await read(await ask(fetch, vendor, { messages: ['z'.repeat(1_000)] }));
  const replay = replayingFetch(file);

  expect(seen).toHaveLength(1_000);
  expect(await readFile(file, 'utf8')).toMatch(/"omittedBytes": 700[^]*"omitted": "10\d\d bytes"/u);
  await expect(ask(replay, vendor).then((response) => response.text())).rejects.toThrow(
    'The recording ends here; 700 bytes more were too many to keep.',
  );
  expect(await (await ask(replay, vendor, { messages: ['anything'] })).text()).toBe('y');
});

test('recording reads nothing ahead of its reader', async () => {
  const pulled: number[] = [];
  const source = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        pulled.push(pulled.length);
        controller.enqueue(Uint8Array.of(pulled.length));
      },
    },
    { highWaterMark: 0 },
  );
  const fetch = recordingFetch(nextFile(), { fetch: async () => new Response(source) });
  const reader = (await fetch('http://vendor/')).body!.getReader();
  const before = pulled.length;
  await reader.read();

  expect([before, pulled.length]).toEqual([0, 1]);
  await reader.cancel();
});

test('requests in every form are recorded, and sent as they are', async () => {
  const bodies: unknown[] = [];
  const file = nextFile();
  const fetch = recordingFetch(file, {
    fetch: async (input, init) => {
      const request = new Request(input, init);
      bodies.push([request.method, await request.text()]);
      return new Response(null, { status: 204 });
    },
  });
  const url = 'http://vendor/v1';
  await fetch(new Request(url, { method: 'POST', body: 'a request' }));
  await fetch(new URL(url), { method: 'PUT', body: new URLSearchParams({ a: 'form' }) });
  await fetch(url, { method: 'POST', body: Buffer.from('bytes') });
  await fetch(url, { method: 'POST', body: new Blob(['a blob']) });
  const stream = new Blob(['a stream']).stream();
  await fetch(url, { method: 'POST', body: stream, duplex: 'half' } as RequestInit);
  const replay = replayingFetch(file);

  expect(bodies).toEqual([
    ['POST', 'a request'],
    ['PUT', 'a=form'],
    ['POST', 'bytes'],
    ['POST', 'a blob'],
    ['POST', 'a stream'],
  ]);
  expect((await readFile(file, 'utf8')).match(/"(?:text|omitted)": ".*"/gu)).toEqual([
    '"text": "a request"',
    '"text": "a=form"',
    '"text": "bytes"',
    '"text": "a blob"',
    '"omitted": "a stream"',
  ]);
  const replayed = await replay(new Request(url, { method: 'POST', body: 'a blob' }));
  expect([replayed.status, replayed.body]).toEqual([204, null]);
});

test('a file that is missing, empty or no recording is said to be so', async () => {
  expect(() => replayingFetch(join(folder, 'nothing.yaml'))).toThrow(
    /There is no recording .*nothing\.yaml\. Make one with recordingFetch\./u,
  );
  const broken = await write('---\n{ "request": 1 }\n');
  expect(() => replayingFetch(broken)).toThrow(
    /cannot be replayed\. Exchange 1 is no recording: /u,
  );
  const empty = await write('');
  await expect(replayingFetch(empty)('http://vendor/')).rejects.toThrow(/ holds:\n {2}nothing$/u);
  expect(() => replayingFetch(empty, { speed: 0 })).toThrow('The speed must be above 0.');
  expect(() => recordingFetch(nextFile(), { secrets: ['abc'] })).toThrow('less than 4 characters');
});

async function record(
  script: FakeVendorScript,
  options: Omit<RecordingOptions, 'fetch'> = {},
): Promise<{ file: string; fetch: typeof globalThis.fetch; vendor: FakeVendor }> {
  const vendor = await createFakeVendor({ script });
  running.add(vendor);
  const file = nextFile();
  return { file, fetch: recordingFetch(file, options), vendor };
}

function ask(
  fetch: typeof globalThis.fetch,
  { baseURL, apiKey }: Pick<FakeVendor, 'baseURL' | 'apiKey'>,
  body: object = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${baseURL}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ stream: true, messages: [], ...body }),
    ...(signal && { signal }),
  });
}

/** The chunks of a body as they are read, and the error at its end if there is one. */
async function read(response: Response): Promise<{ chunks: string[]; error?: unknown }> {
  const chunks: string[] = [];
  try {
    for await (const bytes of response.body ?? [])
      chunks.push(Buffer.from(bytes).toString('latin1'));
    return { chunks };
  } catch (error) {
    const { message, cause } = error as Error;
    return { chunks, error: { message, cause: { code: (cause as { code: string }).code } } };
  }
}

async function readUntil(
  response: Response,
  text: string,
): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const reader = response.body?.getReader();
  if (!reader) throw new Error('There is no body.');
  for (let seen = ''; !seen.includes(text);) {
    // oxlint-disable-next-line no-await-in-loop -- chunk by chunk
    seen += Buffer.from((await reader.read()).value ?? []).toString();
  }
  return reader;
}

async function write(text: string): Promise<string> {
  const file = nextFile();
  await writeFile(file, text);
  return file;
}

function nextFile(): string {
  count += 1;
  return join(folder, `recording-${count}.yaml`);
}
