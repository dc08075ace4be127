import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { openModel } from '@anyturn/core';
import { streamText } from 'ai';
import type { LanguageModel } from 'ai';
import { BURST_DELTAS, burstText, PACED_DELTAS } from './wire-vendor.ts';

const ROUNDS = 7;
const PACED_STREAMS = 10;

/** Reads one answer and gives each piece of its text as it comes. */
type Reader = (baseURL: string) => AsyncIterable<string>;

const readers: Record<string, Reader> = {
  'fetch, JSON.parse': readPlainly,
  'streamText, bare': (baseURL) => readModel(bareModel(baseURL)),
  'streamText, ours': (baseURL) =>
    readModel(openModel({ baseURL, model: 'bench' }, { apiKey: 'any', env: {} })),
};

/** What one delta costs in CPU time, in a burst and paced, and how late it comes; medians of interleaved rounds. */
export async function run(): Promise<void> {
  const vendor = fork(new URL('./wire-vendor.ts', import.meta.url));
  try {
    const [port] = (await once(vendor, 'message')) as [number];
    const host = `http://127.0.0.1:${port}`;
    await measureBurst(`${host}/burst`);
    await measurePaced(`${host}/paced`);
  } finally {
    vendor.disconnect();
  }
}

async function measureBurst(baseURL: string): Promise<void> {
  const expected = burstText();
  const costs = await inRounds(async (reader) => {
    let text = '';
    const cpu = await cpuOf(async () => {
      for await (const piece of reader(baseURL)) text += piece;
    });
    if (text !== expected) throw new Error(`Got ${text.length} of ${expected.length} characters.`);
    return cpu / BURST_DELTAS;
  });
  console.log(`  ${BURST_DELTAS} deltas in a burst, CPU per delta`);
  for (const [name, values] of costs) {
    console.log(
      `    ${name.padEnd(20)} ${median(values).toFixed(2).padStart(6)} µs  ${ratios(values, costs)}`,
    );
  }
}

async function measurePaced(baseURL: string): Promise<void> {
  const delays = new Map<string, number[]>();
  const costs = await inRounds(async (reader, name) => {
    const late: number[] = delays.get(name) ?? [];
    delays.set(name, late);
    const before = late.length;
    const cpu = await cpuOf(async () => {
      const streams = Array.from({ length: PACED_STREAMS }, () => readTimes(reader(baseURL), late));
      await Promise.all(streams);
    });
    const deltas = PACED_STREAMS * PACED_DELTAS;
    if (late.length - before !== deltas)
      throw new Error(`Got ${late.length - before} of ${deltas} deltas.`);
    return cpu / deltas;
  });
  console.log(
    `  ${PACED_STREAMS} streams of ${PACED_DELTAS} deltas, one every 20 ms, CPU and delay per delta`,
  );
  for (const [name, values] of costs) {
    const late = (delays.get(name) ?? []).toSorted((a, b) => a - b);
    const at = (share: number) => (late[Math.floor(late.length * share)] ?? Number.NaN).toFixed(2);
    console.log(
      `    ${name.padEnd(20)} ${median(values).toFixed(0).padStart(6)} µs  ${ratios(values, costs)}` +
        `   p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`,
    );
  }
}

/** How many milliseconds after its sending each delta came. */
async function readTimes(pieces: AsyncIterable<string>, late: number[]): Promise<void> {
  for await (const piece of pieces) {
    const now = Number(process.hrtime.bigint());
    for (const sent of piece.split(';').filter(Boolean)) late.push((now - Number(sent)) / 1e6);
  }
}

/** Measures every reader once per round, after a round that does not count. */
async function inRounds(
  measure: (reader: Reader, name: string) => Promise<number>,
): Promise<Map<string, number[]>> {
  const values = new Map<string, number[]>(Object.keys(readers).map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, reader] of Object.entries(readers)) {
      const value = await measure(reader, name);
      if (round > 0) values.get(name)?.push(value);
    }
  }
  return values;
}

/** Microseconds of CPU time. */
async function cpuOf(work: () => Promise<void>): Promise<number> {
  globalThis.gc?.();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Against the first reader, and against the bare SDK, in the same rounds. */
function ratios(values: readonly number[], all: ReadonlyMap<string, readonly number[]>): string {
  const [plain = [], bare = []] = [...all.values()];
  const to = (base: readonly number[]) =>
    median(values.map((value, round) => value / (base[round] ?? Number.NaN)))
      .toFixed(2)
      .padStart(6);
  return `${to(plain)} x fetch ${to(bare)} x bare`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function bareModel(baseURL: string): LanguageModel {
  return createOpenAICompatible({ name: 'bench', baseURL, includeUsage: true })('bench');
}

async function* readModel(model: LanguageModel): AsyncGenerator<string> {
  const result = streamText({ model, prompt: 'Hi', maxRetries: 0 });
  for await (const part of result.stream) {
    if (part.type === 'text-delta') yield part.text;
    else if (part.type === 'error') throw part.error;
  }
}

async function* readPlainly(baseURL: string): AsyncGenerator<string> {
  const body = JSON.stringify({ model: 'bench', stream: true, messages: [] });
  const response = await fetch(`${baseURL}/chat/completions`, { method: 'POST', body });
  let rest = '';
  for await (const text of (response.body ?? new ReadableStream()).pipeThrough(
    new TextDecoderStream(),
  )) {
    const events = (rest + text).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      if (!event.startsWith('data: {')) continue;
      const chunk = JSON.parse(event.slice('data: '.length)) as {
        choices: { delta: { content?: string } }[];
      };
      const content = chunk.choices[0]?.delta.content;
      if (content) yield content;
    }
  }
}
