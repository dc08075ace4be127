import { readFileSync, writeFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { AnyturnError, findProvider } from '@anyturn/core';
import type { ModelInput, OpenModelOptions } from '@anyturn/core';
import { createFakeVendor, fakeVendorCases } from '@anyturn/testing';
import type { FakeVendorCase, FakeVendorCaseName } from '@anyturn/testing';
import { afterAll, describe, expect, test } from 'vitest';
import { faultRows } from './fault-rows.ts';
import { renderReport } from './report.ts';
import type { ReportRow } from './report.ts';
import { surfaces } from './surfaces.ts';
import type { Outcome } from './surfaces.ts';
import { unreachable } from './unreachable.ts';
import { createVirtualClock } from './virtual-clock.ts';

const isFull = process.env['ANYTURN_TEST_FULL'] === '1';
const isWriting = process.env['ANYTURN_WRITE_RELIABILITY'] === '1';
const reportFile = new URL('../docs/reliability.md', import.meta.url);

/** Every wait at most this long, so that the real clock takes no minutes. */
const shortDeadlines = { headersMs: 800, firstContentMs: 1_500, idleMs: 800, attemptMs: 6_000 };
const canaryKeys = ['sk-canary-of-anna-0123456789', 'sk-canary-of-bert-0123456789'];
const canaryPrompt = 'The canary prompt sings at midnight, and nobody else may hear it.';

const report = new Map<string, ReportRow>();

const rows = faultRows.map(([name, plain, run = plain]) => ({ name, plain, run }));

test('every case has its row', () => {
  expect(rows.map(({ name }) => name).toSorted()).toEqual(Object.keys(fakeVendorCases).toSorted());
});

describe.each(Object.keys(surfaces))('with a clock of its own, %s', (surface) => {
  test.each(rows)('meets $name: $plain, $run', async ({ name, plain, run }) => {
    const clock = createVirtualClock();
    try {
      const { outcome, requests } = await ask(surface, name, { clock, fetch: clock.fetch });
      const told = `${requests} ${resultOf(outcome, name)}`;
      note(name, fakeVendorCases[name], surface, told);
      expect(told).toBe(surface === 'streamText' ? plain : run);
      expectHonest(outcome, answerOf(name));
      expect(clock.elapsedMs()).toBeLessThanOrEqual(limitMs(name, requests) + 250);
    } finally {
      clock.stop();
    }
  });
});

describe.each(Object.keys(surfaces))('where no vendor is, %s', (surface) => {
  test.each([
    ['host-unknown', '1 network'],
    ['address-malformed', '0 config'],
    ['nothing-listens', '3 network'],
    ['no-tls', '1 tls'],
  ])('meets %s: %s', async (name, expected) => {
    const place = unreachable[name]!;
    const { baseURL, close } = await place.open();
    const clock = createVirtualClock();
    let requests = 0;
    const count: typeof fetch = (input, init) => {
      requests++;
      return (place.fetch ?? fetch)(input, init);
    };
    try {
      const outcome = await surfaces[surface]!({
        model: { baseURL, model: 'fake-model' },
        options: { clock, fetch: count, apiKey: canaryKeys.slice(0, 1), env: {} },
        prompt: canaryPrompt,
      }).catch(toRefusal);
      const told = `${requests} ${outcome.code}`;
      note(name, { group: 'unreachable', description: place.description }, surface, told);
      expect(told).toBe(expected);
      expectHonest(outcome, undefined);
    } finally {
      clock.stop();
      await close();
    }
  });
});

describe.each(Object.keys(surfaces))('in real time, %s', (surface) => {
  const some = rows.filter((_, index) => isFull || index % 10 === 0);
  test.concurrent.each(some)('meets $name: $plain, $run', async ({ name, plain, run }) => {
    const clock = createVirtualClock();
    const attempts = { baseMs: 50 };
    const options = { deadlines: shortDeadlines, attempts };
    const virtual = await ask(surface, name, { ...options, clock, fetch: clock.fetch }).finally(
      () => clock.stop(),
    );
    const startedAt = performance.now();
    const { outcome, requests } = await ask(surface, name, options);
    const tookMs = performance.now() - startedAt;

    expect(`${requests} ${resultOf(outcome, name)}`).toBe(surface === 'streamText' ? plain : run);
    expect(requests).toBe(virtual.requests);
    // What the deadlines and waits come to, and a second of slack; jitter is at most twice its middle.
    expect(tookMs).toBeLessThan(2 * clock.elapsedMs() + 1_000);
  });
});

afterAll(() => {
  if (isWriting && report.size > 0) writeFileSync(reportFile, renderReport([...report.values()]));
});

describe('the report', () => {
  test.skipIf(isWriting)('in docs/reliability.md tells what was measured here', () => {
    expect(readFileSync(reportFile, 'utf8')).toBe(renderReport([...report.values()]));
  });
});

/** What was refused before there was anything to consume. */
function toRefusal(error: unknown): Outcome {
  if (!AnyturnError.isInstance(error)) throw error;
  const { code, message } = error;
  const nothing = { text: '', reasoning: '', toolRuns: [], warnings: [] };
  const unknown = { partialText: undefined, finishReason: undefined, totalTokens: undefined };
  return { code, message, ...nothing, ...unknown, seen: { error } };
}

/** How long a case may take: the deadline of each request that is met with silence, and the waits between attempts. */
function limitMs(name: FakeVendorCaseName, requests: number): number {
  const silent = name.endsWith('-once') ? 1 : requests;
  if (name.startsWith('stall-before-headers')) return silent * 60_000 + BACK_OFF_MS;
  if (name.startsWith('stall-after-headers') || name === 'keep-alive-forever') {
    return silent * 120_000 + BACK_OFF_MS;
  }
  if (/^(?:stall|keep-alive)-mid/.test(name)) return silent * 60_000 + BACK_OFF_MS;
  return LONGEST_RETRY_AFTER_MS;
}

/** Two jittered waits, in the middle of their ranges. */
const BACK_OFF_MS = 1_600;
/** What any case asks to wait for in all. */
const LONGEST_RETRY_AFTER_MS = 3_000;

async function ask(surface: string, name: FakeVendorCaseName, options: OpenModelOptions) {
  const vendor = await createFakeVendor({ case: name, keepAliveMs: 20 });
  try {
    const { group }: FakeVendorCase = fakeVendorCases[name];
    const apiKey = group === 'key' ? canaryKeys : canaryKeys.slice(0, 1);
    const outcome = await surfaces[surface]!({
      model: modelFor(name, vendor.baseURL),
      options: { ...options, apiKey, env: {} },
      prompt: canaryPrompt,
    });
    expect(vendor.redirectedRequests).toHaveLength(0);
    return { outcome, requests: vendor.requests.length };
  } finally {
    await vendor.close();
  }
}

/** What a vendor's codes mean is in its preset. */
function modelFor(name: FakeVendorCaseName, baseURL: string): ModelInput {
  const [vendor = ''] = name.split('-');
  const id = presets[vendor];
  if (id === undefined) return { baseURL, model: 'fake-model' };
  return { provider: findProvider(id), model: 'fake-model', baseURL };
}

const presets: Record<string, string> = {
  deepseek: 'deepseek',
  dashscope: 'qwen',
  volcengine: 'doubao',
  zhipu: 'zhipu',
  moonshot: 'moonshot',
  siliconflow: 'siliconflow',
  tokenhub: 'hunyuan',
};

function answerOf(name: FakeVendorCaseName): string | undefined {
  const { answer }: FakeVendorCase = fakeVendorCases[name];
  return answer;
}

function resultOf({ code, text, finishReason }: Outcome, name: FakeVendorCaseName): string {
  if (code !== undefined) return code;
  return text === answerOf(name) ? 'answer' : (finishReason ?? 'nothing');
}

/** Whatever comes of it: nothing that was not sent, no cut that looks whole, no tool with half its input, no secret. */
function expectHonest(outcome: Outcome, answer: string | undefined): void {
  const { code, text, message, toolRuns, finishReason, seen } = outcome;
  if (answer !== undefined && code !== undefined) expect(answer.startsWith(text)).toBe(true);
  if (code !== undefined) {
    expect(code).not.toBe('untyped');
    expect(message).toMatch(/\S/);
    expect(finishReason ?? 'error').toBe('error');
  }
  for (const city of toolRuns) expect(city).toMatch(/^(?:Paris|Rome|City \d+)$/);
  const shown = inspect(seen, { depth: 20 }) + JSON.stringify(seen);
  for (const words of [canaryPrompt, canaryPrompt.slice(4, 40)]) expect(shown).not.toContain(words);
  const hidden = inspect(seen, { depth: 20, showHidden: true });
  for (const key of canaryKeys) expect(shown + hidden).not.toContain(key);
}

function note(
  name: string,
  { group, description }: Pick<ReportRow, 'group' | 'description'>,
  surface: string,
  told: string,
): void {
  const row = report.get(name) ?? { name, group, description, told: {} };
  row.told[surface] = told;
  report.set(name, row);
}
