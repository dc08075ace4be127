import { defineProvider } from '../provider.ts';

const glm53 = { contextTokens: 1_000_000, maxOutputTokens: 131_072 } as const;
const glm53Flash = { contextTokens: 1_000_000, maxOutputTokens: 128_000 } as const;
const modelBank = { currency: 'CNY', source: 'model-bank', asOf: '2026-09-27' } as const;

// https://docs.bigmodel.cn and https://docs.z.ai, 2026-11. The path ends in `/v4`, not `/v1`.
export const zhipu = defineProvider({
  id: 'zhipu',
  name: 'Zhipu (GLM)',
  baseURL: {
    default: 'cn',
    regions: {
      cn: {
        baseURL: 'https://open.bigmodel.cn/api/paas/v4',
        models: {
          'glm-5.3-flash': {
            ...glm53Flash,
            price: { ...modelBank, tiers: [{ input: '0.8', cachedInput: '0.23', output: '2.8' }] },
          },
          'glm-5.3': {
            ...glm53,
            price: { ...modelBank, tiers: [{ input: '8', cachedInput: '2', output: '28' }] },
          },
          // Free of charge.
          'glm-4.7-flash': { price: { ...modelBank, tiers: [{ input: '0', output: '0' }] } },
        },
        docs: 'https://docs.bigmodel.cn',
        keyPage: 'https://open.bigmodel.cn/usercenter/apikeys',
      },
      intl: {
        baseURL: 'https://api.z.ai/api/paas/v4',
        apiKeyEnv: ['ZAI_API_KEY'],
        models: {
          // List price by third-party pages; a launch offer halved it for a time: unsure.
          'glm-5.3-flash': {
            ...glm53Flash,
            price: {
              currency: 'USD',
              tiers: [{ input: '0.15', cachedInput: '0.03', output: '0.50' }],
              source: 'https://docs.apiyi.com/models/glm-5-3-flash',
              asOf: '2026-09-08',
            },
          },
          // models.dev, 2026-07-02.
          'glm-4.7': {
            contextTokens: 204_800,
            maxOutputTokens: 131_072,
            price: {
              currency: 'USD',
              tiers: [{ input: '0.6', cachedInput: '0.11', output: '2.2' }],
              source: 'models.dev',
              asOf: '2026-07-02',
            },
          },
        },
        docs: 'https://docs.z.ai',
        keyPage: 'https://z.ai/manage-apikey/apikey-list',
      },
    },
  },
  // The first is the name models.dev uses, 2026-07-02; the second is the one of the vendor's older SDK: unsure.
  apiKeyEnv: ['ZHIPU_API_KEY', 'ZHIPUAI_API_KEY'],
  defaultModel: 'glm-5.3-flash',
  // https://docs.bigmodel.cn/cn/api/api-code and https://docs.z.ai/api-reference/api-code, 2026-11. Arrears are a 429.
  errors: [
    { code: 'balance', codes: ['1113'] },
    {
      code: 'balance',
      codes: ['1304', '1308', '1310'],
      remedy: 'Wait for the time of the reset, or use another key.',
    },
    { code: 'balance', codes: ['1309'], remedy: 'Renew the plan, or use another key.' },
    // Fair use of a plan: "To restore access, please submit a request" (https://github.com/zai-org/GLM-5/issues/77, 2026-06).
    { code: 'forbidden', codes: ['1313'] },
    // Accounts that are inactive, unknown or locked; interfaces and models outside the plan.
    { code: 'forbidden', codes: ['1110', '1111', '1112', '1121', '1220', '1311'] },
    { code: 'rate_limit', codes: ['1302', '1303'] },
    { code: 'overloaded', codes: ['1305', '1312'] },
    { code: 'content_filter', codes: ['1300', '1301'] },
    { code: 'context_overflow', codes: ['1261'] },
    { code: 'model_not_found', codes: ['1211'] },
    { code: 'bad_request', codes: ['1210', '1212', '1213', '1214', '1215'] },
    { code: 'upstream_error', codes: ['1120', '1200', '1230', '1234'] },
    { code: 'forbidden', status: [434] },
    { code: 'too_large', status: [435] },
    {
      code: 'auth',
      codes: ['1000', '1001', '1002', '1003', '1004', '1005'],
      remedy: 'Check the API key; each site has its own: zhipu@cn or zhipu@intl.',
    },
  ],
});
