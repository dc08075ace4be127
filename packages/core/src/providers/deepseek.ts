import type { PriceHours } from '../pricing/price.ts';
import { defineProvider } from '../provider.ts';

// https://api-docs.deepseek.com/zh-cn/quick_start/pricing, 2026-10: Monday to Friday, 9-12 and 14-18 in Beijing.
// Public holidays count as off-peak there; they are not known here, so those days come out too dear.
const peakHours: PriceHours = {
  utcOffset: 8,
  days: [1, 2, 3, 4, 5],
  ranges: [
    [9, 12],
    [14, 18],
  ],
};

const pricing = {
  currency: 'CNY',
  source: 'https://api-docs.deepseek.com/zh-cn/quick_start/pricing',
  asOf: '2026-10-17',
} as const;

// https://api-docs.deepseek.com, 2026-10. `deepseek-chat` and `deepseek-reasoner` ended on 2026-07-24.
export const deepseek = defineProvider({
  id: 'deepseek',
  name: 'DeepSeek',
  baseURL: 'https://api.deepseek.com',
  apiKeyEnv: ['DEEPSEEK_API_KEY'],
  defaultModel: 'deepseek-flash',
  // A queued request gets keep-alive comments and is closed by the vendor after 10 minutes
  // (https://api-docs.deepseek.com/quick_start/rate_limit; the newest page no longer repeats the figure: unsure).
  deadlines: { firstContentMs: 600_000, attemptMs: 1_200_000 },
  transformRequestBody: replayReasoning,
  // https://api-docs.deepseek.com/guides/chat_prefix_completion, 2026-10: base URL /beta. With thinking on: unsure.
  continuation: {
    field: 'prefix',
    path: '/beta',
    models: /^deepseek-/,
    isThinking: ({ thinking }) => !isDisabled(thinking),
    isVerified: true,
  },
  models: {
    // DeepSeek-V4.1-Flash; context 1M (an error text says 1,048,565), output 384K.
    'deepseek-flash': {
      contextTokens: 1_000_000,
      maxOutputTokens: 384_000,
      price: {
        ...pricing,
        tiers: [
          { when: { hours: peakHours }, input: '2', cachedInput: '0.04', output: '8' },
          { input: '1', cachedInput: '0.02', output: '4' },
        ],
      },
    },
    // A notice of 2026-09-14 bills this name as Flash until V4.1 Pro; the later price page does not: unsure.
    'deepseek-v4-pro': {
      contextTokens: 1_000_000,
      maxOutputTokens: 384_000,
      price: {
        ...pricing,
        tiers: [
          { when: { hours: peakHours }, input: '9', cachedInput: '0.30', output: '27' },
          { input: '4.5', cachedInput: '0.15', output: '13.5' },
        ],
      },
    },
  },
  docs: 'https://api-docs.deepseek.com',
  keyPage: 'https://platform.deepseek.com/api_keys',
});

/**
 * While thinking (the default), a tool call in the history without `reasoning_content` is a 400: "must be passed
 * back" (https://api-docs.deepseek.com/guides/thinking_mode, 2026-10). An empty one stands in where the model, or
 * another provider before it, gave none.
 */
function replayReasoning(body: Record<string, unknown>): Record<string, unknown> {
  const { messages, thinking } = body;
  if (!Array.isArray(messages) || isDisabled(thinking)) return body;
  return {
    ...body,
    messages: messages.map((message: Record<string, unknown> | null) =>
      message?.['tool_calls'] === undefined || message['reasoning_content'] !== undefined
        ? message
        : { ...message, reasoning_content: '' },
    ),
  };
}

function isDisabled(thinking: unknown): boolean {
  return (thinking as { type?: unknown } | null | undefined)?.type === 'disabled';
}
