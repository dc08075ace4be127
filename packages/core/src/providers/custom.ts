import { defineProvider } from '../provider.ts';

/** Any OpenAI-compatible server that has no preset. Its base URL comes from ANYTURN_BASE_URL or from an option. */
export const custom = defineProvider({
  id: 'custom',
  name: 'Custom server',
  baseURL: '',
  baseUrlEnv: ['ANYTURN_BASE_URL'],
  apiKeyEnv: ['ANYTURN_API_KEY'],
  needsApiKey: false,
});
