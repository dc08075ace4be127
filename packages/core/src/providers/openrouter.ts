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
  docs: 'https://openrouter.ai/docs',
  keyPage: 'https://openrouter.ai/settings/keys',
});
