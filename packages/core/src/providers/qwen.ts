import { defineProvider } from '../provider.ts';

const qwenPlus = { contextTokens: 1_000_000, maxOutputTokens: 32_768 } as const;
const modelBank = { currency: 'CNY', source: 'model-bank', asOf: '2026-09-27' } as const;

// Hosts: https://www.alibabacloud.com/help/en/model-studio/base-url, 2026-10-11. A key works in the region it was
// made in; with another region's host it is answered 401. The vendor now recommends a host per workspace,
// `https://{WorkspaceId}.{region}.maas.aliyuncs.com/compatible-mode/v1`: set it as QWEN_BASE_URL.
export const qwen = defineProvider({
  id: 'qwen',
  name: 'Qwen (Alibaba Cloud Model Studio)',
  baseURL: {
    default: 'beijing',
    regions: {
      beijing: {
        baseURL: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
        models: {
          // Input prices: model-bank, 2026-09-27. Output and thinking prices: the rows of models.dev, 2026-07-02, turned
          // back into CNY at the rate that gives those input prices (6.97). Cached input is billed at 20 %: vendor doc.
          'qwen-plus': {
            ...qwenPlus,
            price: {
              currency: 'CNY',
              tiers: [
                {
                  when: { inputTokensUpTo: 128_000, thinking: true },
                  input: '0.8',
                  cachedInput: '0.16',
                  output: '8',
                },
                {
                  when: { inputTokensUpTo: 128_000 },
                  input: '0.8',
                  cachedInput: '0.16',
                  output: '2',
                },
                {
                  when: { inputTokensUpTo: 256_000, thinking: true },
                  input: '2.4',
                  cachedInput: '0.48',
                  output: '24',
                },
                {
                  when: { inputTokensUpTo: 256_000 },
                  input: '2.4',
                  cachedInput: '0.48',
                  output: '20',
                },
                { when: { thinking: true }, input: '4.8', cachedInput: '0.96', output: '64' },
                { input: '4.8', cachedInput: '0.96', output: '48' },
              ],
              source: 'model-bank 2026-09-27; models.dev 2026-07-02',
              asOf: '2026-07-02',
            },
          },
          'qwen3.8-max': {
            contextTokens: 1_000_000,
            maxOutputTokens: 131_072,
            price: { ...modelBank, tiers: [{ input: '12', cachedInput: '1.5', output: '36' }] },
          },
          'qwen3.8-flash': {
            contextTokens: 1_000_000,
            price: { ...modelBank, tiers: [{ input: '0.8', cachedInput: '0.16', output: '2.7' }] },
          },
          'qwen-max': {
            contextTokens: 131_072,
            maxOutputTokens: 8_192,
            price: { ...modelBank, tiers: [{ input: '2.4', output: '9.6' }] },
          },
        },
        keyPage: 'https://bailian.console.aliyun.com/',
      },
      singapore: {
        baseURL: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
        models: {
          // models.dev, 2026-07-02.
          'qwen-plus': {
            ...qwenPlus,
            price: {
              currency: 'USD',
              tiers: [
                {
                  when: { inputTokensUpTo: 256_000, thinking: true },
                  input: '0.4',
                  cachedInput: '0.08',
                  output: '4',
                },
                {
                  when: { inputTokensUpTo: 256_000 },
                  input: '0.4',
                  cachedInput: '0.08',
                  output: '1.2',
                },
                { when: { thinking: true }, input: '1.2', cachedInput: '0.24', output: '12' },
                { input: '1.2', cachedInput: '0.24', output: '3.6' },
              ],
              source: 'models.dev',
              asOf: '2026-07-02',
            },
          },
        },
      },
      // Model names end in `-us` here: models.dev, 2026-07-02. It lists no thinking price: unsure.
      'us-virginia': {
        baseURL: 'https://dashscope-us.aliyuncs.com/compatible-mode/v1',
        defaultModel: 'qwen-plus-us',
        models: {
          'qwen-plus-us': {
            contextTokens: 1_000_000,
            maxOutputTokens: 65_536,
            price: {
              currency: 'USD',
              tiers: [
                {
                  when: { inputTokensUpTo: 256_000, thinking: false },
                  input: '0.4',
                  output: '1.2',
                },
                { when: { thinking: false }, input: '1.2', output: '3.6' },
              ],
              source: 'models.dev',
              asOf: '2026-07-02',
            },
          },
        },
      },
      // No price list read for this region.
      'hong-kong': 'https://cn-hongkong.dashscope.aliyuncs.com/compatible-mode/v1',
    },
  },
  // The vendor's own name, then the one of the AI SDK's Alibaba package, then the preset's.
  apiKeyEnv: ['DASHSCOPE_API_KEY', 'ALIBABA_API_KEY', 'QWEN_API_KEY'],
  baseUrlEnv: ['QWEN_BASE_URL', 'DASHSCOPE_BASE_URL'],
  defaultModel: 'qwen-plus',
  // https://www.alibabacloud.com/help/en/model-studio/partial-mode, 2026-03: listed models, hybrid ones without thinking.
  // The families are named here, not each model; the newer ones think unless told not to.
  continuation: {
    field: 'partial',
    models: /^qwen(?:-(?:max|plus|flash|turbo)|3-(?:max|coder)|3\.\d+-(?:max|plus|flash))/,
    isThinking: ({ model, enable_thinking: thinking }) =>
      thinking === true || (thinking === undefined && /^qwen3\.\d/.test(String(model))),
    isVerified: true,
  },
  // https://www.alibabacloud.com/help/en/model-studio/error-code, 2026-09; keys and regions: base-url, 2026-10-11.
  errors: [
    {
      code: 'balance',
      words: /free ?tier|free allocated quota/i,
      remedy: 'Turn off "use free tier only" in the console, or use another model or key.',
    },
    // The tokens of a minute, which come back within it, in the words that OpenAI has for an empty account.
    {
      code: 'rate_limit',
      status: [429],
      codes: ['insufficient_quota', 'Throttling.AllocationQuota'],
    },
    {
      code: 'auth',
      status: [401],
      remedy:
        'Check the API key; it works only in the region it was made in: qwen@beijing, qwen@singapore, qwen@us-virginia or qwen@hong-kong.',
    },
  ],
  docs: 'https://www.alibabacloud.com/help/en/model-studio/',
});
