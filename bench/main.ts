/**
 * Runs the benchmarks: `pnpm bench` for all, `pnpm bench import` for one. They measure ours and the plain AI SDK in one run and
 * print the ratio; nothing here passes or fails a test.
 */
const benchmarks: Record<string, () => Promise<{ run: () => Promise<void> }>> = {
  import: () => import('./import.ts'),
  calculator: () => import('./calculator.ts'),
  tokens: () => import('./tokens.ts'),
  'demo-rules': () => import('./demo-rules.ts'),
  wire: () => import('./wire.ts'),
};

const names = process.argv.slice(2);
const unknown = names.find((name) => !(name in benchmarks));
if (unknown !== undefined) {
  console.error(`No benchmark "${unknown}". Known: ${Object.keys(benchmarks).join(', ')}.`);
  process.exitCode = 2;
} else {
  for (const [name, load] of Object.entries(benchmarks)) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.log(`\n${name}`);
    const { run } = await load();
    await run();
  }
}
