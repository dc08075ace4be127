import { expect, test } from 'vitest';
import { readTokenLimits } from './read-token-limits.ts';

test.each<[string, string, number | undefined, number | undefined]>([
  [
    'OpenAI',
    "This model's maximum context length is 128000 tokens. However, your messages resulted in 140,007 tokens.",
    140_007,
    128_000,
  ],
  [
    'DeepSeek',
    "This model's maximum context length is 1048565 tokens. However, you requested 1250025 tokens (1250025 in the messages, 0 in the completion).",
    1_250_025,
    1_048_565,
  ],
  [
    'OpenRouter',
    "This endpoint's maximum context length is 131072 tokens. However, you requested about 140000 tokens (130000 of text input, 10000 in the output).",
    140_000,
    131_072,
  ],
  [
    'vLLM, with a long answer asked for',
    "'max_tokens' or 'max_completion_tokens' is too large: 4096. This model's maximum context length is 32768 tokens and your request has 30000 input tokens (4096 > 32768 - 30000).",
    34_096,
    32_768,
  ],
  [
    'vLLM, 2026',
    "This model's maximum context length is 128000 tokens. However, you requested 65535 output tokens and your prompt contains at least 62466 input tokens, for a total of at least 128001 tokens.",
    128_001,
    128_000,
  ],
  [
    'vLLM, early 2026',
    "You passed 4097 input tokens and requested 100 output tokens. However, the model's context length is only 4096 tokens, resulting in a maximum input length of 3996 tokens.",
    4_197,
    4_096,
  ],
  [
    'vLLM, a prompt alone',
    'The decoder prompt (length 5000) is longer than the maximum model length of 4096.',
    5_000,
    4_096,
  ],
  [
    'SGLang',
    "Requested token count exceeds the model's maximum context length of 202752 tokens. You requested a total of 202941 tokens: 170941 tokens from the input messages",
    202_941,
    202_752,
  ],
  [
    'SGLang, a prompt alone',
    "The input (263000 tokens) is longer than the model's context length (262144 tokens).",
    263_000,
    262_144,
  ],
  [
    'Poolside',
    'Input length 131393 exceeds the maximum allowed input length of 131040 tokens.',
    131_393,
    131_040,
  ],
  [
    'SiliconFlow',
    'length of prompt_tokens (68957) must be less than max_seq_len (65536).',
    68_957,
    65_536,
  ],
  [
    'Moonshot',
    'Invalid request: Your request exceeded model token limit: 262144 (requested: 269030)',
    269_030,
    262_144,
  ],
  [
    'Moonshot, without its count',
    'Your request exceeded model token limit: 8192',
    undefined,
    8_192,
  ],
  ['Qwen', 'Range of input length should be [1, 129024]', undefined, 129_024],
  [
    'llama.cpp',
    'request (16384 tokens) exceeds the available context size (8192 tokens), try increasing it',
    16_384,
    8_192,
  ],
  [
    'Mistral',
    'Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
    40_000,
    32_768,
  ],
  [
    'Together',
    'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097. Given: 4000 `inputs` tokens and 100 `max_new_tokens`',
    4_100,
    4_097,
  ],
  [
    'xAI',
    "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
    537_812,
    131_072,
  ],
  [
    'Gemini',
    'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
    1_200_000,
    1_048_576,
  ],
  [
    'Gemini, without its count',
    'The input token count exceeds the maximum number of tokens allowed (1048576).',
    undefined,
    1_048_576,
  ],
  ['Anthropic', 'prompt is too long: 209353 tokens > 199999 maximum', 209_353, 199_999],
  [
    'Anthropic, with a long answer asked for',
    'input length and `max_tokens` exceed context limit: 90402 + 116650 > 204648, decrease input length',
    207_052,
    204_648,
  ],
  ['Fireworks', 'The prompt is too long: 5000, model maximum context length: 4095', 5_000, 4_095],
  [
    'LM Studio',
    'Trying to keep the first 5000 tokens when context overflows. However, the model is loaded with context length of only 4096 tokens, which is not enough.',
    5_000,
    4_096,
  ],
  ['Cerebras', 'Current length is 70000 while limit is 65536', 70_000, 65_536],
  ['Copilot', 'prompt token count of 70000 exceeds the limit of 64000', 70_000, 64_000],
  [
    'Groq, the tokens of a minute',
    'Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested 9000',
    9_000,
    6_000,
  ],
  ['a limit alone', "This model's maximum context length is 8192 tokens.", undefined, 8_192],
  ['no number', 'Please reduce the length of the messages.', undefined, undefined],
  ['a number that is none', 'maximum context length is ,,, tokens', undefined, undefined],
  ['a number too large', `context length is ${'9'.repeat(30)}`, undefined, undefined],
])('%s: counted and allowed tokens are read', (_, message, counted, allowed) => {
  expect(readTokenLimits(message)).toEqual({
    ...(counted !== undefined && { countedTokens: counted }),
    ...(allowed !== undefined && { allowedTokens: allowed }),
  });
});
