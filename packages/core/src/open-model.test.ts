import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { createFakeVendor, reply } from '@anyturn/testing';
import type { FakeReply, FakeVendorScript } from '@anyturn/testing';
import { generateText, streamText } from 'ai';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { AnyturnError, createMeter, defineProvider, openModel, systemClock } from './index.ts';
import type { Clock, ModelEvent, OpenModelOptions } from './index.ts';

const quick = { max: 3, baseMs: 1, maxDelayMs: 1, maxWaitMs: 60_000 };

test('a rate limit before the first content is retried after the time the vendor asks for', async () => {
  const clock = manualClock();
  const limited = reply.status(429, { headers: { 'retry-after': '3' } });
  const { run, events, vendor } = await setUp([limited, reply.text('Hi')], { clock });

  const answer = run();
  await clock.advanceWhenWaiting(3_000);

  expect(await answer).toMatchObject({ text: 'Hi', error: undefined });
  expect(vendor.requests).toHaveLength(2);
  expect(events.map(({ type }) => type)).toEqual([
    'attempt-start',
    'attempt-end',
    'attempt-wait',
    'attempt-start',
    'attempt-end',
  ]);
  expect(events[2]).toMatchObject({ delayMs: 3_000, error: { code: 'rate_limit' } });
});

test.each<[string, FakeReply]>([
  ['a server error', reply.status(500)],
  ['an overloaded vendor', reply.status(503)],
  ['a socket closed before the headers', reply.closeSocket()],
  ['a socket reset after the headers', reply.text('Hi', { resetAfter: 0 })],
  ['a stream that ends without content', reply.sse('')],
  ['an error inside a good status', reply.json({ error: { message: 'overloaded', code: 503 } })],
  ['an error event before any content', reply.sse([{ error: { message: 'overloaded' } }])],
])('%s is tried again without the caller noticing', async (_, fault) => {
  const { run, vendor } = await setUp([fault, reply.text('Hello again')]);
  expect(await run()).toMatchObject({ text: 'Hello again', error: undefined });
  expect(vendor.requests).toHaveLength(2);
});

test.each<[string, FakeReply, string]>([
  ['a bad request', reply.status(400), 'bad_request'],
  ['an unknown model', reply.status(404), 'model_not_found'],
  ['an empty account', reply.status(402), 'balance'],
  ['a refused key', reply.status(401), 'auth'],
  ['a refused model', reply.status(403, { body: { error: { message: 'no' } } }), 'forbidden'],
  [
    'too long a conversation',
    reply.status(400, {
      body: { error: { message: "This model's maximum context length is 8 tokens" } },
    }),
    'context_overflow',
  ],
  [
    'an exhausted quota with status 429',
    reply.status(429, {
      body: { error: { message: 'You exceeded your quota', code: 'insufficient_quota' } },
    }),
    'balance',
  ],
  [
    'an HTML page',
    reply.raw('<html><title>Sign in</title></html>', { headers: { 'content-type': 'text/html' } }),
    'bad_response',
  ],
])('%s is not tried again and says what to do', async (_, answer, code) => {
  const { run, vendor } = await setUp([answer]);
  const { error } = await run();
  expect(error).toMatchObject({ code, retryable: false, provider: 'custom', attempt: 1 });
  expect(vendor.requests).toHaveLength(1);
});

test('a forgotten /v1 is told as that, with the address that was asked', async () => {
  const vendor = await openVendor(() => reply.status(404, { body: '404 page not found' }));
  const baseURL = vendor.baseURL.replace('/v1', '');
  const model = openModel({ baseURL, model: 'm' });
  await expect(generateText({ model, prompt: 'Hi', maxRetries: 0 })).rejects.toMatchObject({
    code: 'not_found',
    message: `custom: 404 page not found. Nothing answers at ${baseURL}/chat/completions. Check the base URL; it usually ends in /v1.`,
  });
});

test('a vendor that wants a key where none was set names the variable', async () => {
  const { run } = await setUp(() => reply.status(401), { env: {} });
  expect((await run()).error?.message).toContain('No key was sent. Set ANYTURN_API_KEY');
});

test('a whole answer in place of a stream is the answer, with a warning', async () => {
  const { run, events } = await setUp([
    reply.json({ choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }] }),
  ]);
  expect(await run()).toMatchObject({ text: 'Hi', error: undefined, finishReason: 'stop' });
  expect(events.filter(({ type }) => type === 'warning')).toMatchObject([{ count: 1 }]);
});

