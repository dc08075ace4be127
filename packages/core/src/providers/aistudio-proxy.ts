import { defineProvider } from '../provider.ts';

// Its source, 2026-04-18. One browser answers one request at a time, so a call may wait for those before it.
export const aistudioProxy = defineProvider({
  id: 'aistudio-proxy',
  name: 'AI Studio Proxy',
  baseURL: 'http://127.0.0.1:2048/v1',
  apiKeyEnv: ['AISTUDIO_PROXY_API_KEY'],
  needsApiKey: false,
  local: true,
  deadlines: { headersMs: 300_000, firstContentMs: 300_000 },
  // The request was given up on its way through the browser.
  errors: [{ code: 'upstream_error', status: [499] }],
  docs: 'https://github.com/CJackHwang/AIstudioProxyAPI',
});
