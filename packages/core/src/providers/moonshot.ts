import { defineProvider } from '../provider.ts';

const k26 = { contextTokens: 262_144, maxOutputTokens: 262_144 } as const;
const k27Code = { contextTokens: 262_144 } as const;
const k3 = { contextTokens: 1_048_576, maxOutputTokens: 131_072 } as const;
const modelBank = { currency: 'CNY', source: 'model-bank', asOf: '2026-09-27' } as const;
const modelsDev = { currency: 'USD', source: 'models.dev', asOf: '2026-07-02' } as const;

// https://platform.moonshot.cn/docs, 2026-11. The sites bill in their own currency; a key of one is a 401 at the other.
// Prices: model-bank, 2026-09-27 (CNY), models.dev, 2026-07-02 (USD).
export const moonshot = defineProvider({
  id: 'moonshot',
  name: 'Moonshot AI (Kimi)',
  baseURL: {
    default: 'cn',
    regions: {
      cn: {
        baseURL: 'https://api.moonshot.cn/v1',
        models: {
          'kimi-k2.6': {
            ...k26,
            price: { ...modelBank, tiers: [{ input: '6.5', cachedInput: '1.1', output: '27' }] },
          },
          'kimi-k2.7-code': {
            ...k27Code,
            price: { ...modelBank, tiers: [{ input: '6.5', cachedInput: '1.3', output: '27' }] },
          },
          'kimi-k3': {
            ...k3,
            price: { ...modelBank, tiers: [{ input: '20', cachedInput: '2', output: '100' }] },
          },
        },
        docs: 'https://platform.moonshot.cn/docs',
        keyPage: 'https://platform.moonshot.cn/console/api-keys',
      },
      ai: {
        baseURL: 'https://api.moonshot.ai/v1',
        models: {
          'kimi-k2.6': {
            ...k26,
            price: { ...modelsDev, tiers: [{ input: '0.95', cachedInput: '0.16', output: '4' }] },
          },
          'kimi-k2.7-code': {
            ...k27Code,
            price: { ...modelsDev, tiers: [{ input: '0.95', cachedInput: '0.19', output: '4' }] },
          },
          'kimi-k3': {
            ...k3,
            price: { ...modelsDev, tiers: [{ input: '3', cachedInput: '0.3', output: '15' }] },
          },
        },
        docs: 'https://platform.moonshot.ai/docs',
        keyPage: 'https://platform.moonshot.ai/console/api-keys',
      },
    },
  },
  apiKeyEnv: ['MOONSHOT_API_KEY'],
  defaultModel: 'kimi-k2.6',
  // https://platform.moonshot.cn/docs, 2026-11; the other codes name what they mean.
  errors: [
    {
      code: 'auth',
      status: [401],
      remedy: 'Check the API key; each site has its own: moonshot@cn or moonshot@ai.',
    },
  ],
  // Partial mode is named in its documentation of 2025; nobody has recorded it with the present models: unsure.
  continuation: {
    field: 'partial',
    models: /^kimi-/,
    isThinking: ({ thinking }) => (thinking as { type?: unknown } | undefined)?.type !== 'disabled',
    isVerified: false,
  },
});
