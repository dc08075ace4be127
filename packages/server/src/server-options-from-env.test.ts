import { expect, test } from 'vitest';
import { openServerWarning, serverOptionsFromEnv } from './index.ts';

test('host, port and lists are read from the environment', () => {
  const env = { HOST: ' 0.0.0.0 ', PORT: '0', ANYTURN_MODELS: 'qwen, deepseek,', OTHER: 'x' };
  expect(serverOptionsFromEnv(env)).toEqual({
    host: '0.0.0.0',
    port: 0,
    models: { qwen: 'qwen', deepseek: 'deepseek' },
    allowedHosts: [],
    allowedOrigins: [],
  });
});

test.each(['abc', '65536', '-1', '80.5'])('PORT=%s is refused by its name', (PORT) => {
  expect(() => serverOptionsFromEnv({ PORT })).toThrow(`PORT is "${PORT}"`);
});

test('only a server that others can reach is warned about', () => {
  expect(
    ['127.0.0.1', 'localhost', 'LocalHost', '::1', '127.1.2.3'].map(openServerWarning),
  ).toEqual(Array(5).fill(undefined));
  for (const host of ['0.0.0.0', '::', '192.168.1.20', '127.0.0.1.example.com']) {
    expect(openServerWarning(host)).toContain('no login');
  }
});