test.each([400, 401, 402, 403, 404, 413, 429, 451, 500, 502, 503, 504])(
  'what is said about status %i ends with a next step',
  async (status) => {
    const { run } = await setUp(() => reply.status(status, { body: {} }), { attempts: { max: 1 } });
    expect((await run()).error?.message).toMatch(/^custom: HTTP \d+\. [A-Z].*\.$/);
  },
);

test('the number of attempts is a limit', async () => {
  const { run, vendor } = await setUp(() => reply.status(500));
  expect((await run()).error).toMatchObject({ code: 'upstream_error', attempt: 3 });
  expect(vendor.requests).toHaveLength(3);
});

test('a wait longer than the limit is not waited for but reported', async () => {
  const { run, vendor } = await setUp([reply.status(429, { headers: { 'retry-after': '86400' } })]);
  expect((await run()).error).toMatchObject({ code: 'rate_limit', retryAfterMs: 86_400_000 });
  expect(vendor.requests).toHaveLength(1);
});

test('a refused key hands over to the next one at once, and rests from then on', async () => {
  const script = ({ headers }: { headers: Readonly<Record<string, string>> }) =>
    headers['authorization'] === 'Bearer key-of-anna' ? reply.status(401) : reply.text('Hi');
  const { run, model, vendor } = await setUp(script, { apiKey: 'key-of-anna,key-of-bert' });

  expect(await run()).toMatchObject({ text: 'Hi', attempts: 2 });
  expect(await run()).toMatchObject({ text: 'Hi', attempts: 1 });
  expect(vendor.requests.map(({ headers }) => headers['authorization'])).toEqual([
    'Bearer key-of-anna',
    'Bearer key-of-bert',
    'Bearer key-of-bert',
  ]);
  expect(model.pool.snapshot()).toMatchObject([
    { id: 'key-1', state: 'parked', reason: 'auth' },
    { id: 'key-2', state: 'ready' },
  ]);
});

test('refused keys cost no attempts, so that a good one is found behind them', async () => {
  const script = ({ headers }: { headers: Readonly<Record<string, string>> }) =>
    headers['authorization'] === 'Bearer key-5' ? reply.text('Hi') : reply.status(401);
  const { run, vendor } = await setUp(script, { apiKey: 'key-1,key-2,key-3,key-4,key-5' });
  expect(await run()).toMatchObject({ text: 'Hi' });
  expect(vendor.requests).toHaveLength(5);
});

test('when every key is limited, the wait is for the one that is free first', async () => {
  const clock = manualClock();
  const { run, events } = await setUp(
    [
      reply.status(429, { headers: { 'retry-after': '1' } }),
      reply.status(429, { headers: { 'retry-after': '50' } }),
      reply.text('Hi'),
    ],
    { clock, apiKey: 'key-of-anna,key-of-bert' },
  );
  const answer = run();
  await clock.advanceWhenWaiting(1_000);
  expect(await answer).toMatchObject({ text: 'Hi' });
  expect(events.filter(({ type }) => type === 'attempt-wait')).toMatchObject([
    { keyId: 'key-2', delayMs: 0 },
    { keyId: 'key-1', delayMs: 1_000 },
  ]);
});

test('limits without a time to wait back off, however many keys there are', async () => {
  const clock = manualClock();
  const { run, events } = await setUp(() => reply.status(429), {
    clock,
    apiKey: 'key-of-anna,key-of-bert',
    attempts: { max: 3, baseMs: 1_000, maxDelayMs: 8_000 },
  });
  const answer = run();
  // The middle between 100 ms and the bound each time: the first key rests 1,050 ms, the second 2,050 ms.
  await clock.advanceWhenWaiting(1_050);
  await clock.advanceWhenWaiting(1_000);
  expect((await answer).error).toMatchObject({ code: 'rate_limit' });
  const delays = events.map((event) => event.type === 'attempt-wait' && event.delayMs);
  expect(delays.filter((delay) => delay !== false)).toEqual([0, 1_050, 1_000]);
});

