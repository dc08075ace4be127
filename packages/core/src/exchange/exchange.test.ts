import { createFakeVendor, reply } from '@anyturn/testing';
import type { FakeVendorScript } from '@anyturn/testing';
import { generateText, streamText } from 'ai';
import { expect, onTestFinished, test } from 'vitest';
import { createMeter, openModel, systemClock } from '../index.ts';
import type { AnyturnModel, Clock, ModelEvent, ModelInput, OpenModelOptions } from '../index.ts';

const pieces = ['Once upon ', 'a time ', 'there was ', 'a river.'];
/** DeepSeek continues a cut answer only when it does not think. */
const quiet = { deepseek: { thinking: { type: 'disabled' } } };

test('a reader that leaves in the middle of an answer is not taken for a cut', async () => {
  const { model, vendor, events, clock } = await setUp('deepseek', [
    reply.text(pieces, { stallAfter: 3 }),
  ]);
  const reader = await readToText(model);
  const last = reader.read();
  await reader.cancel();
  await last;
  await vendor.requests[0]?.ended;
  await settled(clock);
  expect(namesOf(events)).toEqual(['attempt-start 1', 'attempt-end 1 aborted']);
  expect(vendor.requests).toHaveLength(1);
  expect(model.pool.snapshot()).toMatchObject([{ inFlight: 0 }]);
});

test('a reader that leaves before an answer is continued ends its wait, and nothing more is sent', async () => {
  const waiting = Promise.withResolvers<void>();
  const { model, vendor, events, clock } = await setUp(
    'deepseek',
    [reply.text(pieces, { resetAfter: 3, chunkDelayMs: 20 }), reply.text('more')],
    {
      attempts: { max: 3, baseMs: 60_000, maxDelayMs: 60_000 },
      onEvent: ({ type }) => type === 'attempt-wait' && waiting.resolve(),
    },
  );
  const reader = await readToText(model);
  const rest = drain(reader);
  await waiting.promise;
  await reader.cancel();
  await rest;
  await settled(clock);
  expect(namesOf(events)).toEqual(['attempt-start 1', 'attempt-end 1 failed', 'attempt-wait 2']);
  expect(vendor.requests).toHaveLength(1);
});

test('an abort ends the attempt though nobody reads its answer', async () => {
  const { model, events, clock } = await setUp('custom/m', [reply.text(pieces, { stallAfter: 3 })]);
  const controller = new AbortController();
  await model.doStream({ prompt: [], abortSignal: controller.signal });
  controller.abort();
  expect(namesOf(events)).toEqual(['attempt-start 1', 'attempt-end 1 aborted']);
  expect(model.pool.snapshot()).toMatchObject([{ inFlight: 0 }]);
  expect(clock.waits.size).toBe(0);
});

test('a `fetch` that answers after it was aborted gets its body closed', async () => {
  const asks = Promise.withResolvers<void>();
  const { promise, resolve } = Promise.withResolvers<Response>();
  const fetch = () => {
    asks.resolve();
    return promise;
  };
  const { model } = await setUp('custom/m', [], { fetch });
  const controller = new AbortController();
  const asked = model.doStream({ prompt: [], abortSignal: controller.signal });
  await asks.promise;
  controller.abort(new Error('enough'));
  await expect(asked).rejects.toThrow('enough');
  const closed = Promise.withResolvers<string>();
  resolve(new Response(new ReadableStream({ cancel: () => closed.resolve('closed') })));
  expect(await closed.promise).toBe('closed');
});

test('a refused key hands over to the next one also where there is a single attempt', async () => {
  const { model, vendor } = await setUp(
    'deepseek',
    ({ headers }) =>
      headers['authorization'] === 'Bearer key-of-anna' ? reply.status(401) : reply.text('Hi'),
    { apiKey: ['key-of-anna', 'key-of-ben'], attempts: { max: 1 } },
  );
  const { text } = await generateText({ model, prompt: 'Hi', maxRetries: 0 });
  expect(text).toBe('Hi');
  expect(vendor.requests).toHaveLength(2);
});

test('a handover does not make more attempts than there are', async () => {
  const { model, vendor } = await setUp(
    'deepseek',
    ({ index }) => reply.status(index === 0 ? 401 : 503),
    { apiKey: ['key-of-anna', 'key-of-ben'], attempts: { max: 2, baseMs: 1, maxDelayMs: 1 } },
  );
  await expect(generateText({ model, prompt: 'Hi', maxRetries: 0 })).rejects.toMatchObject({
    code: 'overloaded',
  });
  expect(vendor.requests).toHaveLength(3);
});

