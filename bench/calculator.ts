import { AnyturnError, calculate } from '@anyturn/core';
import fc from 'fast-check';

const INPUTS = 10_000;

/** How long the calculator takes over hostile and well-formed input, and how much heap it holds afterwards. */
export async function run(): Promise<void> {
  const inputs = fc.sample(anyInput, { numRuns: INPUTS, seed: 42 });
  for (const input of inputs.slice(0, 500)) attempt(input);
  globalThis.gc?.();
  const heapBefore = process.memoryUsage().heapUsed;
  let heapMax = 0;
  let refused = 0;
  const times = inputs.map((input) => {
    const before = performance.now();
    if (!attempt(input)) refused++;
    const ms = performance.now() - before;
    heapMax = Math.max(heapMax, process.memoryUsage().heapUsed - heapBefore);
    return ms;
  });
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(INPUTS - 1, Math.floor(INPUTS * share))] ?? 0;
  console.log(
    `  ${INPUTS} inputs, ${refused} refused: p50 ${at(0.5).toFixed(3)} ms, p99.9 ${at(0.999).toFixed(2)} ms,` +
      ` max ${at(1).toFixed(2)} ms, heap at most +${(heapMax / 1e6).toFixed(1)} MB`,
  );
}

/** True for a number, false for a typed refusal; anything else is a bug and stops the benchmark. */
function attempt(input: string): boolean {
  try {
    calculate(input);
    return true;
  } catch (error) {
    if (AnyturnError.isInstance(error)) return false;
    throw error;
  }
}

const hostile = [
  '9'.repeat(200),
  '9^9^9^9',
  '('.repeat(200),
  '-'.repeat(199) + '1',
  '170!!',
  '2^1023*2^1023',
  'constructor',
  '__proto__',
  'pow(10,10^10)',
  '1/(1-1)',
  '0.1^-300',
  'hypot(1e308,1e308)',
];

const expression = fc.letrec<{ node: string; leaf: string; pair: string; call: string }>((tie) => ({
  node: fc.oneof({ maxDepth: 6 }, tie('leaf'), tie('pair'), tie('call')),
  leaf: fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.integer().map(String),
    fc.constantFrom('pi', 'e', '1,250', '15%'),
  ),
  pair: fc
    .tuple(tie('node'), fc.constantFrom('+', '-', '*', '/', '^', '%', '**', '×', '÷'), tie('node'))
    .map(([left, operator, right]) => `(${left}${operator}${right})`),
  call: fc
    .tuple(fc.constantFrom('sqrt', 'abs', 'ln', 'exp', 'sin', 'factorial', 'max'), tie('node'))
    .map(([name, argument]) => `${name}(${argument})`),
})).node;

const anyInput = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 220 }),
  fc.string({ unit: fc.constantFrom(...Array.from('0123456789+-*/^%().,! epix')), maxLength: 200 }),
  expression,
  fc.constantFrom(...hostile),
);