test('the words to an error may stall; its status and its headers count', async () => {
  const { run, vendor } = await setUp(
    [
      reply.raw(['{"error":', '{'], {
        status: 429,
        headers: { 'retry-after-ms': '100' },
        stallAfter: 1,
      }),
      reply.text('Hi'),
    ],
    { clock: hurriedClock() },
  );
  expect(await run()).toMatchObject({ text: 'Hi' });
  expect(vendor.requests).toHaveLength(2);
});

test('several keys take turns', async () => {
  const { run, vendor } = await setUp(() => reply.text('Hi'), { apiKey: ['key-one', 'key-two'] });
  await run();
  await run();
  await run();
  expect(vendor.requests.map(({ headers }) => headers['authorization'])).toEqual([
    'Bearer key-one',
    'Bearer key-two',
    'Bearer key-one',
  ]);
});

test('usage is always asked for, and the finish tells model, attempts and cost', async () => {
  const priced = defineProvider({
    id: 'priced',
    name: 'Priced',
    baseURL: '',
    apiKeyEnv: [],
    defaultModel: 'm',
    models: {
      m: {
        price: {
          currency: 'CNY',
          tiers: [{ input: '1', cachedInput: '0.1', output: '4' }],
          source: 'test',
          asOf: '2026-11-21',
        },
      },
    },
  });
  const usage = {
    prompt_tokens: 1_000,
    completion_tokens: 500,
    total_tokens: 1_500,
    prompt_tokens_details: { cached_tokens: 200 },
  };
  const vendor = await openVendor([reply.text('Hi', { usage })]);
  const result = streamText({
    model: openModel(priced, { baseURL: vendor.baseURL }),
    prompt: 'Hi',
    maxRetries: 0,
  });
  expect((await result.finalStep).providerMetadata?.['anyturn']).toEqual({
    provider: 'priced',
    model: 'm',
    attempts: 1,
    warnings: [],
    // (800 × 1 + 200 × 0.1 + 500 × 4) / 1,000,000
    cost: { amount: '0.00282', currency: 'CNY', estimated: false },
  });
  expect(vendor.requests[0]?.body).toMatchObject({ stream_options: { include_usage: true } });
});

test.each([
  [0.00020436, { amount: '0.00020436', currency: 'USD', estimated: false }],
  [1e-7, { amount: '0.0000001', currency: 'USD', estimated: false }],
  [0, { amount: '0', currency: 'USD', estimated: false }],
  ['a lot', null],
  [-1, null],
])('what OpenRouter says a call cost, %j, is what it cost', async (cost, expected) => {
  const vendor = await openVendor([
    reply.sse([
      { choices: [{ index: 0, delta: { content: 'Hi' } }] },
      {
        choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
        usage: { prompt_tokens: 7, completion_tokens: 1, total_tokens: 8, cost },
      },
      'data: [DONE]\n\n',
    ]),
  ]);
  const model = openModel('openrouter', {
    baseURL: vendor.baseURL,
    apiKey: 'key-of-anna',
    env: {},
  });
  const step = await streamText({ model, prompt: 'Hi', maxRetries: 0 }).finalStep;
  expect(step.providerMetadata?.['anyturn']).toMatchObject({ cost: expected });
});

test('a connection that breaks in the middle ends with one typed error that keeps the text', async () => {
  const { run, events, vendor } = await setUp([
    // The pause lets the first word arrive: a reset takes along what the socket still holds.
    reply.text(['Once ', 'upon ', 'a time'], { resetAfter: 3, chunkDelayMs: 30 }),
  ]);
  const { text, error } = await run();
  expect(text).toMatch(/^Once (upon )?$/);
  expect(error).toMatchObject({
    code: 'stream_interrupted',
    retryable: true,
    partialText: text,
    usage: { estimated: true },
  });
  expect(vendor.requests).toHaveLength(1);
  expect(events.at(-1)).toMatchObject({ type: 'attempt-end', outcome: 'failed' });
});

test.each<[string, FakeReply, string]>([
  ['without a finish reason', reply.text(['a', 'b'], { endAfter: 3 }), 'stream_interrupted'],
  [
    'with an error event',
    reply.sse([
      { choices: [{ index: 0, delta: { content: 'ab' } }] },
      { error: { message: 'The engine is overloaded', type: 'engine_overloaded_error' } },
    ]),
    'overloaded',
  ],
  [
    'with a chunk that is no JSON',
    reply.sse([
      { choices: [{ index: 0, delta: { content: 'ab' } }] },
      'data: {"choices": [\n\n',
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    ]),
    'bad_response',
  ],
])('a stream that ends %s is an error, never a shorter answer', async (_, answer, code) => {
  const { run } = await setUp([answer]);
  const { text, error } = await run();
  expect(text).toBe('ab');
  expect(error).toMatchObject({ code });
});

