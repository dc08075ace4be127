// The same agent on other providers: only the model reference changes.
// Run it with the keys you have; a provider without one says what it needs:
//   DEEPSEEK_API_KEY=… DASHSCOPE_API_KEY=… node --conditions=@anyturn/source examples/03-switch-provider.ts
//   … examples/03-switch-provider.ts moonshot zhipu openrouter/qwen/qwen3-max

import { AnyturnError, calculator } from '@anyturn/core';
import { createAgent } from '@anyturn/runtime';

// `provider`, `provider/model-id` or `provider@region/model-id`.
const named = process.argv.slice(2);
const models = named.length > 0 ? named : ['deepseek', 'qwen@singapore/qwen-plus', 'ollama/qwen3'];

for (const model of models) {
  try {
    const agent = createAgent({ model, tools: { calculator } });
    const { text, cost } = await agent.run({ prompt: 'What is 12.5 % of 640?' }).result;
    const price = cost ? `${cost.amount} ${cost.currency}` : 'price unknown';
    console.log(`${agent.provider}/${agent.modelId} (${price}): ${text}`);
  } catch (error) {
    if (!AnyturnError.isInstance(error)) throw error;
    console.log(`${model}: ${error.message}`);
  }
}
