import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnyturnError } from './errors.ts';
import { parseModelRef, printModelRef } from './model-ref.ts';

const numRuns = process.env['ANYTURN_TEST_FULL'] ? 10_000 : 500;

test.each([
  ['deepseek', { provider: 'deepseek' }],
  ['qwen@singapore', { provider: 'qwen', region: 'singapore' }],
  ['qwen/qwen-plus', { provider: 'qwen', modelId: 'qwen-plus' }],
  ['Qwen@Singapore/Qwen-Plus', { provider: 'qwen', region: 'singapore', modelId: 'Qwen-Plus' }],
  [
    'siliconflow@cn/deepseek-ai/DeepSeek-V4-Flash',
    { provider: 'siliconflow', region: 'cn', modelId: 'deepseek-ai/DeepSeek-V4-Flash' },
  ],
  ['ollama/qwen3:8b', { provider: 'ollama', modelId: 'qwen3:8b' }],
  ['ollama/hf.co/org/model@q4', { provider: 'ollama', modelId: 'hf.co/org/model@q4' }],
  ['vllm//models/mine', { provider: 'vllm', modelId: '/models/mine' }],
  ['custom/模型', { provider: 'custom', modelId: '模型' }],
])('%s is read', (text, ref) => {
  expect(parseModelRef(text)).toEqual(ref);
});

test.each([
  '',
  ' ',
  'qwen/ qwen-plus',
  ' qwen/qwen-plus',
  'qwen/qwen-plus\n',
  'qwen/a\u0000b',
  'qwen/a\u202eb',
  'qwen/',
  '/qwen-plus',
  'qwen@/qwen-plus',
  'qwen@',
  '@singapore/qwen-plus',
  'qwen@a@b/qwen-plus',
  'https://api.example.com/v1',
  '通义/qwen-plus',
  '\u212amodel/x', // the Kelvin sign, which a case-insensitive pattern may take for a k
  `qwen/${'x'.repeat(512)}`,
  '\ud800',
])('%j is refused with an example of the right form', (text) => {
  const error = thrownBy(() => parseModelRef(text));
  expect(error.code).toBe('config');
  expect(error.message).toContain('"qwen@singapore/qwen-plus"');
  expect(error.message.length).toBeLessThan(400);
  expect(error.message).not.toMatch(/\p{C}/u);
});

test('a reference is read back as it was written', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);
  const modelId = fc.stringMatching(/^[A-Za-z0-9/:@._-]{1,80}$/);
  const ref = fc.record({ provider: name, region: name, modelId }, { requiredKeys: ['provider'] });
  fc.assert(
    fc.property(ref, (value) => {
      expect(parseModelRef(printModelRef(value))).toEqual(value);
    }),
    { numRuns },
  );
});

test('any text is read or refused with a config error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
      expect(readOrCode(text)).toBeOneOf([text.toLowerCase(), 'config']);
    }),
    { numRuns },
  );
});

function readOrCode(text: string): string {
  try {
    return printModelRef(parseModelRef(text)).toLowerCase();
  } catch (error) {
    return AnyturnError.isInstance(error) ? error.code : 'another error';
  }
}

function thrownBy(run: () => unknown): AnyturnError {
  try {
    run();
  } catch (error) {
    if (AnyturnError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