test.each<[string, FakeReply, string, Partial<OpenModelOptions['deadlines']>]>([
  ['response headers', reply.neverRespond(), 'headersMs', { headersMs: 5_000 }],
  ['content', reply.text('Hi', { stallAfter: 0 }), 'firstContentMs', { firstContentMs: 5_000 }],
  [
    'content',
    reply.text('Hi', { comments: 3, stallAfter: 3 }),
    'firstContentMs, comments do not count',
    { firstContentMs: 5_000 },
  ],
  ['further content', reply.text(['a', 'b'], { stallAfter: 2 }), 'idleMs', { idleMs: 5_000 }],
  [
    'end of the answer',
    reply.text(['a', 'b'], { stallAfter: 2 }),
    'attemptMs',
    { attemptMs: 5_000 },
  ],
])('waiting for %s has a deadline (%#)', async (what, silent, _, deadlines = {}) => {
  const clock = manualClock();
  const { run, vendor } = await setUp(() => silent, {
    clock,
    deadlines,
    attempts: { ...quick, max: 1 },
  });
  const answer = run();
  const request = await vendor.waitForRequest(0);
  await clock.advanceWhenWaiting(4_999, 5_000);
  expect(request.end).toBeUndefined();
  await clock.advanceWhenWaiting(1, 5_000);

  const { error } = await answer;
  expect(error).toMatchObject({ code: 'timeout', retryable: true });
  expect(error?.message).toContain(`no ${what} within 5 s`);
  expect((await request.ended).end).toBe('client-left');
});

test('a slow reader is not taken for a silent vendor', async () => {
  const clock = manualClock();
  const words = Array.from({ length: 2_000 }, (_, index) => `${index} `.repeat(200));
  const { model } = await setUp([reply.text(words)], { clock });
  const { stream } = await model.doStream({
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
  });
  let text = '';
  for await (const part of stream) {
    if (part.type === 'error') throw part.error;
    if (part.type !== 'text-delta') continue;
    if (text === '') {
      // The pipe fills up, until nothing waits for the vendor any more; then the reader takes a long break.
      for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
      clock.advance(300_000);
    }
    text += part.delta;
  }
  expect(text).toBe(words.join(''));
});

test('a silent vendor is given up in real time too, and the next attempt answers', async () => {
  const { run, vendor } = await setUp([reply.neverRespond(), reply.text('Hi')], {
    deadlines: { headersMs: 200 },
  });
  const startedAt = performance.now();
  expect(await run()).toMatchObject({ text: 'Hi', attempts: 2 });
  expect(performance.now() - startedAt).toBeLessThan(1_200);
  expect(vendor.requests[0]?.aborted).toBe(true);
});

test('[DONE] ends the answer although the vendor keeps the socket open', async () => {
  const clock = manualClock();
  const { run } = await setUp([reply.text('Hi', { keepOpen: true })], { clock });
  expect(await run()).toMatchObject({ text: 'Hi', error: undefined });
});

test('a finished answer without [DONE] ends after 2 s although the vendor keeps the socket open', async () => {
  const clock = manualClock();
  const { run } = await setUp([reply.text('Hi', { done: false, keepOpen: true })], { clock });
  const answer = run();
  await clock.advanceWhenWaiting(2_000, 2_000);
  expect(await answer).toMatchObject({ text: 'Hi', error: undefined, finishReason: 'stop' });
});

test('an abort in the middle closes the request at once and counts what was received', async () => {
  const { model, events, vendor } = await setUp([reply.text(['a ', 'b '], { stallAfter: 3 })]);
  const abort = new AbortController();
  const { stream } = await model.doStream({
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    abortSignal: abort.signal,
  });
  const reader = stream.getReader();
  for (let text = ''; text !== 'a b ';) {
    const { value } = await reader.read();
    if (value?.type === 'text-delta') text += value.delta;
  }
  const abortedAt = Date.now();
  abort.abort(new Error('enough'));
  await expect(reader.read()).rejects.toThrow('enough');
  const { at, end } = await vendor.requests[0]!.ended;
  expect(end).toBe('client-left');
  expect(at - abortedAt).toBeLessThan(250 + 1_000);
  expect(events.at(-1)).toMatchObject({
    type: 'attempt-end',
    outcome: 'aborted',
    usage: { estimated: true },
  });
});

