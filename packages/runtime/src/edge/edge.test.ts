import { startDemoModel } from '@anyturn/testing';
import { EdgeVM } from '@edge-runtime/vm';
import { build } from 'tsdown';
import { expect, onTestFinished, test } from 'vitest';

test('the weather and calculator loop runs on an edge runtime, where no Node built-in can be reached', async () => {
  const bundles = await build({
    config: false,
    logLevel: 'silent',
    entry: [new URL('weather-and-calculator.ts', import.meta.url).pathname],
    format: 'iife',
    globalName: 'app',
    platform: 'neutral',
    deps: { alwaysBundle: /.*/, onlyBundle: false },
    inputOptions: {
      resolve: {
        conditionNames: ['@anyturn/source', 'edge-light', 'browser', 'import', 'default'],
      },
    },
    write: false,
    dts: false,
  });
  const code = bundles[0]?.chunks.find((chunk) => chunk.type === 'chunk')?.code ?? '';

  const demo = await startDemoModel();
  onTestFinished(() => demo.close());
  const vm = new EdgeVM();
  expect(vm.evaluate('[typeof process, typeof require]')).toEqual(['undefined', 'undefined']);
  vm.evaluate(`
    const send = globalThis.fetch;
    globalThis.fetch = () => { throw new Error('the network was touched on import'); };
  `);
  vm.evaluate(code);
  vm.evaluate('globalThis.fetch = send;');
  const prompt = "What's the weather in Beijing and what is 17*23?";
  const answer = await vm.evaluate<Promise<string>>(
    `app.ask(${JSON.stringify(demo.baseURL)}, ${JSON.stringify(demo.apiKey)}, ${JSON.stringify(prompt)})`,
  );
  expect(JSON.parse(answer)).toMatchObject({
    text: expect.stringContaining('391'),
    tools: expect.arrayContaining(['weather', 'calculator']),
  });
});
