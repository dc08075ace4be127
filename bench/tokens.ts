import { countTokens, estimateTokens } from '@anyturn/core';

/** How long counting takes for the texts that are hardest for a byte-pair encoder, best of five. */
export async function run(): Promise<void> {
  const loading = performance.now();
  await countTokens('loads the table');
  console.log(`  first count, table included  ${(performance.now() - loading).toFixed(0)} ms`);
  const han = Array.from({ length: 65_536 }, (_, index) =>
    String.fromCharCode(0x4e00 + ((index * 7_919) % 20_000)),
  ).join('');
  const texts: Record<string, string> = {
    'prose, 131 K characters': 'The quick brown fox jumps over the lazy dog. '.repeat(2_900),
    '1 MB of "a"': 'a'.repeat(1_000_000),
    '1 MB of "<|endoftext|>"': '<|endoftext|>'.repeat(77_000),
    '1.3 M Chinese characters': han.repeat(20),
  };
  for (const [name, text] of Object.entries(texts)) {
    const counted = await best(() => countTokens(text));
    const estimated = await best(() => estimateTokens(text));
    console.log(
      `  ${name.padEnd(28)} count ${counted.toFixed(1)} ms, estimate ${estimated.toFixed(1)} ms`,
    );
  }
}

async function best(work: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const before = performance.now();
    await work();
    times.push(performance.now() - before);
  }
  return Math.min(...times);
}