test('an abort ends the wait between two attempts', async () => {
  const clock = manualClock();
  const { model, vendor } = await setUp(
    () => reply.status(429, { headers: { 'retry-after': '30' } }),
    { clock },
  );
  const abort = new AbortController();
  const call = model.doStream({
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    abortSignal: abort.signal,
  });
  const waiting = clock.untilWaiting(30_000).then(() => abort.abort(new Error('enough')));
  await expect(call).rejects.toThrow('enough');
  await waiting;
  expect(vendor.requests).toHaveLength(1);
});

test('an abort ends a wait in real time within 50 ms', async () => {
  const { model, vendor } = await setUp(() =>
    reply.status(429, { headers: { 'retry-after': '30' } }),
  );
  const abort = new AbortController();
  const call = model.doStream({
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    abortSignal: abort.signal,
  });
  await (
    await vendor.waitForRequest(0)
  ).ended;
  const abortedAt = performance.now();
  abort.abort(new Error('enough'));
  await expect(call).rejects.toThrow('enough');
  expect(performance.now() - abortedAt).toBeLessThan(50 + 1_000);
});

test('a reader that leaves closes the request', async () => {
  const { model, vendor } = await setUp([reply.text('a b c', { stallAfter: 2 })]);
  const { stream } = await model.doStream({
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
  });
  await stream.cancel();
  expect((await vendor.requests[0]!.ended).end).toBe('client-left');
});

test('a redirect is refused, and the other server sees nothing', async () => {
  const elsewhere = await openVendor([reply.text('stolen')]);
  const moved = reply.raw('', { status: 307, headers: { location: elsewhere.baseURL } });
  const { run } = await setUp([moved]);
  expect((await run()).error).toMatchObject({ code: 'redirect_refused', retryable: false });
  expect(elsewhere.requests).toHaveLength(0);
});

test('no key and no prompt is in anything that is thrown or told', async () => {
  const apiKey = 'canary-key-1234567890';
  const { run, events } = await setUp(
    () => reply.status(401, { body: { error: { message: `Incorrect API key: ${apiKey}` } } }),
    { apiKey },
  );
  const { error } = await run('a secret plan');
  const told = JSON.stringify([error, error?.cause, events]) + String(error?.stack);
  expect(told).toContain('[redacted]');
  expect(told).not.toContain(apiKey);
  expect(told).not.toContain('secret plan');
});

test('a call without a stream is retried and typed in the same way', async () => {
  const { model, vendor } = await setUp([
    reply.status(500),
    reply.text('Hi', { usage: { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 } }),
    reply.json({ error: { message: 'Insufficient Balance' } }),
  ]);
  const result = await generateText({ model, prompt: 'Hi', maxRetries: 0 });
  expect(result.text).toBe('Hi');
  expect(result.usage.totalTokens).toBe(9);
  expect(vendor.requests).toHaveLength(2);
  await expect(generateText({ model, prompt: 'Hi', maxRetries: 0 })).rejects.toMatchObject({
    code: 'balance',
    message: expect.stringContaining('Insufficient Balance'),
  });
});

test('a vendor that reports no usage gets an estimate, marked as one', async () => {
  const { run, events } = await setUp([reply.text('Hello there', { usage: null })]);
  await run();
  expect(events.at(-1)).toMatchObject({
    usage: { inputTokens: expect.any(Number), outputTokens: 2, estimated: true },
  });
});

test('an observer that fails later does not disturb the call either', async () => {
  const { run } = await setUp([reply.text('Hi')], {
    onEvent: (async () => {
      throw new Error('broken observer');
    }) as () => void, // An async function is taken where nothing is expected back.
  });
  expect(await run()).toMatchObject({ text: 'Hi' });
});

