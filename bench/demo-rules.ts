import { startDemoModel } from '@anyturn/testing';

const pieces = [
  '1+',
  '(',
  '1-|',
  '一',
  '北京',
  '加',
  '1/1',
  '°',
  'in a ',
  'and Paris ',
  '25 c ',
  'not ',
];

/** How long the demo model thinks about hostile repetition and an ordinary question, over HTTP, best of three. */
export async function run(): Promise<void> {
  const demo = await startDemoModel({ paceMs: 0 });
  const texts = pieces.map((piece) => [piece, piece.repeat(2_000).slice(0, 4_000)] as const);
  const rows: { name: string; ms: number }[] = [];
  for (const [name, text] of [['a question', 'Weather in Beijing and 17*23?'] as const, ...texts]) {
    const times: number[] = [];
    for (let round = 0; round < 3; round++) {
      const before = performance.now();
      await ask(demo, text);
      times.push(performance.now() - before);
    }
    rows.push({ name: JSON.stringify(name), ms: Math.min(...times) });
  }
  for (const { name, ms } of rows.toSorted((a, b) => b.ms - a.ms).slice(0, 5)) {
    console.log(`  ${name.padEnd(16)} ${ms.toFixed(1)} ms`);
  }
  await demo.close();
}

async function ask({ baseURL, apiKey }: { baseURL: string; apiKey: string }, content: string) {
  const tool = (name: string, field: string) => ({
    type: 'function',
    function: { name, parameters: { type: 'object', properties: { [field]: { type: 'string' } } } },
  });
  const response = await fetch(`${baseURL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'demo-rules-1',
      messages: [{ role: 'user', content }],
      tools: [tool('weather', 'city'), tool('calculator', 'expression')],
    }),
  });
  await response.text();
}
