import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redact, redactUrl } from './index.ts';

test.each([
  ['Incorrect API key provided: sk-abcd1234efgh.', 'Incorrect API key provided: [redacted].'],
  ['Authorization: abcdef-123', 'Authorization: [redacted]'],
  ['DEEPSEEK_API_KEY=abcdefgh123', 'DEEPSEEK_API_KEY=[redacted]'],
  ['client_secret: s3cretvalue', 'client_secret: [redacted]'],
  ['sk_live_4eC39HqLyjWDarjtT1 ghp_abcdefgh123', '[redacted] [redacted]'],
  ['Unexpected token: identifier', 'Unexpected token: identifier'],
  ['Bearer authentication is needed', 'Bearer authentication is needed'],
  ['see tp-link-router', 'see tp-link-router'],
  ['use Bearer abcdefgh12345', 'use Bearer [redacted]'],
  ['GET /v1?key=abc123&model=x', 'GET /v1?key=[redacted]&model=x'],
  ['{"api_key":"12345678"}', '{"api_key":"[redacted]"}'],
  ['https://me:hunter2@host/v1', 'https://[redacted]@host/v1'],
  ['gsk_abcdefgh and AIzaSyA1234567890', '[redacted] and [redacted]'],
  ['The token limit is 4096 tokens.', 'The token limit is 4096 tokens.'],
  ['Ask again in 5 s.', 'Ask again in 5 s.'],
])('%s', (text, expected) => {
  expect(redact(text)).toBe(expected);
});

test('a key in use is taken out wherever it stands, whatever it looks like', () => {
  const numRuns = process.env['ANYTURN_TEST_FULL'] ? 2_000 : 200;
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary-ascii' }),
      fc.string({ unit: fc.constantFrom(...Array.from('abcXYZ019-_.')), minLength: 8 }),
      fc.string(),
      (before, key, after) => {
        expect(redact(before + key + after, [key])).not.toContain(key);
      },
    ),
    { numRuns },
  );
});

test('a secret that begins with another is taken out whole', () => {
  expect(redact('key abcdef123456.', ['abcdef', 'abcdef123456'])).toBe('key [redacted].');
});

test('no half of a secret is left where a text is cut', () => {
  const secret = '0a1b2c3d4e5f60718293a4b5c6d7e8f9';
  const text = 'x'.repeat(65_520) + secret + 'x'.repeat(10_000);
  expect(redact(text, [secret])).not.toContain('0a1b2c3d');
});

test('a huge text is cut before it is searched', () => {
  expect(redact('a'.repeat(10_000_000)).length).toBeLessThan(70_000);
});

test('a URL is shown without user, password and query', () => {
  expect(redactUrl('https://me:pw@host:8443/v1?key=1#x')).toBe('https://host:8443/v1');
  expect(redactUrl('not a url')).toBe('not a url');
  expect(redactUrl('localhost:1')).toBe('localhost:1');
  expect(redactUrl('ftp://me:hunter2@host/v1?key=abc')).not.toMatch(/hunter2|abc/);
});
