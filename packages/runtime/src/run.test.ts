import { AnyturnError, createMeter, defineTool, openModel } from '@anyturn/core';
import { createFakeVendor, reply } from '@anyturn/testing';
import type { FakeReply, FakeVendorScript } from '@anyturn/testing';
import { tool } from 'ai';
import type { ToolSet } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import { createAgent, runEventSchema } from './index.ts';
import type { AgentSettings, Run, RunError, RunEvent, RunOptions } from './index.ts';

const add = defineTool({
  description: 'Add two numbers.',
  inputSchema: z.object({ a: z.number(), b: z.number() }),
  execute: ({ a, b }) => a + b,
});
const addTwoAndThree = reply.toolCalls([{ id: 'call-1', name: 'add', input: { a: 2, b: 3 } }]);
const counted = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 };

test('a run tells every attempt, delta, tool call and step in order, and ends with run-end', async () => {
  const { agent } = await setUp(
    [
      reply.status(429, { headers: { 'retry-after-ms': '100' } }),
      { ...addTwoAndThree, options: { usage: counted } },
      reply.text(['It is 5.'], { reasoning: 'Easy.', usage: counted }),
    ],
    { tools: { add } },
  );
  const events = await collect(agent.run({ prompt: '2 + 3?' }));

  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index));
  expect(new Set(events.map(({ runId }) => runId)).size).toBe(1);
  for (const event of events) expect(runEventSchema.parse(event)).toEqual(event);
  expect(events.map(withoutNumbers)).toEqual([
    { type: 'run-start' },
    { type: 'step-start', step: 1 },
    { type: 'attempt', step: 1, attempt: 1, state: 'started' },
    { type: 'attempt', step: 1, attempt: 1, state: 'failed', error: 'rate_limit' },
    { type: 'attempt', step: 1, attempt: 2, state: 'waiting', error: 'rate_limit' },
    { type: 'attempt', step: 1, attempt: 2, state: 'started' },
    { type: 'tool-call', step: 1, toolName: 'add', input: { a: 2, b: 3 } },
    { type: 'tool-result', step: 1, toolName: 'add', output: 5 },
    { type: 'step-end', step: 1, finishReason: 'tool-calls' },
    { type: 'step-start', step: 2 },
    { type: 'attempt', step: 2, attempt: 1, state: 'started' },
    { type: 'reasoning-delta', step: 2, text: 'Easy.' },
    { type: 'text-delta', step: 2, text: 'It is 5.' },
    { type: 'step-end', step: 2, finishReason: 'stop' },
    { type: 'run-end', outcome: 'finished', finishReason: 'stop', text: 'It is 5.', attempts: 3 },
  ]);
  expect(events.at(-1)).toMatchObject({
    usage: { inputTokens: 20, outputTokens: 4, totalTokens: 24, estimated: false },
    cost: null,
  });
});

test('the result alone has steps, tool calls, attempts and the conversation to go on with', async () => {
  const { agent, vendor } = await setUp(
    [addTwoAndThree, reply.text('It is 5.'), reply.text('6.')],
    {
      tools: { add },
      instructions: 'Be short.',
    },
  );
  const result = await agent.run({ prompt: '2 + 3?' }).result;
  expect(result).toMatchObject({
    outcome: 'finished',
    text: 'It is 5.',
    provider: 'custom',
    model: 'fake-model',
    steps: [
      { step: 1, finishReason: 'tool-calls' },
      { step: 2, text: 'It is 5.' },
    ],
    toolCalls: [{ step: 1, toolCallId: 'call-1', input: { a: 2, b: 3 }, output: 5 }],
    attempts: [
      { step: 1, outcome: 'finished' },
      { step: 2, outcome: 'finished' },
    ],
  });
  expect(result.messages.map(({ role }) => role)).toEqual([
    'user',
    'assistant',
    'tool',
    'assistant',
  ]);

  await agent.run({
    messages: [...result.messages, { role: 'user', content: 'And one more?' }],
    instructions: 'Answer in English.',
    temperature: 0.5,
    seed: 7,
    maxOutputTokens: 100,
  }).result;
  expect(vendor.requests[2]?.body).toMatchObject({
    temperature: 0.5,
    seed: 7,
    max_tokens: 100,
    messages: [
      { role: 'system', content: 'Be short.\n\nAnswer in English.' },
      { role: 'user', content: '2 + 3?' },
      { role: 'assistant', tool_calls: [{ id: 'call-1' }] },
      { role: 'tool', tool_call_id: 'call-1', content: '5' },
      { role: 'assistant', content: 'It is 5.' },
      { role: 'user', content: 'And one more?' },
    ],
  });
});

