import { createMeter, defineProvider, openModel, systemClock } from '@anyturn/core';
import type { Clock, ModelEvent } from '@anyturn/core';
import { createFakeVendor, reply } from '@anyturn/testing';
import type { FakeReply, FakeVendor, FakeVendorScript } from '@anyturn/testing';
import { generateText, streamText } from 'ai';
import { expect, onTestFinished, test } from 'vitest';

const isFull = process.env['ANYTURN_TEST_FULL'] === '1';

test('with a fifth of all requests failing, 99.9 % are answered, each once, every attempt in the meter', async () => {
  const count = isFull ? 1_000 : 100;
  const random = seeded(20_261_121);
  const faults: readonly (() => FakeReply)[] = [
    () => reply.status(500),
    () => reply.status(503),
    () => reply.status(429),
    () => reply.closeSocket(),
    () => reply.text('Lost', { resetAfter: 0 }),
    () => reply.sse(''),
    () => reply.json({ error: { message: 'The model is overloaded.', type: 'server_error' } }),
  ];
  const vendors = await Promise.all(
    ['a', 'b'].map((name) =>
      openVendor(({ body }) => {
        const fault = random() < 0.2 ? faults[Math.floor(random() * faults.length)] : undefined;
        return fault?.() ?? reply.text([`${name} answers `, promptOf(body), '.']);
      }),
    ),
  );
  const meter = createMeter();
  const model = openModel(
    vendors.map(({ baseURL }, index) => ({
      provider: defineProvider({ id: 'ab'[index] ?? '', name: 'x', baseURL, apiKeyEnv: ['KEYS'] }),
      model: 'm',
    })),
    { meter, env: { KEYS: 'key-of-anna,key-of-bert' }, attempts: { max: 3, baseMs: 50 } },
  );

  let answered = 0;
  const waiting = Array.from({ length: count }, (_, index) => `question ${index}`);
  const client = async () => {
    for (let prompt = waiting.pop(); prompt !== undefined; prompt = waiting.pop()) {
      const { stream } = streamText({ model, prompt, maxRetries: 0, onError: () => {} });
      let text = '';
      for await (const part of stream) if (part.type === 'text-delta') text += part.text;
      if (text !== '') expect(text).toMatch(new RegExp(`^[ab] answers ${prompt}\\.$`));
      if (text !== '') answered++;
    }
  };
  await Promise.all(Array.from({ length: 20 }, client));

  expect(answered).toBeGreaterThanOrEqual(count * 0.999);
  const requests = vendors.reduce((sum, vendor) => sum + vendor.requests.length, 0);
  expect(requests).toBeGreaterThan(count);
  expect(meter.total()).toMatchObject({ attempts: requests, finished: answered, open: 0 });
}, 120_000);

test('clients that met one burst of failures do not return together', async () => {
  const count = isFull ? 300 : 30;
  const asked = new Set<string>();
  const vendor = await openVendor(({ body }) => {
    const prompt = promptOf(body);
    if (asked.has(prompt)) return reply.text('Hi');
    asked.add(prompt);
    return reply.status(503);
  });
  const delays: number[] = [];
  const onEvent = (event: ModelEvent) => {
    if (event.type === 'attempt-wait') delays.push(event.delayMs);
  };
  const random = seeded(300);
  const ask = async (prompt: string) => {
    const model = openModel(
      { baseURL: vendor.baseURL, model: 'm' },
      { onEvent, clock: { ...impatientClock, random } },
    );
    return generateText({ model, prompt, maxRetries: 0 });
  };
  await Promise.all(Array.from({ length: count }, (_, index) => ask(`client ${index}`)));

  expect(delays).toHaveLength(count);
  expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThanOrEqual(750);
  const buckets = Map.groupBy(delays, (delayMs) => Math.floor(delayMs / 250));
  const fullest = Math.max(...[...buckets.values()].map(({ length }) => length));
  expect(fullest).toBeLessThanOrEqual(count * 0.4);
}, 60_000);

test('a vendor that is gone costs the next one less than 100 ms', async () => {
  const gone = await openVendor([reply.text('gone')]);
  await gone.close();
  const next = await openVendor(() => reply.text('Hi'));
  const model = openModel([
    { baseURL: gone.baseURL, model: 'm' },
    { baseURL: next.baseURL, model: 'm' },
  ]);
  const startedAt = Date.now();
  const { text } = await generateText({ model, prompt: 'Hi', maxRetries: 0 });
  expect(text).toBe('Hi');
  // The promise is 100 ms; a busy machine gets its second of slack.
  expect((next.requests[0]?.at ?? Infinity) - startedAt).toBeLessThan(100 + 1_000);
});

async function openVendor(script: FakeVendorScript): Promise<FakeVendor> {
  const vendor = await createFakeVendor({ script });
  onTestFinished(() => vendor.close());
  return vendor;
}

function promptOf(body: unknown): string {
  const { messages } = body as { messages: { content: string }[] };
  return messages.at(-1)?.content ?? '';
}

/** Waits between attempts take no time; deadlines never come. */
const impatientClock: Clock = {
  ...systemClock,
  after(ms, callback) {
    if (ms > 10_000) return () => {};
    const turn = setImmediate(callback);
    return () => clearImmediate(turn);
  },
};

/** The same numbers in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
