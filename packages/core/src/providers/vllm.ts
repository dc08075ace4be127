import { defineProvider } from '../provider.ts';

// https://docs.vllm.ai, 2026-11. Needs a key only when started with --api-key; tools need --enable-auto-tool-choice and a
// --tool-call-parser.
export const vllm = defineProvider({
  id: 'vllm',
  name: 'vLLM',
  baseURL: 'http://localhost:8000/v1',
  apiKeyEnv: ['VLLM_API_KEY'],
  needsApiKey: false,
  local: true,
  deadlines: { headersMs: 300_000, firstContentMs: 300_000 },
  docs: 'https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html',
});
