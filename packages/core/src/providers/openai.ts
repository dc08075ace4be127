import { defineProvider } from '../provider.ts';

// Base URL, key name, `max_completion_tokens`: https://platform.openai.com/docs/api-reference/chat, 2026-11.
export const openai = defineProvider({
  id: 'openai',
  name: 'OpenAI',
  baseURL: 'https://api.openai.com/v1',
  apiKeyEnv: ['OPENAI_API_KEY'],
  // The gpt-6 models refuse tools on chat completions at any effort (reported 2026-09), so the default is older.
  defaultModel: 'gpt-5.6-luna',
  // Models since gpt-5 and the o series answer `max_tokens` with 400 `unsupported_parameter` (recorded).
  maxTokensField: 'max_completion_tokens',
  transformRequestBody: allowTools,
  models: {
    // https://developers.openai.com/api/docs/models/gpt-5.6-luna, 2026-11. A prompt over 272K doubles the input
    // price and adds half to the output price, for the whole request.
    'gpt-5.6-luna': {
      contextTokens: 1_050_000,
      maxOutputTokens: 128_000,
      price: {
        currency: 'USD',
        tiers: [
          {
            when: { inputTokensUpTo: 272_000 },
            input: '0.20',
            cachedInput: '0.02',
            output: '1.20',
          },
          { input: '0.40', cachedInput: '0.04', output: '1.80' },
        ],
        source: 'https://developers.openai.com/api/docs/models/gpt-5.6-luna',
        asOf: '2026-11-21',
      },
    },
    // model-bank, 2026-09-27. The output price over 272K follows the rule of gpt-5.6: unsure.
    'gpt-6-sol': {
      contextTokens: 1_050_000,
      maxOutputTokens: 128_000,
      price: {
        currency: 'USD',
        tiers: [
          { when: { inputTokensUpTo: 272_000 }, input: '2', cachedInput: '0.2', output: '10' },
          { input: '4', cachedInput: '0.4', output: '15' },
        ],
        source: 'model-bank',
        asOf: '2026-09-27',
      },
    },
    // model-bank, 2026-09-27.
    'gpt-4.1': {
      price: {
        currency: 'USD',
        tiers: [{ input: '2', cachedInput: '0.5', output: '8' }],
        source: 'model-bank',
        asOf: '2026-09-27',
      },
    },
  },
  docs: 'https://platform.openai.com/docs/api-reference/chat',
  keyPage: 'https://platform.openai.com/api-keys',
});

/**
 * The gpt-5.6 models answer tools with 400 unless the effort is `none`, even when the request names no effort:
 * https://github.com/BerriAI/litellm/pull/34569, 2026-07-24. An effort that the caller chose stays.
 */
function allowTools(body: Record<string, unknown>): Record<string, unknown> {
  const { model, tools, reasoning_effort: effort } = body;
  const hasTools = Array.isArray(tools) && tools.length > 0;
  if (!hasTools || effort !== undefined || !/^gpt-5\.6(-|$)/.test(String(model))) return body;
  return { ...body, reasoning_effort: 'none' };
}