test('neither keys nor secret headers are in what the model shows of itself or tells', async () => {
  const { run, model } = await setUp(
    () => reply.status(400, { body: { error: { message: 'no access for azure-key-0123456789' } } }),
    { apiKey: 'canary-key-1234567890', headers: { 'api-key': 'azure-key-0123456789' } },
  );
  const { error } = await run();
  const shown = inspect([model, model.pool, error], { depth: 10, showHidden: true });
  expect(shown + JSON.stringify([model, model.pool])).not.toMatch(/canary-key|azure-key/);
});

test('a header of the caller takes the place of the key', async () => {
  const { run, vendor } = await setUp([reply.text('Hi')], {
    headers: { Authorization: 'Token of-my-own-1' },
  });
  await run();
  expect(vendor.requests[0]?.headers['authorization']).toBe('Token of-my-own-1');
});

test('partial text is text alone, without the reasoning before it', async () => {
  const { run } = await setUp([
    reply.text(['Hello '], { reasoning: 'A secret thought.', endAfter: 3 }),
  ]);
  expect((await run()).error).toMatchObject({ partialText: 'Hello ' });
});

test('what comes after [DONE] is no part of the answer', async () => {
  const chunk = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });
  const finish = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
  const { run } = await setUp([
    reply.sse([chunk('Hi'), finish, 'data: [DONE]\n\n', chunk('ghost'), finish]),
  ]);
  expect(await run()).toMatchObject({ text: 'Hi', error: undefined });
});

test('a base URL may carry a query, a path and the whole endpoint', async () => {
  const vendor = await openVendor(() => reply.text('Hi'));
  for (const suffix of ['?api-version=1', '/chat/completions', '/#top', ' ']) {
    const model = openModel({ baseURL: vendor.baseURL + suffix, model: 'm' });
    await generateText({ model, prompt: 'Hi', maxRetries: 0 });
  }
  expect(vendor.requests.map(({ path }) => path)).toEqual([
    '/v1/chat/completions?api-version=1',
    '/v1/chat/completions',
    '/v1/chat/completions',
    '/v1/chat/completions',
  ]);
});

test('a deadline of Infinity is none', async () => {
  const { run } = await setUp([reply.text('Hi')], {
    deadlines: { headersMs: Infinity, attemptMs: Infinity },
  });
  expect(await run()).toMatchObject({ text: 'Hi' });
});

test('an observer that throws does not disturb the call', async () => {
  const { run } = await setUp([reply.text('Hi')], {
    onEvent: () => {
      throw new Error('broken observer');
    },
  });
  expect(await run()).toMatchObject({ text: 'Hi' });
});

test('text is the same however the bytes are cut', { timeout: 180_000 }, async () => {
  const vendor = await openVendor([]);
  const model = openModel({ baseURL: vendor.baseURL, model: 'm' });
  const numRuns = process.env['ANYTURN_TEST_FULL'] ? 1_000 : 50;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), { minLength: 1 }),
      fc.integer({ min: 1, max: 40 }),
      async (deltas, splitBytes) => {
        vendor.setScript([reply.text(deltas, { splitBytes })]);
        const { textStream } = streamText({ model, prompt: 'Hi', maxRetries: 0 });
        let text = '';
        for await (const delta of textStream) text += delta;
        expect(text).toBe(deltas.join(''));
      },
    ),
    { numRuns },
  );
});

test.each<[string, () => unknown, string]>([
  ['a missing key', () => openModel('deepseek', { env: {} }), 'Set DEEPSEEK_API_KEY'],
  ['an unknown provider', () => openModel('deepsek', { env: {} }), 'Did you mean deepseek'],
  ['an unknown region', () => openModel('qwen@mars', { env: { DASHSCOPE_API_KEY: 'k' } }), 'qwen@'],
  ['a provider without a default model', () => openModel('ollama', { env: {} }), 'Which model'],
  [
    'a base URL that is none',
    () => openModel('openai', { env: { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'localhost:1' } }),
    'OPENAI_BASE_URL',
  ],
  ['no base URL', () => openModel('custom/m', { env: {} }), 'Set ANYTURN_BASE_URL'],
  [
    'a base URL with a password',
    () => openModel({ baseURL: 'http://me:secret@host/v1', model: 'm' }),
    'must not hold a user or password',
  ],
  [
    'a key with a line end inside',
    () => openModel('deepseek', { apiKey: 'sk-12\n34', env: {} }),
    'characters that no key has',
  ],
  [
    'no attempts',
    () => openModel({ baseURL: 'http://h/v1', model: 'm' }, { attempts: { max: 0 } }),
    'attempts.max',
  ],
  [
    'a deadline that is no number',
    () => openModel({ baseURL: 'http://h/v1', model: 'm' }, { deadlines: { idleMs: Number.NaN } }),
    'deadlines.idleMs',
  ],
  ['no model at all', () => openModel(undefined as never), 'No model was given'],
])('%s is refused before anything is sent, with the next step', (_, open, hint) => {
  const error = catchError(open);
  expect(error).toMatchObject({ code: 'config', retryable: false });
  expect(error.message).toContain(hint);
  expect(error.message).not.toContain('secret');
  expect(error.message).not.toContain('12\n34');
});

