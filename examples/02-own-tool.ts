// A tool of your own: a sentence for the model, a schema, a function.
// Run it with a key of any vendor:
//   DASHSCOPE_API_KEY=… node --conditions=@anyturn/source examples/02-own-tool.ts

import { chooseModel, defineTool } from '@anyturn/core';
import { createAgent } from '@anyturn/runtime';
import { z } from 'zod';

const orders = new Map([
  ['A-1042', { status: 'shipped', arrives: '2026-11-24' }],
  ['A-1043', { status: 'waiting for payment' }],
]);

const findOrder = defineTool({
  description: 'Look up an order of the shop by its number.',
  inputSchema: z.object({
    orderNumber: z
      .string()
      .regex(/^A-\d{4}$/)
      .describe('As printed on the invoice, for example "A-1042"'),
  }),
  // Runs only with input that fits the schema, so `orderNumber` is a string of that form.
  execute: ({ orderNumber }) => {
    const order = orders.get(orderNumber);
    // The model is told what is thrown here, and can ask the customer for another number.
    if (!order) throw new Error(`There is no order ${orderNumber}.`);
    return order;
  },
  timeoutMs: 5_000,
});

const { model } = await chooseModel();
const agent = createAgent({
  model,
  instructions: 'You answer customers of a shop. Look orders up before you speak about them.',
  tools: { findOrder },
});

const { text, toolCalls } = await agent.run({ prompt: 'Where is my order A-1042?' }).result;
for (const { toolName, input, output, error } of toolCalls) {
  console.log(toolName, input, '->', error?.message ?? output);
}
console.log(text);
