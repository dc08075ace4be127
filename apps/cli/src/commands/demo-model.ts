import { startDemoModel } from '@anyturn/testing';
import type { DemoModelFault } from '@anyturn/testing';
import { stopRequested, watchStopSignals } from '../stop-signal.ts';

/** Serves the offline demo model until it is stopped. Prints one line of JSON with what a client needs. */
export async function demoModel(flags: { port: number; fault?: DemoModelFault }): Promise<number> {
  const stop = watchStopSignals();
  const { baseURL, apiKey, modelId, close } = await startDemoModel(flags);
  process.stdout.write(`${JSON.stringify({ baseURL, apiKey, modelId })}\n`);
  process.stderr.write('This is a set of rules, not an LLM. Stop with Ctrl-C.\n');
  await stopRequested(stop);
  await close();
  return 0;
}
