import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAgent } from '@anyturn/runtime';
import { createFakeVendor, reply } from '@anyturn/testing';
import type { FakeVendor, FakeVendorScript } from '@anyturn/testing';
import { afterEach, expect, test } from 'vitest';
import { createAgentRouter, startServer } from './index.ts';
import type { RunningServer, ServerOptions } from './index.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

test('health says that the server is ready, with its agents and the facts given', async () => {
  const { server } = await serve([], { info: { reason: 'because' } });

  const response = await fetch(`${server.url}/health`);

  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({
    status: 'OK',
    message: 'The server is ready.',
    details: {
      agents: ['assistant'],
      openRequests: 0,
      uptimeMs: expect.any(Number),
      reason: 'because',
    },
  });
});

test.each(['/api', '/api/other', '/nothing', '/%', '/%ff', '/..%2f..%2fetc/passwd'])(
  'the unknown path %s gets a JSON 404',
  async (path) => {
    const { server } = await serve([]);

    const response = await fetch(server.url + path);

    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'not_found' } });
  },
);

test('a method that a path does not know gets a JSON 405', async () => {
  const { server } = await serve([]);

  for (const path of ['/health', '/api/models']) {
    const response = await fetch(server.url + path, { method: 'POST' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET');
    expect(await response.json()).toMatchObject({ error: { code: 'bad_request' } });
  }
});

test('nothing tells which software answers', async () => {
  const { server } = await serve([]);

  const { headers } = await fetch(`${server.url}/health`);

  expect(headers.get('x-powered-by')).toBe(null);
  expect(headers.get('server')).toBe(null);
});

test('a port in use is a conflict that says what to do', async () => {
  const { server, vendor } = await serve([]);
  const port = Number(new URL(server.url).port);

  await expect(startServer({ ...toOptions(vendor), port })).rejects.toMatchObject({
    name: 'AnyturnError',
    code: 'conflict',
    message: expect.stringMatching(new RegExp(`Port ${port} is in use.*another port`)),
  });
});

test.each([
  ['a port out of range', { port: 70_000 }],
  ['a port that is no number', { port: Number.NaN }],
  ['an address of another machine', { port: 0, host: '192.0.2.1' }],
  ['a page folder that does not exist', { port: 0, pageRoot: '/nowhere' }],
])('%s is a config error', async (_what, options) => {
  const vendor = await fakeVendor([]);

  await expect(startServer({ ...toOptions(vendor), ...options })).rejects.toMatchObject({
    name: 'AnyturnError',
    code: 'config',
  });
});

test('no agents, or a default agent that is none of them, is a mistake of the program', async () => {
  const vendor = await fakeVendor([]);

  expect(() => createAgentRouter({ agents: {} })).toThrow(TypeError);
  expect(() => createAgentRouter({ ...toOptions(vendor), defaultAgent: 'other' })).toThrow(
    TypeError,
  );
});

test('the server listens on loopback only, unless told otherwise', async () => {
  const { server } = await serve([]);

  expect(new URL(server.url).hostname).toBe('127.0.0.1');
});

test('a server on all addresses gives a URL that a browser can open', async () => {
  const { server } = await serve([], { host: '0.0.0.0' });

  expect(new URL(server.url).hostname).toBe('localhost');
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
});

test('closing lets a run that ends in time finish', async () => {
  const { server, vendor } = await serve([reply.text(['a', 'b', 'c'], { chunkDelayMs: 30 })], {
    graceMs: 5_000,
  });
  const response = await ask(server);
  await vendor.waitForRequest(0);

  const closed = server.close();
  const text = await response.text();
  await closed;

  expect(lastFrame(text)).toMatchObject({ type: 'done' });
});

test('closing ends a longer run with an error frame, and its vendor request', async () => {
  const { server, vendor } = await serve([reply.text(['a', 'b'], { stallAfter: 2 })], {
    graceMs: 20,
  });
  const response = await ask(server);
  const upstream = await vendor.waitForRequest(0);

  const startedAt = Date.now();
  await server.close();
  const text = await response.text();

  expect(lastFrame(text)).toMatchObject({
    type: 'error',
    code: 'unavailable',
    message: expect.stringContaining('shutting down'),
    retryable: true,
  });
  expect(await upstream.ended).toMatchObject({ end: 'client-left' });
  expect(Date.now() - startedAt).toBeLessThan(3_000);
});

test('closing does not wait for connections that are idle or half open', async () => {
  const { server } = await serve([], { graceMs: 10_000 });
  await (await fetch(`${server.url}/health`)).text();
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write('POST /api/stream HTTP/1.1\r\nhost: localhost\r\n');

  const startedAt = Date.now();
  await server.close();

  expect(Date.now() - startedAt).toBeLessThan(3_000);
  socket.destroy();
});

test('closing twice waits for the same end, and the port is free after it', async () => {
  const { server, vendor } = await serve([]);
  const port = Number(new URL(server.url).port);

  await Promise.all([server.close(), server.close()]);

  const next = await startServer({ ...toOptions(vendor), port });
  expect(next.url).toBe(server.url);
  await next.close();
});

test('a router whose signal fired refuses new runs', async () => {
  const vendor = await fakeVendor([]);
  const stopped = AbortSignal.abort();
  const { default: express } = await import('express');
  const app = express().use(createAgentRouter({ ...toOptions(vendor), signal: stopped }));
  const http = app.listen(0, '127.0.0.1');
  await once(http, 'listening');
  cleanups.push(async () => http.close());

  const { port } = http.address() as { port: number };
  const response = await ask({ url: `http://127.0.0.1:${port}` });

  expect(response.status).toBe(503);
  expect(await response.json()).toMatchObject({ error: { code: 'unavailable', retryable: true } });
});

test('the page is served with TypeScript as JavaScript and a strict policy', async () => {
  const pageRoot = await folder({
    'index.html': '<!doctype html><script type="module" src="main.ts"></script>',
    'main.ts': 'const answer: number = 42;\nexport { answer };\n',
    'style.css': 'body { color: red }',
  });
  const { server } = await serve([], { pageRoot });

  const index = await fetch(`${server.url}/`);
  const script = await fetch(`${server.url}/main.ts`);
  const style = await fetch(`${server.url}/style.css`);

  expect(index.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(index.headers.get('content-security-policy')).toMatch(
    /default-src 'none'.*script-src 'self'/,
  );
  expect(index.headers.get('content-security-policy')).not.toContain('unsafe');
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  expect(await script.text()).toMatch(/const answer\s+= 42;/);
  expect(style.headers.get('content-type')).toBe('text/css; charset=utf-8');
});

test('an unchanged file is not sent twice, a changed one is', async () => {
  const pageRoot = await folder({ 'index.html': 'one' });
  const { server } = await serve([], { pageRoot });
  const first = await fetch(`${server.url}/`);
  const header = `if-none-match: ${first.headers.get('etag')}`;

  expect(await rawGet(server.url, '/', header)).toMatch(/^HTTP\/1\.1 304 /);
  await writeFile(join(pageRoot, 'index.html'), 'two, and longer');
  expect(await rawGet(server.url, '/', header)).toMatch(/^HTTP\/1\.1 200 [^]*two, and longer$/);
});

test.each([
  '/main.test.ts',
  '/.env',
  '/notes.txt',
  '/../secret.html',
  '/..%2fsecret.html',
  '/%2e%2e/secret.html',
  '/..\\secret.html',
  '//etc/passwd',
  '/index.html/',
  '/index.html%00',
  '/sub/page.html',
])('the path %s is not on the page', async (path) => {
  const pageRoot = await folder({
    'index.html': 'page',
    'main.test.ts': 'test',
    '.env': 'KEY=1',
    'notes.txt': 'notes',
  });
  await writeFile(join(pageRoot, '..', 'secret.html'), 'secret');
  const { server } = await serve([], { pageRoot });

  const text = await rawGet(server.url, path);

  expect(text).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect(text).not.toMatch(/secret<|KEY=1|notes$|root:/);
});

test('a prompt too long for an address is refused with JSON, and 20 KB are not too long', async () => {
  const { server } = await serve(() => reply.text('Hi'));

  const ask = (length: number) => fetch(`${server.url}/api/stream?prompt=${'a'.repeat(length)}`);
  expect((await ask(20_000)).status).toBe(200);
  const refused = await ask(100_000);

  expect(refused.status).toBe(431);
  expect(await refused.json()).toMatchObject({
    error: { code: 'too_large', message: expect.stringContaining('POST') },
  });
});

test.each([
  ['no HTTP at all', 'hello\r\n\r\n'],
  ['a broken header', 'GET /health HTTP/1.1\r\nhost: localhost\r\nbad header\r\n\r\n'],
  ['an unknown method', 'FROB / HTTP/1.1\r\nhost: localhost\r\n\r\n'],
])('%s gets a JSON 400, and the connection is closed', async (_what, bytes) => {
  const { server } = await serve([]);

  const [head = '', body = ''] = (await rawSend(server.url, bytes)).split('\r\n\r\n');

  expect(head).toMatch(/^HTTP\/1\.1 400 [^]*connection: close/);
  expect(JSON.parse(body)).toMatchObject({ error: { code: 'bad_request', retryable: false } });
});

test('bytes that are no request end a stream that is being sent, and add nothing to it', async () => {
  const { server, vendor } = await serve([reply.text(['Hello', ' there'], { stallAfter: 2 })]);
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write('GET /api/stream?prompt=Hello HTTP/1.1\r\nhost: localhost\r\n\r\n');

  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) {
    text += chunk;
    if (text.includes('Hello')) socket.write('no request\r\n\r\n');
  }

  expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
  expect(text).not.toContain('bad_request');
  expect(await vendor.requests[0]?.ended).toMatchObject({ end: 'client-left' });
});

function toOptions({ baseURL, apiKey }: FakeVendor) {
  const assistant = createAgent({ model: { baseURL, model: 'fake-model', apiKey } });
  return { agents: { assistant }, port: 0, graceMs: 0 };
}

async function fakeVendor(script: FakeVendorScript): Promise<FakeVendor> {
  const vendor = await createFakeVendor({ script });
  cleanups.push(() => vendor.close());
  return vendor;
}

async function serve(
  script: FakeVendorScript,
  options: Partial<ServerOptions> = {},
): Promise<{ server: RunningServer; vendor: FakeVendor }> {
  const vendor = await fakeVendor(script);
  const server = await startServer({ ...toOptions(vendor), ...options });
  cleanups.push(() => server.close());
  return { server, vendor };
}

async function folder(files: Record<string, string>): Promise<string> {
  const parent = await mkdtemp(join(tmpdir(), 'anyturn-'));
  cleanups.push(() => rm(parent, { recursive: true }));
  const root = await mkdtemp(join(parent, 'page-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
  return root;
}

function ask({ url }: { url: string }): Promise<Response> {
  return fetch(`${url}/api/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: 'Hello' }),
  });
}

/** A request as it is, without the tidying that `fetch` does to paths and headers. */
async function rawGet(url: string, path: string, header = 'accept: */*'): Promise<string> {
  return rawSend(
    url,
    `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n${header}\r\n\r\n`,
  );
}

async function rawSend(url: string, bytes: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(bytes);
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function lastFrame(text: string): unknown {
  const records = text.split('\n\n').filter((record) => record.startsWith('data: '));
  return JSON.parse(records.at(-1)?.slice(6) ?? '{}');
}
