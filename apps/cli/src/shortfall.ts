import type { RunResult } from '@anyturn/runtime';
import { exitCodes } from './exit-code.ts';

/** Why an answer is not the whole answer, though nothing failed. */
export interface Shortfall {
  /** One line, with the next step. */
  hint: string;
  exitCode: number;
}

/** What is missing in the answer of a run that ended by itself; undefined when it is whole. `timeout` is in seconds. */
export function shortfallOf(
  { outcome, finishReason, steps, text }: RunResult,
  { timeout }: { timeout?: number } = {},
): Shortfall | undefined {
  if (outcome === 'limit') {
    const isTime = steps.length === 0 || finishReason === 'interrupted';
    const calls = `${steps.length} model call${steps.length === 1 ? '' : 's'}`;
    const limit = isTime
      ? `the time limit of ${timeout} s: raise --timeout`
      : `the limit of ${calls}: raise --max-steps`;
    return { hint: `Stopped at ${limit}.`, exitCode: exitCodes.limit };
  }
  if (finishReason === 'length') {
    return {
      hint: 'The answer reached its limit of output tokens; raise --max-tokens.',
      exitCode: exitCodes.limit,
    };
  }
  if (finishReason === 'content-filter') {
    return {
      hint: "The vendor's content filter stopped the answer; rephrase the question.",
      exitCode: exitCodes.failed,
    };
  }
  if (text.trim() === '') {
    return {
      hint: `The model gave no text (finish reason: ${finishReason}).`,
      exitCode: exitCodes.failed,
    };
  }
  return undefined;
}
