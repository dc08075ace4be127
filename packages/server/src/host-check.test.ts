import { request } from 'node:http';
import { createAgent } from '@anyturn/runtime';
import { createFakeVendor, reply } from '@anyturn/testing';
import { afterEach, expect, test } from 'vitest';
import { startServer } from './index.ts';
import type { ServerOptions } from './index.ts';

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

test.each([
  'localhost:PORT',
  'LOCALHOST:PORT',
  'localhost',
  'localhost.:PORT',
  '127.0.0.1:PORT',
  '127.8.9.1',
  '[::1]:PORT',
  'app.localhost:PORT',
])('the host %s is answered', async (host) => {
  const { get } = await serve();

  expect(await get('/health', { host })).toBe(200);
});

test.each([
  'evil.example',
  'evil.example:PORT',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'localhost@evil.example',
  '192.168.1.20',
  '[::2]:PORT',
  'http://localhost',
  ' ',
])('the host "%s" is refused', async (host) => {
  const { get, vendorWasAsked } = await serve();

  expect(await get('/api/stream?prompt=Hello', { host })).toBe(403);
  expect(await get('/api/models', { host })).toBe(403);
  expect(await get('/health', { host })).toBe(403);
  expect(await get('/', { host })).toBe(403);
  expect(vendorWasAsked()).toBe(false);
});

test('hosts that were allowed are answered, and no others', async () => {
  const { get } = await serve({ allowedHosts: ['Agents.Example.com'] });

  expect(await get('/health', { host: 'agents.example.com:8443' })).toBe(200);
  expect(await get('/health', { host: 'example.com' })).toBe(403);
});

test('a star allows every host', async () => {
  const { get } = await serve({ allowedHosts: ['*'] });

  expect(await get('/health', { host: 'anything.example' })).toBe(200);
});

test.each([
  'https://evil.example',
  'http://localhost:1',
  'http://localhost',
  'http://127.0.0.1:PORT',
  'null',
  'file://',
  'chrome-extension://abc',
  'garbage',
])('a page of the origin %s cannot call the server', async (origin) => {
  const { get, post, vendorWasAsked } = await serve();
  const headers = { host: 'localhost:PORT', origin };

  expect(await get('/api/stream?prompt=Hello', headers)).toBe(403);
  expect(await post('/api/stream', headers)).toBe(403);
  expect(vendorWasAsked()).toBe(false);
});

test.each(['http://localhost:PORT', 'https://localhost:PORT'])(
  'a page of the server’s own origin %s can call it',
  async (origin) => {
    const { post } = await serve();

    expect(await post('/api/stream', { host: 'localhost:PORT', origin })).toBe(200);
  },
);

test('an allowed origin gets CORS headers and its preflight answered', async () => {
  const { url } = await serve({ allowedOrigins: ['https://app.example.com/'] });
  const headers = { origin: 'https://app.example.com' };

  const preflight = await fetch(`${url}/api/stream`, { method: 'OPTIONS', headers });
  const answer = await fetch(`${url}/api/stream?prompt=Hello`, { headers });
  await answer.text();

  expect(preflight.status).toBe(204);
  expect(Object.fromEntries(preflight.headers)).toMatchObject({
    'access-control-allow-origin': 'https://app.example.com',
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'content-type, last-event-id',
  });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  expect(answer.headers.get('vary')).toMatch(/origin/i);
});

test('the preflight of a foreign origin is refused', async () => {
  const { url } = await serve();

  const preflight = await fetch(`${url}/api/stream`, {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example' },
  });

  expect(preflight.status).toBe(403);
  expect(preflight.headers.get('access-control-allow-origin')).toBe(null);
});

test.each([
  ['cross-site', 403],
  ['same-site', 403],
  ['same-origin', 200],
  ['none', 200],
])('a GET without origin that a browser marks as %s gets %i', async (site, status) => {
  const { get, vendorWasAsked } = await serve();

  const headers = { host: 'localhost:PORT', 'sec-fetch-site': site };
  expect(await get('/api/stream?prompt=Hello', headers)).toBe(status);
  expect(vendorWasAsked()).toBe(status === 200);
});

test('a refusal names the option and the variable of the apps that would allow it', async () => {
  const { url, read } = await serve();

  const foreignHost = await read('/health', { host: 'agents.example.com' });
  const foreignOrigin = await fetch(`${url}/health`, { headers: { origin: 'https://a.example' } });

  expect(foreignHost).toMatch(/allowedHosts.*ANYTURN_ALLOWED_HOSTS/);
  expect(await foreignOrigin.text()).toMatch(/allowedOrigins.*ANYTURN_ALLOWED_ORIGINS/);
});

async function serve(options: Partial<ServerOptions> = {}) {
  const vendor = await createFakeVendor({ script: () => reply.text('Hi') });
  cleanups.push(() => vendor.close());
  const { baseURL, apiKey } = vendor;
  const assistant = createAgent({ model: { baseURL, model: 'fake-model', apiKey } });
  const server = await startServer({ port: 0, agents: { assistant }, graceMs: 0, ...options });
  cleanups.push(() => server.close());
  const port = new URL(server.url).port;

  // `fetch` does not let the Host header be set.
  const send = (method: string, path: string, headers: Record<string, string>) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const withPort = Object.entries(headers).map(([name, value]) => [
        name,
        value.replace('PORT', port),
      ]);
      const outgoing = request(server.url + path, {
        method,
        headers: { 'content-type': 'application/json', ...Object.fromEntries(withPort) },
      });
      outgoing.on('error', reject);
      outgoing.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      outgoing.end(method === 'POST' ? '{"prompt":"Hello"}' : undefined);
    });

  return {
    url: server.url,
    get: async (path: string, headers: Record<string, string>) =>
      (await send('GET', path, headers)).status,
    post: async (path: string, headers: Record<string, string>) =>
      (await send('POST', path, headers)).status,
    read: async (path: string, headers: Record<string, string>) =>
      (await send('GET', path, headers)).text,
    vendorWasAsked: () => vendor.requests.length > 0,
  };
}
