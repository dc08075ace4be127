import { createFakeVendor, reply } from '@anyturn/testing';
import type { FakeReply, FakeVendor, FakeVendorScript } from '@anyturn/testing';
import { generateText, streamText } from 'ai';
import { expect, onTestFinished, test } from 'vitest';
import { AnyturnError, defineProvider, openModel } from '../index.ts';
import type { ModelEvent, OpenModelOptions } from '../index.ts';

const quick = { max: 2, baseMs: 1, maxDelayMs: 1 };

test.each<[string, FakeReply, number]>([
  ['a refused key', reply.status(401), 1],
  ['an empty account', reply.status(402), 1],
  ['a refused model', reply.status(403), 1],
  ['an unknown model', reply.status(404), 1],
  ['an overloaded vendor', reply.status(503), 2],
  [
    'a vendor that redirects',
    reply.status(307, { headers: { location: 'http://127.0.0.1:9' } }),
    1,
  ],
  [
    'a page in place of an answer',
    reply.raw('<html></html>', { headers: { 'content-type': 'text/html' } }),
    1,
  ],
])('after %s the next model answers, and the events say why', async (_, fault, requests) => {
  const { run, vendors, events } = await setUp([() => fault, () => reply.text('Hi from b')]);
  const answer = await run();

  expect(answer).toMatchObject({ text: 'Hi from b', error: undefined });
  expect(answer.metadata).toMatchObject({
    provider: 'b',
    model: 'model-b',
    attempts: requests + 1,
  });
  expect(vendors.map((vendor) => vendor.requests.length)).toEqual([requests, 1]);
  const [failed] = events.filter((event) => event.type === 'attempt-end');
  expect(events.filter((event) => event.type === 'failover')).toMatchObject([
    {
      provider: 'b',
      model: 'model-b',
      from: { provider: 'a', model: 'model-a' },
      error: { code: failed?.error?.code },
    },
  ]);
});

test.each<[string, FakeReply, string]>([
  ['a bad request', reply.status(400), 'bad_request'],
  [
    'filtered content',
    reply.status(400, { body: { error: { code: 'content_filter', message: 'no' } } }),
    'content_filter',
  ],
])('%s goes to no other model', async (_, fault, code) => {
  const { run, vendors } = await setUp([() => fault, () => reply.text('Hi')]);
  expect((await run()).error).toMatchObject({ code, provider: 'a' });
  expect(vendors[1]?.requests).toHaveLength(0);
});

test('a conversation that is too long goes to a larger window, past a smaller one', async () => {
  const overflow = reply.status(400, {
    body: { error: { code: 'context_length_exceeded', message: 'too long' } },
  });
  const { run, vendors } = await setUp(
    [() => overflow, () => reply.text('small'), () => reply.text('large')],
    {},
    [8_000, 4_000, 1_000_000],
  );
  expect((await run()).text).toBe('large');
  expect(vendors.map((vendor) => vendor.requests.length)).toEqual([1, 0, 1]);
});

test('a vendor where nothing listens is asked once, and the next one at once', async () => {
  const { run, vendors, events } = await setUp([() => reply.text('gone'), () => reply.text('Hi')]);
  await vendors[0]?.close();
  expect((await run()).text).toBe('Hi');
  expect(events.map(({ type }) => type)).toEqual([
    'attempt-start',
    'attempt-end',
    'failover',
    'attempt-start',
    'attempt-end',
  ]);
});

test('the last failure is the one that is told', async () => {
  const { run } = await setUp([() => reply.status(503), () => reply.status(401)]);
  expect((await run()).error).toMatchObject({ code: 'auth', provider: 'b', attempt: 3 });
});

test('a provider that keeps failing comes last until it is well again', async () => {
  let isIll = true;
  const { run, vendors } = await setUp([
    () => (isIll ? reply.status(500) : reply.text('Hi from a')),
    () => reply.text('Hi from b'),
  ]);
  for (let calls = 0; calls < 8; calls++) await run();
  const asked = vendors[0]?.requests.length ?? 0;
  expect(asked).toBeLessThan(12);
  await run();
  expect(vendors[0]?.requests).toHaveLength(asked);
  isIll = false;
});

test('a provider that breaks off every answer comes last too', async () => {
  const cut = reply.text(['Hi ', 'from a'], { resetAfter: 2, chunkDelayMs: 10 });
  const { run, vendors } = await setUp([() => cut, () => reply.text('Hi from b')]);
  for (let calls = 0; calls < 7; calls++) await run();
  expect(vendors.map((vendor) => vendor.requests.length)).toEqual([5, 2]);
});

test('calls without a stream go over too', async () => {
  const { model } = await setUp([() => reply.status(503), () => reply.text('Hi from b')]);
  const { text, providerMetadata } = await generateText({ model, prompt: 'Hi', maxRetries: 0 });
  expect(text).toBe('Hi from b');
  expect(providerMetadata?.['anyturn']).toMatchObject({ provider: 'b', attempts: 3 });
});

test('the pool shows the keys of all models', async () => {
  const { model } = await setUp([() => reply.text('a'), () => reply.text('b')]);
  expect(model.pool.snapshot()).toMatchObject([
    { id: 'none', provider: 'a', model: 'model-a', state: 'ready' },
    { id: 'none', provider: 'b', model: 'model-b', state: 'ready' },
  ]);
});

test.each([
  ['no model at all', [], {}],
  ['one key for two vendors', ['deepseek', 'qwen'], { apiKey: 'key-of-anna' }],
])('a list with %s is refused', (_, models, options) => {
  let refused: unknown;
  try {
    openModel(models, { env: {}, ...options });
  } catch (error) {
    refused = error;
  }
  expect(refused).toBeInstanceOf(AnyturnError);
  expect(refused).toMatchObject({ code: 'config' });
});

async function setUp(
  scripts: readonly FakeVendorScript[],
  options: OpenModelOptions = {},
  windows: readonly number[] = [],
) {
  const vendors: FakeVendor[] = [];
  for (const script of scripts) vendors.push(await createFakeVendor({ script }));
  onTestFinished(async () => {
    await Promise.all(vendors.map((vendor) => vendor.close()));
  });
  const events: ModelEvent[] = [];
  const model = openModel(
    vendors.map(({ baseURL }, index) => {
      const id = 'abc'[index] ?? 'z';
      const contextTokens = windows[index];
      return defineProvider({
        id,
        name: id,
        baseURL,
        apiKeyEnv: [],
        defaultModel: `model-${id}`,
        models: { [`model-${id}`]: contextTokens === undefined ? {} : { contextTokens } },
      });
    }),
    { attempts: quick, env: {}, onEvent: (event) => events.push(event), ...options },
  );
  const run = async () => {
    const answer = {
      text: '',
      error: undefined as AnyturnError | undefined,
      metadata: undefined as unknown,
    };
    const { stream } = streamText({ model, prompt: 'Hi', maxRetries: 0, onError: () => {} });
    for await (const part of stream) {
      if (part.type === 'text-delta') answer.text += part.text;
      if (part.type === 'error') answer.error = part.error as AnyturnError;
      if (part.type === 'finish-step') answer.metadata = part.providerMetadata?.['anyturn'];
    }
    return answer;
  };
  return { run, model, vendors, events };
}