test('nothing is sent before the run is read', async () => {
  const { agent, vendor } = await setUp([reply.text('Hi')]);
  const run = agent.run({ prompt: 'Hi' });
  expect(vendor.requests).toHaveLength(0);
  expect((await run.result).text).toBe('Hi');
  expect(vendor.requests).toHaveLength(1);
});

test('events can be read while the result is awaited, and only once', async () => {
  const { agent } = await setUp([reply.text('Hi')]);
  const run = agent.run({ prompt: 'Hi' });
  const [result, events] = await Promise.all([run.result, collect(run)]);
  expect(events.at(-1)).toMatchObject({ type: 'run-end', text: result.text });
  await expect(collect(run)).rejects.toThrow(TypeError);
});

test('a result that nobody reads along with does not pile up events', async () => {
  const words = Array.from({ length: 2_000 }, (_, index) => `${index} `);
  const { agent } = await setUp([unmerged(words)]);
  const run = agent.run({ prompt: 'Count.' });
  expect((await run.result).text).toBe(words.join(''));
  await expect(collect(run)).rejects.toThrow('can be read once');
});

test('what was repaired in an answer is told before its step ends', async () => {
  const usage = { prompt_tokens: '7', completion_tokens: '2', total_tokens: '9' } as object;
  const { agent } = await setUp([reply.text('Hi', { usage })]);
  const events = await collect(agent.run({ prompt: 'Hi' }));
  expect(events.slice(-3)).toMatchObject([
    { type: 'warning', code: 'usage_as_text', count: 1 },
    { type: 'step-end', usage: { totalTokens: 9, estimated: false } },
    { type: 'run-end' },
  ]);
});

test('a meter sums the attempts of a run by the tags it was given', async () => {
  const meter = createMeter();
  const { agent } = await setUp([reply.status(500), reply.text('Hi')], { meter });
  await agent.run({ prompt: 'Hi', tags: ['support'] }).result;
  expect(meter.report({ by: 'tag' })).toMatchObject([
    { name: 'support', attempts: 2, finished: 1, failed: 1 },
  ]);
});

