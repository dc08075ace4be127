import fc from 'fast-check';
import { expect, test } from 'vitest';
import { redactChunks } from './redact-chunks.ts';

const key = 'sk-live-0123456789';
const numRuns = process.env['ANYTURN_TEST_FULL'] === '1' ? 10_000 : 1_000;

test.each([
  ['in one chunk', [`Wrong key ${key}.`, ' Sorry.'], ['Wrong key [secret].', ' Sorry.']],
  ['over two chunks', ['Wrong key sk-live-0', '123456789.'], ['Wrong key [secret]', '.']],
  ['over three chunks', ['sk-', 'live-01234', '56789 is wrong'], ['[secret]', '', ' is wrong']],
  ['twice', [`${key}${key}`], ['[secret][secret]']],
  ['cut off at the end', ['Wrong key sk-live-01'], ['Wrong key [secret]']],
  ['URL-encoded', ['?name=J%C3%B6rg%20M%C3%BCller'], ['?name=[secret]']],
  ['escaped in JSON', [String.raw`{"name":"J\u00f6rg M\u00fcller"}`], ['{"name":"[secret]"}']],
  ['not at all', ['Wrong key sk-test.'], ['Wrong key sk-test.']],
])('a secret that comes %s is taken out', (_name, chunks, expected) => {
  expect(redact(chunks)).toEqual(expected);
});

test('a secret that a model writes piece by piece is taken out of the deltas', () => {
  const chunks = ['My name is J', 'örg', ' Müller', '.'].map(toDelta);

  expect(redact(chunks)).toEqual(['My name is [secret]', '', '', '.'].map(toDelta));
});

test('a secret in the pieces of the input of a tool call is taken out, the rest stays byte for byte', () => {
  const toCall = (piece: string) =>
    `data:  {"choices": [{"delta": {"tool_calls": [{"function": {"arguments": ${JSON.stringify(piece)}}}]}}]}\r\n\r\n`;
  const untouched = `: ping\r\n\r\n${toCall('{"city":"')}`;
  const [first, ...rest] = redact([
    untouched,
    ...['"key":"sk-live', '-0123456789"', '}'].map((piece) =>
      toCall(piece).replace('data:  ', 'data: '),
    ),
  ]);

  expect(first).toBe(untouched);
  expect(rest.join('')).not.toContain('0123456789');
  expect(rest.join('')).toContain('[secret]');
});

test('bytes that are no text stay as they are', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, at) => at));

  expect(redactChunks([bytes], [key])).toEqual([bytes]);
});

test('wherever a body is cut, no secret stays and nothing else goes', () => {
  const parts = fc.array(
    fc.oneof(fc.constant(key), fc.constant('Jörg Müller'), fc.string({ unit: 'grapheme' })),
  );
  fc.assert(
    fc.property(parts, fc.array(fc.nat()), (texts, cuts) => {
      const whole = Buffer.from(texts.join('\n'));
      const chunks = cutAt(whole, cuts);
      const clean = redactChunks(chunks, [key, 'Jörg Müller']);
      const expected = texts.join('\n').replaceAll(/sk-live-0123456789|Jörg Müller/gu, '[secret]');

      expect(clean).toHaveLength(chunks.length);
      expect(Buffer.concat(clean).toString()).toBe(expected);
    }),
    { numRuns },
  );
});

function redact(chunks: readonly string[]): string[] {
  const bytes = chunks.map((chunk) => Buffer.from(chunk));
  return redactChunks(bytes, [key, 'Jörg Müller']).map(String);
}

function toDelta(content: string): string {
  return `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`;
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted(
    (a, b) => a - b,
  );
  return [0, ...places].map((start, at) => bytes.subarray(start, places[at] ?? bytes.length));
}
