import { AnyturnError } from '@anyturn/core';
import {
  createFakeVendor,
  fakeVendorCases,
  isFakeVendorCaseName,
  suggestFakeVendorCases,
} from '@anyturn/testing';
import type { FakeVendor, FakeVendorCaseName } from '@anyturn/testing';
import { exitCodes } from '../exit-code.ts';
import { stopRequested, watchStopSignals } from '../stop-signal.ts';
import { toTextTable } from '../text-table.ts';

export interface FakeVendorFlags {
  case: string;
  port: number;
  list?: boolean;
  json?: boolean;
}

/** Serves a vendor that fails in one way until it is stopped. Prints one line of JSON with what a client needs. */
export async function fakeVendor(flags: FakeVendorFlags): Promise<number> {
  if (flags.list) return list(flags);
  const name = toCaseName(flags.case);
  const stop = watchStopSignals();
  const { baseURL, apiKey, modelId, close } = await start(name, flags.port);
  process.stdout.write(`${JSON.stringify({ baseURL, apiKey, modelId })}\n`);
  process.stderr.write(`${name}: ${fakeVendorCases[name].description} Stop with Ctrl-C.\n`);
  await stopRequested(stop);
  await close();
  return exitCodes.ok;
}

function list({ json = false }: FakeVendorFlags): number {
  const cases = Object.entries(fakeVendorCases).map(([name, { group, description, answer }]) => {
    return { name, group, description, answer: answer ?? null };
  });
  if (json) {
    process.stdout.write(`${JSON.stringify(cases, null, 2)}\n`);
    return exitCodes.ok;
  }
  const rows = cases.map(({ name, group, description }) => [name, group, description]);
  process.stdout.write(`${toTextTable([['case', 'group', 'what happens'], ...rows])}\n`);
  return exitCodes.ok;
}

function toCaseName(name: string): FakeVendorCaseName {
  if (isFakeVendorCaseName(name)) return name;
  const closest = suggestFakeVendorCases(name);
  const suggestion = closest.length === 0 ? '' : ` Did you mean ${closest.join(' or ')}?`;
  throw new AnyturnError({
    code: 'bad_request',
    message: `There is no case "${name}".${suggestion} --list shows all.`,
  });
}

/** A port that cannot be had is nobody's mistake in the program, and has a remedy. */
async function start(name: FakeVendorCaseName, port: number): Promise<FakeVendor> {
  try {
    return await createFakeVendor({ case: name, port });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException; // What Node throws when it cannot listen.
    if (code === 'EADDRINUSE') {
      throw new AnyturnError({
        code: 'conflict',
        message: `Port ${port} is in use. Stop what is using it, or choose another port (0 takes any free one).`,
        cause,
      });
    }
    if (code === 'EACCES') {
      throw new AnyturnError({
        code: 'config',
        message: `Port ${port} needs special rights. Choose one above 1023 (0 takes any free one).`,
        cause,
      });
    }
    throw cause;
  }
}