test('keys are read from a list or from numbered variables', async () => {
  const vendor = await openVendor(() => reply.text('Hi'));
  const env = {
    DEEPSEEK_BASE_URL: `${vendor.baseURL}/`,
    DEEPSEEK_API_KEY: 'first, second',
    DEEPSEEK_API_KEY_1: 'third',
  };
  expect(openModel('deepseek', { env }).pool.snapshot()).toHaveLength(3);
  await generateText({ model: openModel('deepseek', { env }), prompt: 'Hi', maxRetries: 0 });
  expect(vendor.requests[0]?.path).toBe('/v1/chat/completions');
});

test('a certificate that is none is a typed error and is not tried again', async () => {
  const plain = createServer((_, response) => response.end());
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void plain.close());
  const { port } = plain.address() as AddressInfo;
  const model = openModel({ baseURL: `https://127.0.0.1:${port}/v1`, model: 'm' });
  await expect(generateText({ model, prompt: 'Hi', maxRetries: 0 })).rejects.toMatchObject({
    code: 'tls',
    attempt: 1,
  });
});

test('a repair is told as a warning with its count, and strict mode makes it an error that names it', async () => {
  const usage = { prompt_tokens: '7', completion_tokens: '2', total_tokens: '9' } as object;
  const lenient = await setUp([reply.text('Hi', { usage })]);
  expect(await lenient.run()).toMatchObject({ text: 'Hi', error: undefined });
  expect(lenient.events.filter(({ type }) => type === 'warning')).toMatchObject([
    { code: 'usage_as_text', count: 1, message: expect.stringMatching(/^[A-Z].*\.$/) },
  ]);

  const strict = await setUp(() => reply.text('Hi', { usage }), { strict: true });
  const { error } = await strict.run();
  expect(error).toMatchObject({ code: 'bad_response', retryable: false });
  expect(error?.message).toContain('usage_as_text');
  expect(strict.vendor.requests).toHaveLength(1);
});

test('when every key was refused, the next call says so without asking the vendor', async () => {
  const { run, vendor } = await setUp(() => reply.status(401), {
    apiKey: 'key-of-anna,key-of-bert',
    clock: manualClock(),
  });
  expect((await run()).error).toMatchObject({ code: 'auth' });
  expect((await run()).error).toMatchObject({
    code: 'keys_parked',
    retryable: true,
    retryAfterMs: 300_000,
  });
  expect(vendor.requests).toHaveLength(2);
});

test('an only key that was refused is asked again a second later, by one call for all', async () => {
  const clock = manualClock();
  let isToppedUp = false;
  const { run, vendor } = await setUp(() => (isToppedUp ? reply.text('Hi') : reply.status(402)), {
    apiKey: 'key-of-anna',
    clock,
  });
  expect((await run()).error).toMatchObject({ code: 'balance' });
  const crowd = [run(), run(), run()];
  await clock.advanceWhenWaiting(1_000);
  const codes = (await Promise.all(crowd)).map(({ error }) => error?.code);
  expect(codes).toEqual(['balance', 'keys_parked', 'keys_parked']);
  expect(vendor.requests).toHaveLength(2);

  isToppedUp = true;
  const next = run();
  await clock.advanceWhenWaiting(1_000);
  expect(await next).toMatchObject({ text: 'Hi' });
});

