import { defineProvider } from '../provider.ts';

// https://lmstudio.ai/docs/app/api, 2026-11. The first call to a model may wait until it is loaded.
export const lmstudio = defineProvider({
  id: 'lmstudio',
  name: 'LM Studio',
  baseURL: 'http://127.0.0.1:1234/v1',
  apiKeyEnv: ['LMSTUDIO_API_KEY'],
  needsApiKey: false,
  local: true,
  deadlines: { headersMs: 300_000, firstContentMs: 300_000 },
  docs: 'https://lmstudio.ai/docs/app/api',
});
