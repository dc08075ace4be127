import { openModel } from '@anyturn/core';
import type { OpenModelOptions } from '@anyturn/core';
import { createFakeVendor, reply } from '@anyturn/testing';
import type { FakeReply, FakeVendorScript } from '@anyturn/testing';
import { tool } from 'ai';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createAgent } from './index.ts';
import type { RunEvent, RunOptions, RunResult } from './index.ts';

const pieces = ['Once upon ', 'a time ', 'there was ', 'a river.'];
const story = pieces.join('');
const cut = (after: number): FakeReply =>
  reply.text(pieces, { resetAfter: after, chunkDelayMs: 20 });

test('an answer that is cut begins anew, and what was told of it is void', async () => {
  const { run, vendor } = await setUp([cut(3), reply.text(pieces)]);
  const { events, result, text } = await run();

  expect(text).toBe(story);
  expect(result).toMatchObject({ text: story, outcome: 'finished', finishReason: 'stop' });
  expect(result?.messages.at(-1)).toEqual({
    role: 'assistant',
    content: [expect.objectContaining({ type: 'text', text: story })],
  });
  expect(vendor.requests).toHaveLength(2);
  expect(events.filter(({ type }) => type === 'attempt-reset')).toMatchObject([
    { step: 1, attempt: 2, reason: 'stream_interrupted' },
  ]);
  expect(
    events.flatMap((event) => (event.type === 'attempt' ? [[event.attempt, event.state]] : [])),
  ).toEqual([
    [1, 'started'],
    [1, 'failed'],
    [2, 'waiting'],
    [2, 'started'],
  ]);
  expect(result?.attempts).toMatchObject([
    { attempt: 1, outcome: 'failed', usage: { estimated: true } },
    { attempt: 2, outcome: 'finished' },
  ]);
  const used = result?.attempts.reduce((sum, { usage }) => sum + (usage?.totalTokens ?? 0), 0);
  expect(result?.usage.totalTokens).toBe(used);
  expect(result?.steps[0]?.usage).toEqual(result?.usage);
});

test('an answer that is cut a second time fails with what the second attempt gave', async () => {
  const { run, vendor } = await setUp([cut(2), cut(4)]);
  const { error, text, result } = await run();
  expect(error).toMatchObject({ code: 'stream_interrupted', retryable: true });
  expect(text).toBe(pieces.slice(0, 3).join(''));
  expect(result).toMatchObject({ outcome: 'failed', text });
  expect(vendor.requests).toHaveLength(2);
});

test('a restart that finds the vendor gone keeps the text of the first attempt', async () => {
  const { run, vendor } = await setUp([cut(3), reply.status(401)]);
  const { events, text, result, error } = await run();
  expect(error).toMatchObject({ code: 'auth' });
  expect(text).toBe('Once upon a time ');
  expect(result?.text).toBe(text);
  expect(events.some(({ type }) => type === 'attempt-reset')).toBe(false);
  expect(vendor.requests).toHaveLength(2);
});

test('a tool whose input was cut runs once, with its whole input', async () => {
  const call = { name: 'weather', input: { city: 'Paris' }, id: 'call_1' };
  const { run, cities, vendor } = await setUp([
    reply.toolCalls([call], { resetAfter: 3, chunkDelayMs: 20, inputPieceLength: 4 }),
    reply.toolCalls([call]),
    reply.text('12 °C'),
  ]);
  const { text, result } = await run();
  expect(cities).toEqual(['Paris']);
  expect(text).toBe('12 °C');
  expect(result?.toolCalls).toHaveLength(1);
  expect(vendor.requests).toHaveLength(3);
});

test('only the step that was cut is told again', async () => {
  const { run, vendor } = await setUp([
    reply.toolCalls([{ name: 'weather', input: { city: 'Paris' } }], { text: 'Let me look. ' }),
    cut(3),
    reply.text(pieces),
  ]);
  const { text, events } = await run();
  expect(text).toBe(`Let me look. ${story}`);
  expect(events.filter(({ type }) => type === 'attempt-reset')).toMatchObject([{ step: 2 }]);
  expect(vendor.requests).toHaveLength(3);
});

test.each<[string, FakeVendorScript, OpenModelOptions, RunOptions]>([
  ['the model says so', [cut(3)], { onCut: 'fail' }, { prompt: 'Hi' }],
  ['the model only continues', [cut(3)], { onCut: 'continue' }, { prompt: 'Hi' }],
  ['the reader cannot take text back', [cut(3)], {}, { prompt: 'Hi', onCut: 'fail' }],
  [
    'the failure will not pass',
    [
      reply.sse([
        { choices: [{ index: 0, delta: { content: 'Once upon a time ' } }] },
        { error: { message: 'no', type: 'authentication_error', code: 'invalid_api_key' } },
      ]),
    ],
    {},
    { prompt: 'Hi' },
  ],
])('nothing begins anew where %s', async (_, script, modelOptions, options) => {
  const { run, vendor } = await setUp(script, modelOptions);
  const { text, error, events } = await run(options);
  expect(text).toBe('Once upon a time ');
  expect(error).toBeDefined();
  expect(events.some(({ type }) => type === 'attempt-reset')).toBe(false);
  expect(vendor.requests).toHaveLength(1);
});

async function setUp(script: FakeVendorScript, options: OpenModelOptions = {}) {
  const vendor = await createFakeVendor({ script });
  onTestFinished(() => vendor.close());
  const cities: string[] = [];
  const weather = tool({
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }) => {
      cities.push(city);
      return { degrees: 12 };
    },
  });
  const agent = createAgent({
    model: openModel(
      { baseURL: vendor.baseURL, model: 'm' },
      { attempts: { max: 3, baseMs: 1, maxDelayMs: 1 }, ...options },
    ),
    tools: { weather },
  });
  const run = async (runOptions: RunOptions = { prompt: 'Hi' }) => {
    const events: RunEvent[] = [];
    let error: unknown;
    const run = agent.run(runOptions);
    try {
      for await (const event of run) events.push(event);
    } catch (cause) {
      error = cause;
    }
    const result =
      (error as { result?: RunResult } | undefined)?.result ??
      (error ? undefined : await run.result);
    return { events, error, result, text: textOf(events) };
  };
  return { run, vendor, cities };
}

/** The text as a reader puts it together. */
function textOf(events: readonly RunEvent[]): string {
  const steps: string[] = [];
  for (const event of events) {
    if (event.type === 'step-start') steps[event.step] = '';
    if (event.type === 'attempt-reset') steps[event.step] = '';
    if (event.type === 'text-delta') steps[event.step] += event.text;
  }
  return steps.join('');
}
