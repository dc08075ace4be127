import { defineProvider } from '../provider.ts';

// https://github.com/ggml-org/llama.cpp/tree/master/tools/server, 2026-11. Needs a key only when started with --api-key.
export const llamacpp = defineProvider({
  id: 'llamacpp',
  name: 'llama.cpp server',
  baseURL: 'http://127.0.0.1:8080/v1',
  apiKeyEnv: ['LLAMACPP_API_KEY'],
  needsApiKey: false,
  local: true,
  deadlines: { headersMs: 300_000, firstContentMs: 300_000 },
  docs: 'https://github.com/ggml-org/llama.cpp/tree/master/tools/server',
});
