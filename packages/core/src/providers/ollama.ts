import { defineProvider } from '../provider.ts';

// https://docs.ollama.com/openai, 2026-11. A local server ignores the key; the cloud needs one and is reached with
// OLLAMA_BASE_URL=https://ollama.com/v1. Ollama cuts prompts over its own context setting (4096 by default) in silence,
// and the setting cannot be changed through this API.
export const ollama = defineProvider({
  id: 'ollama',
  name: 'Ollama',
  baseURL: 'http://localhost:11434/v1',
  apiKeyEnv: ['OLLAMA_API_KEY'],
  needsApiKey: false,
  local: true,
  deadlines: { headersMs: 300_000, firstContentMs: 300_000 },
  docs: 'https://docs.ollama.com/openai',
});