test('a slow reader loses nothing', async () => {
  const words = Array.from({ length: 2_000 }, (_, index) => `${index} `);
  const { agent } = await setUp([unmerged(words)]);
  let text = '';
  for await (const event of agent.run({ prompt: 'Count.' })) {
    if (event.type !== 'text-delta') continue;
    text += event.text;
    if (event.seq % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  expect(text).toBe(words.join(''));
});

test('a failed run yields run-end, then throws; the result rejects with the same error', async () => {
  const { agent } = await setUp(() => reply.status(401));
  const run = agent.run({ prompt: 'Hi' });
  const { events, error } = await collectUntilError(run);
  expect(events.at(-1)).toMatchObject({
    type: 'run-end',
    outcome: 'failed',
    finishReason: 'error',
    error: { code: 'auth' },
  });
  expect(error).toMatchObject({ code: 'auth', httpStatus: 401 });
  await expect(run.result).rejects.toBe(error);
  expect(error.result).toMatchObject({ outcome: 'failed', attempts: [{ outcome: 'failed' }] });
});

test('a failed run that is only iterated leaves no unhandled rejection', async () => {
  const unhandled = vi.fn<() => void>();
  process.on('unhandledRejection', unhandled);
  onTestFinished(() => void process.off('unhandledRejection', unhandled));
  const { agent } = await setUp(() => reply.status(400));
  await collectUntilError(agent.run({ prompt: 'Hi' }));
  await new Promise((resolve) => setImmediate(resolve));
  expect(unhandled).not.toHaveBeenCalled();
});

test('a failure in the second step keeps what the first one did and cost', async () => {
  const { agent } = await setUp(
    [{ ...addTwoAndThree, options: { usage: counted } }, reply.status(400)],
    { tools: { add } },
  );
  const { error } = await collectUntilError(agent.run({ prompt: '2 + 3?' }));
  expect(error.result).toMatchObject({
    outcome: 'failed',
    steps: [{ step: 1 }],
    toolCalls: [{ output: 5 }],
    usage: { totalTokens: 12 },
    messages: [{ role: 'user' }, { role: 'assistant' }, { role: 'tool' }],
  });
});

test('a stream that breaks keeps its text in the result and in the conversation', async () => {
  const { agent } = await setUp([reply.text(['Once ', 'upon '], { endAfter: 3 })]);
  const run = agent.run({ prompt: 'Tell me.', onCut: 'fail' });
  const { events, error } = await collectUntilError(run);
  expect(textOf(events)).toBe('Once upon ');
  expect(error).toMatchObject({ code: 'stream_interrupted', partialText: 'Once upon ' });
  expect(error.result).toMatchObject({
    text: 'Once upon ',
    usage: { estimated: true },
    messages: [{ role: 'user' }, { role: 'assistant', content: 'Once upon ' }],
  });
});

test('an abort keeps text and usage and ends run and request within 250 ms', async () => {
  const { agent, vendor } = await setUp([reply.text(['Once ', 'upon '], { stallAfter: 3 })]);
  const abort = new AbortController();
  const run = agent.run({ prompt: 'Tell me.', signal: abort.signal });
  let abortedAt = 0;
  const { events, error } = await collectUntilError(run, (_, soFar) => {
    if (textOf(soFar) !== 'Once upon ') return;
    abortedAt = Date.now();
    abort.abort();
  });
  expect(Date.now() - abortedAt).toBeLessThan(250 + 1_000);
  expect(events.at(-1)).toMatchObject({
    type: 'run-end',
    outcome: 'aborted',
    finishReason: 'interrupted',
    text: 'Once upon ',
    usage: { estimated: true },
  });
  expect(error).toMatchObject({ code: 'aborted', result: { text: 'Once upon ' } });
  expect(error.result.usage.outputTokens).toBeGreaterThan(0);
  const { at, end } = await vendor.requests[0]!.ended;
  expect(end).toBe('client-left');
  expect(at - abortedAt).toBeLessThan(250 + 1_000);
});

test('an abort does not wait for a tool that ignores its signal', async () => {
  const hang = defineTool({
    description: 'Never ends.',
    inputSchema: z.object({}),
    execute: () => new Promise<string>(() => {}),
  });
  const { agent } = await setUp([reply.toolCalls([{ name: 'hang' }])], { tools: { hang } });
  const abort = new AbortController();
  const { error } = await collectUntilError(
    agent.run({ prompt: 'Go.', signal: abort.signal }),
    ({ type }) => type === 'tool-call' && abort.abort(),
  );
  expect(error).toMatchObject({ code: 'aborted', result: { toolCalls: [{ toolName: 'hang' }] } });
});

test('an abort while a tool runs keeps the step, what it used and what it cost', async () => {
  const hang = defineTool({
    description: 'Never ends.',
    inputSchema: z.object({}),
    execute: () => new Promise<string>(() => {}),
  });
  const { agent } = await setUp(
    [reply.toolCalls([{ name: 'hang' }], { text: 'Let me look.', usage: counted })],
    { tools: { hang } },
  );
  const abort = new AbortController();
  const { error } = await collectUntilError(
    agent.run({ prompt: 'Go.', signal: abort.signal }),
    ({ type }) => type === 'tool-call' && abort.abort(),
  );
  expect(error.result).toMatchObject({
    text: 'Let me look.',
    usage: { totalTokens: 12, estimated: false },
    steps: [{ text: 'Let me look.', finishReason: 'interrupted', usage: { totalTokens: 12 } }],
    messages: [{ role: 'user' }, { role: 'assistant', content: 'Let me look.' }],
  });
});

test('a reader that leaves while it waits for the next event ends the request at once', async () => {
  const { agent, vendor } = await setUp([reply.text(['a', 'b'], { stallAfter: 2 })]);
  const run = agent.run({ prompt: 'Hi' });
  const iterator = run[Symbol.asyncIterator]();
  while ((await iterator.next()).value?.type !== 'text-delta');
  const pending = iterator.next();
  await iterator.return?.();
  expect((await vendor.requests[0]!.ended).end).toBe('client-left');
  expect((await pending).value).toMatchObject({ type: 'run-end', outcome: 'aborted' });
});

test('the result can be awaited between two events', async () => {
  const words = Array.from({ length: 2_000 }, (_, index) => `${index} `);
  const { agent } = await setUp([reply.text(words)]);
  const run = agent.run({ prompt: 'Count.' });
  let text = '';
  for await (const event of run) {
    if (event.type === 'run-start') await run.result;
    if (event.type === 'text-delta') text += event.text;
  }
  expect(text).toBe(words.join(''));
});

test('whatever a model throws, the run ends with run-end and a typed error', async () => {
  const odd: unknown = Object.create(null);
  const model = new MockLanguageModelV4({
    doStream: async () => {
      throw odd;
    },
  });
  const { events, error } = await collectUntilError(createAgent({ model }).run({ prompt: 'Hi' }));
  expect(events.at(-1)).toMatchObject({ type: 'run-end', outcome: 'failed' });
  expect(error).toMatchObject({ code: 'internal' });
});

test('an error that a model throws twice ends two runs, each with its own result', async () => {
  const shared = new AnyturnError({ code: 'overloaded', message: 'busy' });
  const model = new MockLanguageModelV4({
    doStream: async () => {
      throw shared;
    },
  });
  const agent = createAgent({ model });
  const first = await collectUntilError(agent.run({ prompt: 'One' }));
  const second = await collectUntilError(agent.run({ prompt: 'Two' }));
  expect([first, second].map(({ error }) => error.code)).toEqual(['overloaded', 'overloaded']);
  expect(first.error.result.runId).not.toBe(second.error.result.runId);
});

test('a tool that only the caller can run pauses the run, with messages to go on from', async () => {
  const ask = tool({
    description: 'Ask the user.',
    inputSchema: z.object({}),
    outputSchema: z.string(),
  });
  const { agent } = await setUp([reply.toolCalls([{ name: 'ask' }])], { tools: { ask } });
  expect(await agent.run({ prompt: 'Go.' }).result).toMatchObject({
    outcome: 'paused',
    finishReason: 'tool-calls',
    messages: [{ role: 'user' }, { role: 'assistant', content: [{ type: 'tool-call' }] }],
  });
});

test('a run whose signal has already fired sends nothing', async () => {
  const { agent, vendor } = await setUp([reply.text('Hi')]);
  const run = agent.run({ prompt: 'Hi', signal: AbortSignal.abort() });
  await expect(run.result).rejects.toMatchObject({ code: 'aborted' });
  expect(vendor.requests).toHaveLength(0);
});

test('leaving the loop early aborts the request', async () => {
  const { agent, vendor } = await setUp([reply.text(['a', 'b'], { stallAfter: 2 })]);
  for await (const { type } of agent.run({ prompt: 'Hi' })) {
    if (type === 'text-delta') break;
  }
  expect((await vendor.requests[0]!.ended).end).toBe('client-left');
});

test('too many steps end the run with the outcome limit, not with an error', async () => {
  const { agent, vendor } = await setUp(
    () => reply.toolCalls([{ name: 'add', input: { a: 1, b: 1 } }]),
    {
      tools: { add },
      maxSteps: 3,
    },
  );
  expect(await agent.run({ prompt: 'Go.' }).result).toMatchObject({
    outcome: 'limit',
    finishReason: 'tool-calls',
    steps: [{}, {}, { toolCalls: [{ output: 2 }] }],
  });
  expect(vendor.requests).toHaveLength(3);
});

test('a limit longer than any timer is no limit of a millisecond', async () => {
  const { agent } = await setUp([reply.text('Hi')]);
  const result = agent.run({ prompt: 'Hi', timeoutMs: 30 * 86_400_000 }).result;
  expect(await result).toMatchObject({ outcome: 'finished', text: 'Hi' });
});

test('too long a run ends with the outcome limit and what had arrived', async () => {
  const { agent } = await setUp([reply.text(['a', 'b'], { stallAfter: 2 })]);
  const startedAt = performance.now();
  expect(await agent.run({ prompt: 'Hi', timeoutMs: 200 }).result).toMatchObject({
    outcome: 'limit',
    text: 'a',
  });
  expect(performance.now() - startedAt).toBeLessThan(200 + 250 + 1_000);
});

test('a failing tool is told to the model without its secrets, and the run goes on', async () => {
  const broken = defineTool({
    description: 'Breaks.',
    inputSchema: z.object({}),
    execute: (): string => {
      throw new Error('no access with api_key=abcdef123456');
    },
  });
  const { agent, vendor } = await setUp(
    [reply.toolCalls([{ name: 'broken' }]), reply.text('Sorry.')],
    {
      tools: { broken },
    },
  );
  const result = await agent.run({ prompt: 'Go.' }).result;
  expect(result).toMatchObject({
    text: 'Sorry.',
    toolCalls: [{ error: { code: 'tool_failed', message: expect.stringContaining('no access') } }],
  });
  expect(JSON.stringify([result, vendor.requests[1]?.body])).not.toContain('abcdef123456');
});

test('a tool that ignores its time limit does not block the run', async () => {
  const slow = defineTool({
    description: 'Never ends.',
    inputSchema: z.object({}),
    execute: () => new Promise<string>(() => {}),
    timeoutMs: 50,
  });
  const { agent } = await setUp([reply.toolCalls([{ name: 'slow' }]), reply.text('Gave up.')], {
    tools: { slow },
  });
  expect(await agent.run({ prompt: 'Go.' }).result).toMatchObject({
    text: 'Gave up.',
    toolCalls: [{ error: { code: 'tool_timeout' } }],
  });
});

test.each<[string, () => unknown]>([
  ['a BigInt', () => 12n],
  [
    'a circular object',
    () => {
      const circular: Record<string, unknown> = {};
      circular['self'] = circular;
      return circular;
    },
  ],
])('a tool that returns %s fails alone, and the run goes on', async (_, execute) => {
  const odd = defineTool({ description: 'x', inputSchema: z.object({}), execute });
  const { agent } = await setUp([reply.toolCalls([{ name: 'odd' }]), reply.text('Oh.')], {
    tools: { odd },
  });
  expect(await agent.run({ prompt: 'Go.' }).result).toMatchObject({
    text: 'Oh.',
    toolCalls: [{ error: { code: 'tool_failed' } }],
  });
});

test('a tool may be an instance of a class', async () => {
  class Counter {
    readonly description = 'Counts.';
    readonly inputSchema = z.object({});
    #count = 0;
    execute() {
      return ++this.#count;
    }
  }
  const { agent } = await setUp([reply.toolCalls([{ name: 'count' }]), reply.text('One.')], {
    tools: { count: new Counter() },
  });
  expect(await agent.run({ prompt: 'Go.' }).result).toMatchObject({ toolCalls: [{ output: 1 }] });
});

test('a reader that edits an event does not change what the tool gets', async () => {
  const { agent } = await setUp([addTwoAndThree, reply.text('5.')], { tools: { add } });
  const run = agent.run({ prompt: '2 + 3?' });
  for await (const event of run) {
    if (event.type === 'tool-call') Object.assign(event.input as object, { a: 100 });
    if (event.type === 'tool-result') expect(event.output).toBe(5);
  }
  expect(await run.result).toMatchObject({ toolCalls: [{ output: 5 }] });
});

test('a tool may yield its progress', async () => {
  const count = defineTool({
    description: 'Counts.',
    inputSchema: z.object({}),
    async *execute() {
      yield 1;
      yield 2;
    },
  });
  const { agent } = await setUp([reply.toolCalls([{ name: 'count' }]), reply.text('Two.')], {
    // The SDK takes an async generator as `execute`; our own type does not promise it.
    tools: { count } as unknown as ToolSet,
  });
  const events = await collect(agent.run({ prompt: 'Count.' }));
  expect(events.filter(({ type }) => type.startsWith('tool-')).map(withoutNumbers)).toMatchObject([
    { type: 'tool-call' },
    { type: 'tool-progress', output: 1 },
    { type: 'tool-progress', output: 2 },
    { type: 'tool-result', output: 2 },
  ]);
});

test('input that does not fit the schema never reaches the tool; the model is told', async () => {
  const execute = vi.fn<() => number>(() => 0);
  const strict = defineTool({
    description: 'x',
    inputSchema: z.object({ a: z.number() }),
    execute,
  });
  const { agent } = await setUp(
    [reply.toolCalls([{ name: 'strict', input: { a: 'two' } }]), reply.text('Oh.')],
    { tools: { strict } },
  );
  const result = await agent.run({ prompt: 'Go.' }).result;
  expect(result).toMatchObject({ text: 'Oh.', toolCalls: [{ error: { code: 'tool_failed' } }] });
  expect(execute).not.toHaveBeenCalled();
});

test.each([
  ['length', 'output_limit'],
  ['content_filter', 'stream_interrupted'],
])('a step that ends with %s never runs its tools, and says so', async (finishReason, code) => {
  const execute = vi.fn<() => number>(() => 0);
  const tool = defineTool({ description: 'x', inputSchema: z.object({}), execute });
  const { agent, vendor } = await setUp([reply.toolCalls([{ name: 'tool' }], { finishReason })], {
    tools: { tool },
  });
  await expect(agent.run({ prompt: 'Go.' }).result).rejects.toMatchObject({
    code,
    result: { messages: [{ role: 'user', content: 'Go.' }] },
  });
  expect(execute).not.toHaveBeenCalled();
  expect(vendor.requests).toHaveLength(1);
});

test.each<[string, RunOptions, string]>([
  ['an empty prompt', { prompt: ' \n' }, 'The prompt is empty'],
  ['no prompt', {}, 'either `prompt` or `messages`'],
  ['two prompts', { prompt: 'a', messages: [] }, 'either `prompt` or `messages`'],
  ['no messages', { messages: [] }, 'at least the message of the user'],
  ['no steps', { prompt: 'a', maxSteps: 0 }, '`maxSteps` is 0'],
  ['half a step', { prompt: 'a', maxSteps: 2.5 }, '`maxSteps` is 2.5'],
  ['no time', { prompt: 'a', timeoutMs: Number.NaN }, '`timeoutMs` is NaN'],
  [
    'a message without a role',
    { messages: [{ content: 'a' }] as never },
    'messages[0] is no message',
  ],
])('%s is refused at once', async (_, options, hint) => {
  const { agent } = await setUp([]);
  expect(() => agent.run(options)).toThrow(AnyturnError);
  expect(() => agent.run(options)).toThrow(hint);
});

test('a model can be changed for one run', async () => {
  const { agent } = await setUp([]);
  const other = await openVendor([reply.text('Other')]);
  const model = openModel({ baseURL: other.baseURL, model: 'other-model', name: 'other' });
  expect(await agent.run({ prompt: 'Hi', model }).result).toMatchObject({
    text: 'Other',
    provider: 'other',
    model: 'other-model',
  });
});

test('an agent is an agent of the AI SDK: generate and stream use the same tools and limits', async () => {
  const { agent } = await setUp(
    (request) =>
      JSON.stringify(request.body).includes('"tool_call_id"')
        ? reply.text('It is 5.')
        : addTwoAndThree,
    { tools: { add } },
  );
  const generated = await agent.generate({ prompt: '2 + 3?' });
  expect(generated.text).toBe('It is 5.');
  expect(generated.steps).toHaveLength(2);
  const streamed = await agent.stream({ messages: [{ role: 'user', content: '2 + 3?' }] });
  expect(await streamed.text).toBe('It is 5.');
});

/** Deltas of text that reasoning keeps apart, so that each is an event of its own. */
function unmerged(words: readonly string[]): FakeReply {
  const chunk = (delta: object) => ({ choices: [{ index: 0, delta }] });
  return reply.sse([
    ...words.flatMap((content) => [chunk({ content }), chunk({ reasoning_content: '.' })]),
    { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    'data: [DONE]\n\n',
  ]);
}

async function setUp(script: FakeVendorScript, settings: Partial<AgentSettings> = {}) {
  const vendor = await openVendor(script);
  const model = { baseURL: vendor.baseURL, model: 'fake-model' };
  return { agent: createAgent({ model, ...settings }), vendor };
}

async function openVendor(script: FakeVendorScript) {
  const vendor = await createFakeVendor({ script });
  onTestFinished(() => vendor.close());
  return vendor;
}

async function collect(run: Run): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}

async function collectUntilError(
  run: Run,
  onEvent: (event: RunEvent, soFar: RunEvent[]) => unknown = () => {},
): Promise<{ events: RunEvent[]; error: RunError }> {
  const events: RunEvent[] = [];
  try {
    for await (const event of run) {
      events.push(event);
      onEvent(event, events);
    }
  } catch (error) {
    return { events, error: error as RunError };
  }
  throw new Error('The run did not fail.');
}

function textOf(events: RunEvent[]): string {
  return events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('');
}

/** An event without what differs from run to run. */
function withoutNumbers(event: RunEvent): object {
  const { seq: _, runId: __, ...rest } = event;
  const copy: Record<string, unknown> = { ...rest };
  for (const key of ['durationMs', 'delayMs', 'provider', 'model', 'usage', 'cost', 'toolCallId']) {
    delete copy[key];
  }
  if ('error' in event) copy['error'] = event.error?.code;
  return copy;
}
