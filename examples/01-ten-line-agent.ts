// An agent with two tools, its answer streamed to the terminal.
// Run it with a key of any vendor, or with Ollama running and no key:
//   DEEPSEEK_API_KEY=… node --conditions=@anyturn/source examples/01-ten-line-agent.ts

import { calculator, chooseModel, weather } from '@anyturn/core';
import { createAgent } from '@anyturn/runtime';

const { model } = await chooseModel();
const agent = createAgent({ model, tools: { weather, calculator } });
const run = agent.run({ prompt: "What's the weather in Beijing, and what is 17*23?" });

for await (const event of run) {
  if (event.type === 'text-delta') process.stdout.write(event.text);
  if (event.type === 'attempt-reset') process.stdout.write('\n(cut off; once more)\n');
}
console.log();
