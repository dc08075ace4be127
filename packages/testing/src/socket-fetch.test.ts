import { afterEach, expect, test } from 'vitest';
import { listenOnSocket, type SocketServer } from './loopback-server.ts';

test('a request over a socket arrives whole, and its answer streams back', async () => {
  const seen: unknown[] = [];
  const server = await listen(async (request, response) => {
    seen.push(request.method, request.url, request.headers['x-name'], await read(request));
    response.writeHead(201, { 'x-kind': 'test' });
    response.write('one ');
    response.end('二');
  });
  const response = await server.fetch(`${server.origin}/v1/ask?q=1`, {
    method: 'POST',
    headers: { 'x-name': 'Ada' },
    body: 'question 一',
  });
  expect([response.status, response.headers.get('x-kind')]).toEqual([201, 'test']);
  expect(await response.text()).toBe('one 二');
  expect(seen).toEqual(['POST', '/v1/ask?q=1', 'Ada', 'question 一']);
});

test('an abort rejects with its reason, and the server sees the client leave', async () => {
  const left = Promise.withResolvers<void>();
  const server = await listen((request, response) => {
    response.once('close', () => left.resolve());
    controller.abort(new Error('enough'));
  });
  const controller = new AbortController();
  await expect(server.fetch(server.origin, { signal: controller.signal })).rejects.toThrow(
    'enough',
  );
  await left.promise;
});

test('a server that is gone is a failed fetch with the system code as its cause', async () => {
  const server = await listen(() => {});
  await server.close();
  await expect(server.fetch(server.origin)).rejects.toMatchObject({
    message: 'fetch failed',
    cause: { code: 'ENOENT' },
  });
});

const servers: SocketServer[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

async function listen(listener: Parameters<typeof listenOnSocket>[0]): Promise<SocketServer> {
  const server = await listenOnSocket(listener);
  servers.push(server);
  return server;
}

async function read(request: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
