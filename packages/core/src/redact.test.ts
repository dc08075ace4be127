import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redact, redactUrl } from './index.ts';

test.each([
  ['Incorrect API key provided: sk-abcd1234efgh.', 'Incorrect API key provided: [redacted].'],
  ['Authorization: abcdef-123', 'Authorization: [redacted]'],
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

test('a huge text is cut before it is searched', () => {
  expect(redact('a'.repeat(10_000_000)).length).toBeLessThan(70_000);
});

test('a URL is shown without user, password and query', () => {
  expect(redactUrl('https://me:pw@host:8443/v1?key=1#x')).toBe('https://host:8443/v1');
  expect(redactUrl('not a url')).toBe('not a url');
});
