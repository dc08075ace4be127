import { AnyturnError } from '@anyturn/core';
import { startDemoModel } from '@anyturn/testing';
import type { DemoModel, DemoModelFault } from '@anyturn/testing';
import { stopRequested, watchStopSignals } from '../stop-signal.ts';

export interface DemoModelFlags {
  port: number;
  fault?: DemoModelFault;
}

/** Serves the offline demo model until it is stopped. Prints one line of JSON with what a client needs. */
export async function demoModel(flags: DemoModelFlags): Promise<number> {
  const stop = watchStopSignals();
  const { baseURL, apiKey, modelId, close } = await start(flags);
  process.stdout.write(`${JSON.stringify({ baseURL, apiKey, modelId })}\n`);
  process.stderr.write('This is a set of rules, not an LLM. Stop with Ctrl-C.\n');
  await stopRequested(stop);
  await close();
  return 0;
}

/** A port that cannot be had is nobody's mistake in the program, and has a remedy. */
async function start(flags: DemoModelFlags): Promise<DemoModel> {
  try {
    return await startDemoModel(flags);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException; // What Node throws when it cannot listen.
    if (code === 'EADDRINUSE') {
      throw new AnyturnError({
        code: 'conflict',
        message: `Port ${flags.port} is in use. Stop what is using it, or choose another port (0 takes any free one).`,
        cause,
      });
    }
    if (code === 'EACCES') {
      throw new AnyturnError({
        code: 'config',
        message: `Port ${flags.port} needs special rights. Choose one above 1023 (0 takes any free one).`,
        cause,
      });
    }
    throw cause;
  }
}