test('a meter that is given to a model twice counts each attempt once', async () => {
  const meter = createMeter();
  const { model } = await setUp('custom/m', [reply.text('Hi')], { meter });
  await generateText({ model: model.observe(meter.record), prompt: 'Hi', maxRetries: 0 });
  expect(meter.total()).toMatchObject({ attempts: 1, finished: 1, open: 0 });
});

test('a vendor that quotes the prompt as it cuts an answer does not get it into the events', async () => {
  const plan = 'Anna means to buy a boat in Genoa before the winter.';
  const { model, events } = await setUp('deepseek', [
    reply.sse([
      { choices: [{ index: 0, delta: { content: 'Once upon a time ' } }] },
      { error: { message: `busy with: ${plan}`, type: 'server_error', code: 'overloaded' } },
    ]),
    reply.text('there was a river.'),
  ]);
  const { text } = streamText({ model, prompt: plan, maxRetries: 0, providerOptions: quiet });
  expect(await text).toBe('Once upon a time there was a river.');
  expect(namesOf(events)).toContain('attempt-wait 2');
  expect(JSON.stringify(events)).not.toContain('Genoa');
});

test('a continuation keeps to a base URL that names its path already', async () => {
  const { model, vendor } = await setUp(
    'deepseek',
    [reply.text(pieces, { resetAfter: 3, chunkDelayMs: 20 }), reply.text('more')],
    {},
    '/beta',
  );
  await streamText({ model, prompt: 'Hi', maxRetries: 0, providerOptions: quiet }).text;
  expect(vendor.requests.map(({ path }) => path)).toEqual([
    '/v1/beta/chat/completions',
    '/v1/beta/chat/completions',
  ]);
});

test.each<[string, ModelInput[], OpenModelOptions]>([
  [
    'one key for two hosts without a name',
    [
      { baseURL: 'https://a.example/v1', model: 'm' },
      { baseURL: 'https://b.example/v1', model: 'm' },
    ],
    { apiKey: 'key-of-anna' },
  ],
  [
    'one authorization for two vendors',
    ['deepseek', 'qwen'],
    { headers: { Authorization: 'Bearer key-of-anna' } },
  ],
])('%s is refused', (_, models, options) => {
  expect(() => openModel(models, { env: {}, ...options })).toThrow(/several providers/);
});

async function setUp(
  input: ModelInput,
  script: FakeVendorScript,
  { onEvent, ...options }: OpenModelOptions = {},
  path = '',
) {
  const vendor = await createFakeVendor({ script });
  onTestFinished(() => vendor.close());
  const events: ModelEvent[] = [];
  const clock = countingClock();
  const model = openModel(input, {
    baseURL: vendor.baseURL + path,
    apiKey: 'key-of-anna',
    env: {},
    attempts: { max: 3, baseMs: 1, maxDelayMs: 1 },
    clock,
    onEvent: (event) => {
      events.push(event);
      onEvent?.(event);
    },
    ...options,
  });
  return { model, vendor, events, clock };
}

/** The time of this machine, and what is still waited for. */
function countingClock(): Clock & { waits: Set<object> } {
  const waits = new Set<object>();
  return {
    ...systemClock,
    waits,
    after(ms, callback) {
      const wait = { ms };
      waits.add(wait);
      const cancel = systemClock.after(ms, () => {
        waits.delete(wait);
        callback();
      });
      return () => {
        waits.delete(wait);
        cancel();
      };
    },
  };
}

/** Once nothing is waited for, nothing more will come. */
async function settled({ waits }: { waits: Set<object> }): Promise<void> {
  await expect.poll(() => waits.size).toBe(0);
}

async function readToText(model: AnyturnModel) {
  const { stream } = await model.doStream({ prompt: [], providerOptions: quiet });
  const reader = stream.getReader();
  while ((await reader.read()).value?.type !== 'text-delta');
  return reader;
}

async function drain(reader: ReadableStreamDefaultReader<unknown>): Promise<void> {
  while (!(await reader.read()).done);
}

function namesOf(events: readonly ModelEvent[]): string[] {
  return events.map((event) =>
    [event.type, 'attempt' in event && event.attempt, 'outcome' in event && event.outcome]
      .filter(Boolean)
      .join(' '),
  );
}
