// For code that already calls `streamText`: change the model, and its calls get deadlines, retries, typed errors and a cost.
// Run it with a key:
//   DEEPSEEK_API_KEY=… node --conditions=@anyturn/source examples/06-drop-in-model.ts

import { calculator, openModel, weather } from '@anyturn/core';
import { isStepCount, streamText } from 'ai';

const result = streamText({
  model: openModel(process.env.ANYTURN_MODEL ?? 'deepseek/deepseek-flash'),
  tools: { weather, calculator },
  stopWhen: isStepCount(5),
  prompt: 'Is Tokyo warmer than Paris?',
  // The model has tried again by itself; trying on top of it would multiply the attempts.
  maxRetries: 0,
  // `textStream` never throws; what it hides comes here, as an AnyturnError.
  onError: ({ error }) => console.error(error),
});

for await (const text of result.textStream) process.stdout.write(text);
console.log();

for (const { providerMetadata } of await result.steps) {
  const { provider, model, attempts, cost } = providerMetadata?.anyturn ?? {};
  console.log({ provider, model, attempts, cost });
}
