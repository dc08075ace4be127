import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const ROUNDS = 15;
const specifiers = ['ai', '@anyturn/core', '@anyturn/runtime'] as const;

/** What an import costs: wall time and live heap of a fresh process, as built, median of interleaved rounds. */
export async function run(): Promise<void> {
  const samples = new Map<string, Sample[]>(specifiers.map((specifier) => [specifier, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const specifier of specifiers) samples.get(specifier)?.push(await measure(specifier));
  }
  const base = medians(samples.get('ai') ?? []);
  for (const [specifier, rows] of samples) {
    const { ms, heapMb } = medians(rows);
    console.log(
      `  ${specifier.padEnd(18)} ${ms.toFixed(1).padStart(7)} ms  ${ratio(ms, base.ms)}` +
        `   ${heapMb.toFixed(1).padStart(6)} MB  ${ratio(heapMb, base.heapMb)}`,
    );
  }
}

interface Sample {
  ms: number;
  heapMb: number;
}

const child = `
  const before = performance.now();
  await import(process.argv[1]);
  const ms = performance.now() - before;
  globalThis.gc();
  console.log(JSON.stringify({ ms, heapMb: process.memoryUsage().heapUsed / 1e6 }));
`;

async function measure(specifier: string): Promise<Sample> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--expose-gc', '--input-type=module', '--eval', child, specifier],
    { cwd: import.meta.dirname },
  );
  return JSON.parse(stdout) as Sample;
}

function medians(rows: readonly Sample[]): Sample {
  return { ms: median(rows.map(({ ms }) => ms)), heapMb: median(rows.map((row) => row.heapMb)) };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function ratio(value: number, base: number): string {
  return `${(value / base).toFixed(2)} x ai`;
}
