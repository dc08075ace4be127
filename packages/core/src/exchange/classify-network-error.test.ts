import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { inspect } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import type { AnyturnError } from '../errors.ts';
import { classifyNetworkError } from './classify-network-error.ts';

const secret = 'canary-key-1234567890';

test.each<[string, RequestListener, string, boolean]>([
  [
    'a false content encoding',
    (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('not compressed'),
    'bad_response',
    false,
  ],
  [
    'another one',
    (_, response) => response.writeHead(200, { 'content-encoding': 'br' }).end('not compressed'),
    'bad_response',
    false,
  ],
  [
    'a redirect',
    (_, response) => response.writeHead(302, { location: '/x' }).end(),
    'redirect_refused',
    false,
  ],
])('%s is told as that', async (_, listener, code, retryable) => {
  const url = await listen(createServer(listener));
  expect(await fail(url, { redirect: 'error' })).toMatchObject({ code, retryable });
});

test.each<[string, (socket: Socket) => void, string, boolean]>([
  ['a closed socket', (socket) => socket.destroy(), 'network', true],
  ['a reset socket', (socket) => socket.resetAndDestroy(), 'network', true],
  ['another protocol', (socket) => socket.end('SSH-2.0-x\r\n\r\n'), 'bad_response', false],
])('%s is told as that', async (_, answer, code, retryable) => {
  const server = createSocketServer((socket) =>
    socket.on('error', () => {}).on('data', () => answer(socket)),
  );
  expect(await fail(await listen(server))).toMatchObject({ code, retryable });
});

test('a server without TLS is told as that', async () => {
  const url = await listen(createServer((_, response) => response.end()));
  expect(await fail(url.replace('http:', 'https:'))).toMatchObject({
    code: 'tls',
    retryable: false,
  });
});

test('a port where nothing listens is told with its system code, which the cause keeps', async () => {
  const server = createSocketServer();
  const url = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  const error = await fail(url);
  expect(error).toMatchObject({ code: 'network', retryable: true });
  expect(error.message).toBe(
    `mine at ${url}/: nothing listens there; is the server running? (ECONNREFUSED). Check the network and the base URL.`.replace(
      /^/,
      'Cannot reach ',
    ),
  );
  expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
});

test.each<[string, RequestInit | undefined, string]>([
  ['http://127.0.0.1:9', { headers: { authorization: `Bearer ${secret}\n` + 'x' } }, 'config'],
  ['http://127.0.0.1:9', { headers: { authorization: `Bearer ${secret}密` } }, 'config'],
  [`http://me:${secret}@127.0.0.1:9`, undefined, 'config'],
  [`nowhere/${secret}`, undefined, 'config'],
  [`ftp://127.0.0.1/${'x'}?key=${secret}`, undefined, 'config'],
  ['http://127.0.0.1:6000', undefined, 'config'],
])(
  'what cannot be sent to %s is a mistake in the settings, and is not repeated',
  async (url, init, code) => {
    const error = await fail(url, init);
    expect(error).toMatchObject({ code, retryable: false });
    expect(error.message).toMatch(/^Cannot reach mine at .*: .+\. Check .+\.$/);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(secret);
  },
);

test.each([
  ['ENOTFOUND', 'network', false],
  ['EAI_AGAIN', 'network', true],
  ['ECONNRESET', 'network', true],
  ['EPIPE', 'network', true],
  ['ETIMEDOUT', 'network', true],
  ['UND_ERR_CONNECT_TIMEOUT', 'network', true],
  ['UND_ERR_SOCKET', 'network', true],
  ['EHOSTUNREACH', 'network', true],
  ['EACCES', 'network', false],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout', true],
  ['UND_ERR_BODY_TIMEOUT', 'timeout', true],
  ['UND_ERR_HEADERS_OVERFLOW', 'bad_response', false],
  ['HPE_INVALID_CONSTANT', 'bad_response', false],
  ['HPE_INVALID_EOF_STATE', 'network', true],
  ['Z_DATA_ERROR', 'bad_response', false],
  ['ZSTD_error_prefix_unknown', 'bad_response', false],
  ['EPROTO', 'tls', false],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', false],
  ['CERT_HAS_EXPIRED', 'tls', false],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', false],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', false],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', false],
  ['SOMETHING_NEW', 'network', true],
])('%s is %s; whether to try again: %s', (systemCode, code, retryable) => {
  const address = Object.assign(new Error('inner'), { code: systemCode });
  const causes = [address, new AggregateError([address], 'many')];
  for (const cause of causes) {
    const error = classify(new TypeError('fetch failed', { cause }));
    expect(error).toMatchObject({ code, retryable });
    expect(error.cause).toMatchObject({ code: systemCode });
  }
});

test.each([
  [new TypeError('fetch failed', { cause: new Error('unexpected redirect') }), 'redirect_refused'],
  [new TypeError('error sending request: invalid peer certificate: UnknownIssuer'), 'tls'],
  [new DOMException('The operation timed out.', 'TimeoutError'), 'timeout'],
  [new TypeError('Failed to fetch'), 'network'],
  [new TypeError('Load failed'), 'network'],
  ['a text', 'network'],
  [undefined, 'network'],
  [Object.create(null), 'network'],
])('%s is %s', (thrown, code) => {
  expect(classify(thrown).code).toBe(code);
});

test('an error that is its own cause ends', () => {
  const error = new Error('round');
  error.cause = error;
  expect(classify(error).code).toBe('network');
});

function classify(error: unknown, url = 'https://mine.example/v1'): AnyturnError {
  return classifyNetworkError(error, url, { provider: 'mine', secrets: [secret] });
}

async function fail(url: string, init?: RequestInit): Promise<AnyturnError> {
  try {
    await (await fetch(url, init)).text();
  } catch (error) {
    return classify(error, url);
  }
  throw new Error('It was answered.');
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