test('limits hold calls back, in their order, and an abort leaves the queue', async () => {
  const clock = manualClock();
  const { model, vendor } = await setUp(() => reply.text('Hi'), {
    clock,
    limits: { requestsPerMinute: 2 },
  });
  const ask = (prompt: string, abortSignal?: AbortSignal) =>
    generateText({ model, prompt, maxRetries: 0, ...(abortSignal && { abortSignal }) });
  await Promise.all([ask('first'), ask('second')]);
  const abort = new AbortController();
  const left = ask('third', abort.signal);
  const fourth = ask('fourth');
  await clock.untilWaiting(60_000);
  abort.abort(new Error('enough'));
  await expect(left).rejects.toThrow('enough');
  expect(vendor.requests).toHaveLength(2);
  clock.advance(61_000);
  await fourth;
  const asked = vendor.requests.map(({ body }) => (body as { messages: object[] }).messages);
  expect(asked.at(-1)).toEqual([{ role: 'user', content: 'fourth' }]);
  expect(asked).toHaveLength(3);
});

test('a meter counts every attempt, those that failed too', async () => {
  const meter = createMeter();
  const { run } = await setUp([reply.status(500), reply.text('Hi')], { meter });
  await run();
  expect(meter.report({ by: 'model' })).toMatchObject([
    { name: 'custom/fake-model', attempts: 2, finished: 1, failed: 1 },
  ]);
});

test('a model that is silent hands over to the next one after its deadline', async () => {
  const silent = await openVendor(() => reply.neverRespond());
  const next = await openVendor(() => reply.text('Hi'));
  const model = openModel(
    [silent, next].map(({ baseURL }) => ({ baseURL, model: 'm' })),
    { deadlines: { headersMs: 100 }, attempts: { max: 1 } },
  );
  const startedAt = performance.now();
  expect(await streamText({ model, prompt: 'Hi', maxRetries: 0 }).text).toBe('Hi');
  expect(performance.now() - startedAt).toBeLessThan(100 + 1_000);
});

interface Answer {
  text: string;
  error: AnyturnError | undefined;
  attempts: unknown;
  finishReason: string;
}

async function setUp(script: FakeVendorScript, options: OpenModelOptions = {}) {
  const vendor = await openVendor(script);
  const events: ModelEvent[] = [];
  const model = openModel(
    { baseURL: vendor.baseURL, model: 'fake-model' },
    { attempts: quick, onEvent: (event) => events.push(event), ...options },
  );
  const run = async (prompt = 'Hi'): Promise<Answer> => {
    const answer: Answer = { text: '', error: undefined, attempts: 0, finishReason: '' };
    const { stream } = streamText({ model, prompt, maxRetries: 0, onError: () => {} });
    for await (const part of stream) {
      if (part.type === 'text-delta') answer.text += part.text;
      if (part.type === 'error') answer.error = part.error as AnyturnError;
      if (part.type === 'finish-step') {
        answer.attempts = part.providerMetadata?.['anyturn']?.['attempts'];
        answer.finishReason = part.finishReason;
      }
    }
    return answer;
  };
  return { run, model, events, vendor };
}

async function openVendor(script: FakeVendorScript) {
  const vendor = await createFakeVendor({ script });
  onTestFinished(() => vendor.close());
  return vendor;
}

function catchError(action: () => unknown): AnyturnError {
  try {
    action();
  } catch (error) {
    if (AnyturnError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

/** Time that passes a hundred times as fast. */
function hurriedClock(): Clock {
  return { ...systemClock, after: (ms, callback) => systemClock.after(ms / 100, callback) };
}

/** Time that passes only when told to. */
function manualClock(): Clock & {
  /** Waits until a timer of `ms` (or any) is set, then lets `by` pass. */
  advanceWhenWaiting(by: number, ms?: number): Promise<void>;
  untilWaiting(ms: number): Promise<void>;
  advance(by: number): void;
} {
  let now = 1_800_000_000_000;
  const timers = new Set<{ at: number; ms: number; callback: () => void }>();
  const untilWaiting = async (ms: number | undefined) => {
    while (![...timers].some((timer) => ms === undefined || timer.ms === ms)) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const advance = (by: number) => {
    now += by;
    for (const timer of [...timers].filter(({ at }) => at <= now)) {
      timers.delete(timer);
      timer.callback();
    }
  };
  return {
    now: () => now,
    random: () => 0.5,
    after(ms, callback) {
      const timer = { at: now + ms, ms, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    untilWaiting,
    advance,
    async advanceWhenWaiting(by, ms = by) {
      await untilWaiting(ms);
      advance(by);
    },
  };
}
