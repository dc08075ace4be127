import { createTokenCounter } from './o200k.ts';
import type { TokenCounter } from './o200k.ts';
import { countSampled } from './sample.ts';

/** A message as far as counting is concerned. */
export interface CountedMessage {
  readonly role: string;
  readonly content: string;
}

/**
 * Counts tokens the way OpenAI's `o200k_base` does. Other vendors have tokenizers of their own: over 410 texts the
 * difference was under 1 % for Qwen on Chinese, English and code, up to 10 % for DeepSeek on Chinese and for both on JSON.
 *
 * Messages cost 4 tokens each besides their content, and 3 for the answer's beginning. Tools are not counted.
 *
 * The table of tokens (2 MB) is loaded at the first call, in about 0.1 s; importing this file loads nothing. After that
 * the time is bounded for any input: measured 5 ms for 131,072 characters of prose and 0.25 s for the worst found, as many
 * random Chinese characters without a break. Longer texts are read in windows spread over them, and the result is scaled
 * up. Control tokens such as `<|endoftext|>` count as the text they are.
 */
export async function countTokens(input: string | readonly CountedMessage[]): Promise<number> {
  const count = await loadCounter();
  if (typeof input === 'string') return countSampled(input, { limit: LIMIT, count });
  const contents = input.map(({ content }) => content);
  return countAll(contents, count) + 4 * input.length + 3;
}

/** Longest text read as a whole, in UTF-16 units. */
const LIMIT = 131_072;

/** All texts share one limit; together over it, they are sampled as one text. */
function countAll(texts: string[], count: TokenCounter): number {
  const length = texts.reduce((sum, text) => sum + text.length, 0);
  if (length > LIMIT) return countSampled(texts.join(''), { limit: LIMIT, count });
  return texts.reduce((sum, text) => sum + count(text), 0);
}

let counter: Promise<TokenCounter> | undefined;

function loadCounter(): Promise<TokenCounter> {
  counter ??= import('js-tiktoken/ranks/o200k_base').then(
    ({ default: table }) => createTokenCounter(table),
    (error: unknown) => {
      counter = undefined; // a failed download may succeed next time
      throw error;
    },
  );
  return counter;
}
