// How your own tests can play a vendor that fails: here it is rate limited first, and breaks off in the middle later.
// Needs no key:
//   node --conditions=@anyturn/source examples/12-test-with-a-fake-vendor.ts

import assert from 'node:assert/strict';
import { createAgent } from '@anyturn/runtime';
import { createFakeVendor, reply } from '@anyturn/testing';

const vendor = await createFakeVendor({
  script: [
    reply.status(429, { headers: { 'retry-after-ms': '100' } }),
    reply.text('Hello.'),
    reply.text(['Once ', 'upon ', 'a time'], { endAfter: 3 }),
    reply.text('Once upon a time'),
  ],
});
const agent = createAgent({ model: { baseURL: vendor.baseURL, model: 'any', apiKey: 'any' } });

// The rate limit is never seen: the model tried again by itself.
const { text, attempts } = await agent.run({ prompt: 'Hi' }).result;
assert.equal(text, 'Hello.');
assert.equal(attempts.length, 2);

// Half an answer is never taken for a shorter one: the run asks again, and says that what it told so far is void.
const types: string[] = [];
const run = agent.run({ prompt: 'Tell me a story.' });
for await (const event of run) types.push(event.type);
assert.equal((await run.result).text, 'Once upon a time');
assert.ok(types.includes('attempt-reset'));

console.log(`The vendor was asked ${vendor.requests.length} times.`);
await vendor.close();
