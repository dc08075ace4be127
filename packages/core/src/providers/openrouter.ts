import { defineProvider } from '../provider.ts';

// https://openrouter.ai/docs, 2026-11. A gateway: its prices follow the hosts behind it and change within days, so none
// is kept here. Its usage says what the call cost, in credits of one US dollar: recorded streams, read 2026-11-10.
export const openrouter = defineProvider({
  id: 'openrouter',
  name: 'OpenRouter',
  baseURL: 'https://openrouter.ai/api/v1',
  apiKeyEnv: ['OPENROUTER_API_KEY'],
  // Listed by models.dev, 2026-11.
  defaultModel: 'deepseek/deepseek-v4.1-flash',
  models: { 'deepseek/deepseek-v4.1-flash': { contextTokens: 1_048_576 } },
  reportedCost: { field: 'cost', currency: 'USD' },
  // https://openrouter.ai/docs/api/reference/errors-and-debugging, 2026-11.
  errors: [
    // Calls under way have taken up the credits for now; without a time to wait there are none.
    { code: 'rate_limit', status: [402], waits: true },
    // A day's allowance: https://github.com/Gitlawb/openclaude/issues/936, 2026-04.
    {
      code: 'balance',
      words: /free-models-per-day/,
      remedy: 'Wait until tomorrow, add credits, or use a paid model.',
    },
    { code: 'content_filter', status: [403], words: /moderation|flagged|guardrail/i },
  ],
  docs: 'https://openrouter.ai/docs',
  keyPage: 'https://openrouter.ai/settings/keys',
});
