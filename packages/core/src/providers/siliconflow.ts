import { defineProvider } from '../provider.ts';

const modelBank = { currency: 'CNY', source: 'model-bank', asOf: '2026-09-27' } as const;

// https://docs.siliconflow.cn, 2026-11. The two sites keep separate accounts and keys.
export const siliconflow = defineProvider({
  id: 'siliconflow',
  name: 'SiliconFlow',
  baseURL: {
    default: 'cn',
    regions: {
      cn: {
        baseURL: 'https://api.siliconflow.cn/v1',
        // The second name is the one models.dev uses, 2026-07-02.
        apiKeyEnv: ['SILICONFLOW_API_KEY', 'SILICONFLOW_CN_API_KEY'],
        models: {
          'deepseek-ai/DeepSeek-V4-Flash': {
            price: { ...modelBank, tiers: [{ input: '1', cachedInput: '0.02', output: '2' }] },
          },
          'deepseek-ai/DeepSeek-V4-Pro': {
            price: { ...modelBank, tiers: [{ input: '12', cachedInput: '0.1', output: '24' }] },
          },
          'deepseek-ai/DeepSeek-V3.2': {
            price: { ...modelBank, tiers: [{ input: '4', cachedInput: '0.4', output: '6' }] },
          },
          'zai-org/GLM-5.2': {
            price: { ...modelBank, tiers: [{ input: '8', cachedInput: '2', output: '28' }] },
          },
          'moonshotai/Kimi-K2.7-Code': {
            price: { ...modelBank, tiers: [{ input: '6.5', cachedInput: '1.3', output: '27' }] },
          },
          // Free of charge.
          'Qwen/Qwen2.5-7B-Instruct': {
            price: { ...modelBank, tiers: [{ input: '0', output: '0' }] },
          },
        },
        docs: 'https://docs.siliconflow.cn',
        keyPage: 'https://cloud.siliconflow.cn/account/ak',
      },
      com: {
        baseURL: 'https://api.siliconflow.com/v1',
        // V4-Flash is not among the rows of models.dev for this site.
        defaultModel: 'deepseek-ai/DeepSeek-V3.2',
        models: {
          // models.dev, 2026-07-02.
          'deepseek-ai/DeepSeek-V3.2': {
            price: {
              currency: 'USD',
              tiers: [{ input: '0.27', output: '0.42' }],
              source: 'models.dev',
              asOf: '2026-07-02',
            },
          },
        },
        docs: 'https://docs.siliconflow.com',
        keyPage: 'https://cloud.siliconflow.com/account/ak',
      },
    },
  },
  apiKeyEnv: ['SILICONFLOW_API_KEY'],
  defaultModel: 'deepseek-ai/DeepSeek-V4-Flash',
  // https://docs.siliconflow.cn/cn/faqs/error-code, 2026-11. 20015 is any refused parameter, too long a prompt among them.
  errors: [
    {
      code: 'balance',
      status: [403],
      remedy: 'Top up the account or finish its real-name registration, or use another key.',
    },
    { code: 'model_not_found', codes: ['20012'] },
    { code: 'overloaded', status: [504] },
    {
      code: 'auth',
      status: [401],
      remedy: 'Check the API key; each site has its own: siliconflow@cn or siliconflow@com.',
    },
  ],
});
