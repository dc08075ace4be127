import { casesOf } from '../case.ts';
import { reply, type FakeReplyOptions } from '../reply.ts';
import { editUsage, isFinish, usageOnFinish } from './edit.ts';
import { hello } from './steps.ts';

const always: FakeReplyOptions = { usageWhen: 'always' };

/** Token counts in odd places and forms. They are sent whether or not they were asked for. */
export const usageCases = casesOf('usage', {
  'usage-strings': odd(
    'Token counts are strings.',
    editUsage((usage) => Object.fromEntries(Object.entries(usage).map(([k, v]) => [k, String(v)]))),
  ),
  'usage-null': odd(
    'The usage is null wherever it should be.',
    editUsage(() => null),
  ),
  'usage-absent': odd('There is never any usage.', { usage: null }),
  'usage-without-choices': odd('The chunk with the usage has no choices.', {
    ...always,
    editChunks: (chunks) =>
      chunks.map(({ choices, ...rest }) => (choices.length > 0 ? { choices, ...rest } : rest)),
  }),
  'usage-choices-null': odd('The chunk with the usage has choices: null.', {
    ...always,
    editChunks: (chunks) =>
      chunks.map((chunk) => (chunk.choices.length > 0 ? chunk : { ...chunk, choices: null })),
  }),
  // Moonshot, as its AI SDK package reads it, 2026-11.
  'usage-in-choice': odd('The usage is inside the choice of the finish chunk.', {
    ...always,
    editChunks: (chunks) =>
      usageOnFinish(chunks).map(({ usage, ...chunk }) =>
        isFinish(chunk)
          ? { ...chunk, choices: chunk.choices.map((choice) => ({ ...choice, usage })) }
          : chunk,
      ),
  }),
  // DeepSeek, Zhipu and Mistral, recorded 2026.
  'usage-on-finish-chunk': odd('The usage is on the chunk with the finish reason.', {
    ...always,
    editChunks: usageOnFinish,
  }),
  'usage-on-every-chunk': odd('Every chunk carries usage, which grows.', {
    ...always,
    editChunks: (chunks) => {
      const usage = chunks.findLast((chunk) => chunk.usage)?.usage ?? {};
      return chunks.map((chunk, at) =>
        chunk.usage ? chunk : { ...chunk, usage: { ...usage, completion_tokens: at } },
      );
    },
  }),
  // DeepSeek, recorded 2026.
  'usage-cache-hit': odd('Cached tokens are in prompt_cache_hit_tokens alone.', {
    ...always,
    usage: { prompt_tokens: 100, prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36 },
  }),
  // Moonshot, as its AI SDK package reads it, 2026-11.
  'usage-cached-tokens': odd('Cached tokens are in cached_tokens, at the top of the usage.', {
    ...always,
    usage: { prompt_tokens: 100, cached_tokens: 64 },
  }),
});

function odd(description: string, options: FakeReplyOptions) {
  return { description, script: [reply.text(hello, options)], answer: hello };
}
