import { defineProvider } from '../provider.ts';

// Context: models.dev, 2026-07-02, which says 64K of output where model-bank says 128K: the smaller figure.
const hy3 = { contextTokens: 256_000, maxOutputTokens: 64_000 } as const;

// Tencent moves from the old Hunyuan platform to TokenHub: https://cloud.tencent.com/document/product/1823/131382,
// 2026-05-11. Keys of one site do not work on another.
export const hunyuan = defineProvider({
  id: 'hunyuan',
  name: 'Tencent Hunyuan',
  baseURL: {
    default: 'tokenhub',
    regions: {
      tokenhub: {
        baseURL: 'https://tokenhub.tencentmaas.com/v1',
        models: {
          hy3: {
            ...hy3,
            price: {
              currency: 'CNY',
              tiers: [{ input: '1', cachedInput: '0.25', output: '4' }],
              source: 'model-bank',
              asOf: '2026-09-27',
            },
          },
          // Third-party pages, 2026-10-10 (context) and 2026-11-19 (price): unsure.
          hy4: {
            contextTokens: 1_024_000,
            maxOutputTokens: 64_000,
            price: {
              currency: 'CNY',
              tiers: [{ input: '6', cachedInput: '0.3', output: '18' }],
              source: 'third-party page',
              asOf: '2026-11-19',
            },
          },
        },
      },
      // The host is given as `tokenhub-intl.tencentmaas.com` by some pages. No price list read.
      'tokenhub-intl': {
        baseURL: 'https://tokenhub-intl.tencentcloudmaas.com/v1',
        models: { hy3 },
      },
      // Gets no new models, and loses its own over time: whether the default still answers is unsure.
      classic: {
        baseURL: 'https://api.hunyuan.cloud.tencent.com/v1',
        apiKeyEnv: ['HUNYUAN_API_KEY'],
        defaultModel: 'hunyuan-turbos-latest',
        docs: 'https://cloud.tencent.com/document/product/1729',
        keyPage: 'https://console.cloud.tencent.com/hunyuan/start',
      },
    },
  },
  // The first is the name models.dev uses, 2026-07-02; the second is used by other clients.
  apiKeyEnv: ['TENCENT_TOKENHUB_API_KEY', 'TOKENHUB_API_KEY'],
  defaultModel: 'hy3',
  // https://cloud.tencent.com/document/product/1823, 2026-05: the inner codes; its statuses mean what they mean elsewhere.
  errors: [
    {
      code: 'balance',
      codes: ['401007', '401008', '403004'],
      remedy:
        'Open the paid service of this model in the console, top up the account, or use another key.',
    },
    { code: 'rate_limit', codes: ['429001'] },
    { code: 'content_filter', codes: ['451001'] },
    {
      code: 'auth',
      status: [401],
      remedy:
        'Check the API key; each site has its own: hunyuan@tokenhub, hunyuan@tokenhub-intl or hunyuan@classic.',
    },
  ],
  docs: 'https://cloud.tencent.com/document/product/1823/130050',
});
