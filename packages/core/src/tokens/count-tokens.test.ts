import fc from 'fast-check';
import { Tiktoken } from 'js-tiktoken/lite';
import o200kBase from 'js-tiktoken/ranks/o200k_base';
import { expect, test } from 'vitest';
import { countTokens } from './count-tokens.ts';

const numRuns = process.env['ANYTURN_TEST_FULL'] ? 5_000 : 300;

test('the count is the one of js-tiktoken for any text of ordinary words', async () => {
  const reference = new Tiktoken(o200kBase);
  const word = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({
      unit: fc.constantFrom(...Array.from('aAzZ éñ中文，。한ё\n\r\t  .,;{}"\'s0129👩‍🚀')),
      maxLength: 40,
    }),
    fc.constantFrom(
      '<|endoftext|>',
      "I'll",
      'HTTPServer',
      '    return',
      '\r\n\r\n',
      '你好，世界！',
    ),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 3 }), async (words) => {
      const text = words.join('');
      expect(await countTokens(text)).toBe(reference.encode(text, [], []).length);
    }),
    { numRuns },
  );
});

test('known texts have their known counts', async () => {
  const texts = ['', 'hello world', '你好，世界！', '<|endoftext|>', '\ud800'];
  expect(await Promise.all(texts.map((text) => countTokens(text)))).toEqual([0, 2, 4, 7, 1]);
});

test('messages cost four tokens each besides their content, and three in all', async () => {
  expect(await countTokens([])).toBe(3);
  expect(
    await countTokens([
      { role: 'system', content: 'hello world' },
      { role: 'user', content: '你好，世界！' },
    ]),
  ).toBe(2 + 4 + 2 * 4 + 3);
});

test.each([
  ['one letter', 'a', 125_000],
  ['spaces', ' ', 7_812],
  ['line breaks', '\n', 62_500],
  ['capitals', 'A', 125_000],
  ['signs', '=', 15_625],
] as const)('a million characters of %s are counted', async (_, char, expected) => {
  const tokens = await countTokens(char.repeat(1_000_000));
  expect(tokens / expected).toBeCloseTo(1, 1);
});

test('a text of over a million characters without any break is counted', async () => {
  const letters = fc.sample(fc.integer({ min: 0, max: 20_000 }), { numRuns: 131_072, seed: 1 });
  const text = String.fromCharCode(...letters.slice(0, 65_536).map((n) => 0x4e00 + n)).repeat(20);
  expect(await countTokens(text)).toBeGreaterThan(text.length);
});

test('a run without a break counts at most two tokens more per 128 characters', async () => {
  const reference = new Tiktoken(o200kBase);
  const word = 'internationalisation'.repeat(40);
  const exact = reference.encode(word, [], []).length;
  const counted = await countTokens(word);
  expect(counted).toBeGreaterThanOrEqual(exact);
  expect(counted).toBeLessThanOrEqual(exact + 2 * Math.floor(word.length / 128));
});

test('a text too long to be read as a whole is scaled up from samples within two percent', async () => {
  const paragraph =
    'The ferry leaves at half past six. 渡轮六点半开船，请带一件厚外套。 { "price": 39.9, "shipped": true }\n';
  const [one, all] = [await countTokens(paragraph), await countTokens(paragraph.repeat(20_000))];
  expect(all / (one * 20_000)).toBeCloseTo(1, 1.7);
});

test('messages that are too long together are sampled as one', async () => {
  const content = 'The ferry leaves at half past six. '.repeat(4_000);
  const one = await countTokens(content.slice(0, 100_000));
  const messages = Array.from({ length: 10 }, () => ({ role: 'user', content }));
  const tokens = await countTokens(messages);
  expect(tokens / (one * 1.4 * 10)).toBeCloseTo(1, 1.7);
});
