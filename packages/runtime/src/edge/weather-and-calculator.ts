/** What a user of an edge runtime would deploy; bundled and run inside one by the test beside it. */
import { calculator, createWeather } from '@anyturn/core';
import { createAgent } from '@anyturn/runtime';

export async function ask(baseURL: string, apiKey: string, prompt: string): Promise<string> {
  const agent = createAgent({
    model: { baseURL, model: 'demo-rules-1', apiKey },
    tools: { weather: createWeather({ offline: true }), calculator },
  });
  const { text, toolCalls } = await agent.run({ prompt }).result;
  return JSON.stringify({ text, tools: toolCalls.map(({ toolName }) => toolName) });
}
