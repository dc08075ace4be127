// Several models in the order of preference, keys that take turns, limits, and a meter that tells what it came to.
// Run it with the keys of two vendors:
//   DEEPSEEK_API_KEY=A,B DASHSCOPE_API_KEY=C node --conditions=@anyturn/source examples/13-failover-and-meter.ts

import { createMeter, openModel } from '@anyturn/core';
import { createAgent } from '@anyturn/runtime';

const model = openModel(['deepseek', 'qwen'], {
  // Of each key. Calls beyond them wait for their turn, or go to the next model when that takes long.
  limits: { requestsPerMinute: 60, concurrency: 2 },
  onEvent: (event) => {
    if (event.type === 'failover') console.log(`[${event.error.code}: on to ${event.provider}]`);
  },
});
const meter = createMeter();
const agent = createAgent({ model, meter });

for (const city of ['Hangzhou', 'Suzhou']) {
  const { text } = await agent.run({ prompt: `Name one bridge in ${city}.` }).result;
  console.log(text);
}

// Also `by: 'key'`, or by the `tags` that a run was given. Every attempt counts, also those that failed.
for (const { name, attempts, failed, totalTokens, costs } of meter.report({ by: 'model' })) {
  const cost = costs.map(({ amount, currency }) => `, ${amount} ${currency}`).join('');
  console.log(`${name}: ${attempts} attempts, ${failed} failed, ${totalTokens} tokens${cost}`);
}

// Keys are shown by number. One that was refused rests, and is tried again later.
for (const { provider, id, state, reason = '' } of model.pool.snapshot()) {
  console.log(`${provider} ${id}: ${state} ${reason}`.trimEnd());
}
