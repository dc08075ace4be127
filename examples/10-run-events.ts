// Everything that happens in a run, one line each: what a log, a progress display or a page is made of.
// Run it with a key of any vendor:
//   ZHIPU_API_KEY=… node --conditions=@anyturn/source examples/10-run-events.ts

import { calculator, chooseModel, weather } from '@anyturn/core';
import { createAgent } from '@anyturn/runtime';
import type { RunEvent } from '@anyturn/runtime';

const { model } = await chooseModel();
const agent = createAgent({ model, tools: { weather, calculator } });
const prompt = 'Is Tokyo warmer than Paris, and by how many °F?';

for await (const event of agent.run({ prompt })) {
  console.log(String(event.seq).padStart(3), event.type.padEnd(12), describe(event));
}

function describe(event: RunEvent): string {
  switch (event.type) {
    case 'run-start':
      return `${event.provider}/${event.model}`;
    case 'attempt':
      return `${event.attempt} ${event.state} ${event.model} ${event.error?.code ?? ''}`;
    case 'attempt-reset':
      return `the text of step ${event.step} is void: ${event.reason}`;
    case 'warning':
      return `${event.count} × ${event.message}`;
    case 'text-delta':
    case 'reasoning-delta':
      return JSON.stringify(event.text);
    case 'tool-call':
      return `${event.toolName} ${JSON.stringify(event.input)}`;
    case 'tool-result':
      return `${event.toolName} ${JSON.stringify(event.output)} in ${event.durationMs} ms`;
    case 'tool-error':
      return `${event.toolName} ${event.error.message}`;
    case 'step-end':
      return `${event.finishReason}, ${event.usage.totalTokens} tokens`;
    case 'run-end':
      return `${event.outcome} after ${event.durationMs} ms, cost ${event.cost?.amount ?? 'unknown'}`;
    default:
      // Later versions may bring more types.
      return '';
  }
}
