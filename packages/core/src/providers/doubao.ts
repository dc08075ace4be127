import { defineProvider } from '../provider.ts';

const modelBank = { currency: 'CNY', source: 'model-bank', asOf: '2026-09-27' } as const;

// Base URL and ARK_API_KEY: https://www.volcengine.com/docs/82379, 2026-11; the other key names are in common use.
// Model ids carry a date and hyphens; dotted names are marketing names. An endpoint id `ep-…` works as a model id.
// The international twin, unsure: https://ark.ap-southeast.bytepluses.com/api/v3, to be set as DOUBAO_BASE_URL.
export const doubao = defineProvider({
  id: 'doubao',
  name: 'Doubao (Volcengine Ark)',
  baseURL: 'https://ark.cn-beijing.volces.com/api/v3',
  apiKeyEnv: ['ARK_API_KEY', 'VOLCENGINE_API_KEY', 'DOUBAO_API_KEY'],
  baseUrlEnv: ['DOUBAO_BASE_URL', 'ARK_BASE_URL'],
  defaultModel: 'doubao-seed-2-1-turbo-260628',
  models: {
    // Context 256K, output 32-128K by model: the smaller figure.
    'doubao-seed-2-1-turbo-260628': {
      contextTokens: 256_000,
      maxOutputTokens: 32_000,
      price: { ...modelBank, tiers: [{ input: '3', cachedInput: '0.6', output: '15' }] },
    },
    // The bound of the middle tier (128K) is unsure.
    'doubao-seed-2-0-pro-260215': {
      contextTokens: 256_000,
      maxOutputTokens: 32_000,
      price: {
        ...modelBank,
        tiers: [
          { when: { inputTokensUpTo: 32_000 }, input: '3.2', output: '16' },
          { when: { inputTokensUpTo: 128_000 }, input: '4.8', output: '24' },
          { input: '9.6', output: '48' },
        ],
      },
    },
  },
  // https://www.volcengine.com/docs/82379/1299023, 2025-11. What the limits are that QuotaExceeded and SetLimitExceeded tell of, not
  // those of a minute, is unsure; so is InvalidSubscription, read in a copy of the reference.
  errors: [
    {
      code: 'balance',
      codes: ['QuotaExceeded', 'SetLimitExceeded'],
      remedy: 'Raise the limit of this model in the console, or use another key.',
    },
    {
      code: 'balance',
      codes: ['InvalidSubscription'],
      remedy: 'Renew the plan, or use another key.',
    },
  ],
  docs: 'https://www.volcengine.com/docs/82379',
  keyPage: 'https://console.volcengine.com/ark',
});
