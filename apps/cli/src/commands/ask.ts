import { toAnyturnError } from '@anyturn/core';
import type { AnyturnError, ChosenModel } from '@anyturn/core';
import type { Run, RunResult } from '@anyturn/runtime';
import { resultWithoutRun, toAnswerJson, toOnlyEvent } from '../answer-json.ts';
import { chooseForCommand, createAssistant, noteChoice } from '../assistant.ts';
import { exitCodeOf, exitCodes } from '../exit-code.ts';
import { readPrompt } from '../prompt.ts';
import { reportError } from '../report-error.ts';
import { toRunOptions } from '../run-flags.ts';
import type { RunFlags } from '../run-flags.ts';
import { showRun } from '../run-view.ts';
import { watchStopSignals } from '../stop-signal.ts';
import type { StopSignal } from '../stop-signal.ts';
import { createTerminal } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { usageLine } from '../usage-line.ts';

export interface AskFlags extends RunFlags {
  json?: boolean;
  jsonl?: boolean;
  quiet?: boolean;
}

/** Answers one question and gives the exit code. */
export async function ask(words: readonly string[], flags: AskFlags): Promise<number> {
  const startedMs = performance.now();
  const terminal = await createTerminal({ quiet: flags.quiet });
  const stop = watchStopSignals();
  let chosen: ChosenModel | undefined;
  let run: Run | undefined;
  try {
    const prompt = await readPrompt(words, stop.signal);
    chosen = await chooseForCommand(flags.model, stop.signal);
    noteChoice(chosen, terminal);
    const agent = createAssistant(chosen, flags);
    run = agent.run({ ...toRunOptions(flags), prompt, signal: stop.signal });
    const result = await print(run, flags, terminal);
    if (!flags.json && !flags.jsonl) noteEnd(result, chosen, flags, terminal);
    return result.outcome === 'limit' ? exitCodes.limit : exitCodes.ok;
  } catch (cause) {
    return await fail(cause, { run, stop, startedMs, flags, terminal });
  } finally {
    stop.release();
    await chosen?.close();
  }
}

async function print(run: Run, { json, jsonl }: AskFlags, terminal: Terminal): Promise<RunResult> {
  if (jsonl) {
    for await (const event of run) terminal.line(JSON.stringify(event));
  } else {
    await showRun(run, terminal, { hideAnswer: json === true });
  }
  const result = await run.result;
  if (json) terminal.line(JSON.stringify(toAnswerJson(result)));
  terminal.endAnswer();
  return result;
}

function noteEnd(
  result: RunResult,
  { demo }: ChosenModel,
  flags: AskFlags,
  terminal: Terminal,
): void {
  const { outcome, finishReason, steps, text } = result;
  if (outcome === 'limit') {
    const isTime = steps.length === 0 || finishReason === 'interrupted';
    const limit = isTime
      ? `the time limit of ${flags.timeout} s: raise --timeout`
      : `the limit of ${steps.length} model calls: raise --max-steps`;
    terminal.note(terminal.paint('yellow', `Stopped at ${limit}.`));
  } else if (finishReason === 'length') {
    terminal.note(
      terminal.paint('yellow', 'The answer was cut at its output limit: raise --max-tokens.'),
    );
  } else if (text === '') {
    terminal.note(
      terminal.paint('yellow', `The model gave no text (finish reason: ${finishReason}).`),
    );
  }
  terminal.note(terminal.paint('dim', usageLine(result, demo)));
}

async function fail(
  cause: unknown,
  context: {
    run: Run | undefined;
    stop: StopSignal;
    startedMs: number;
    flags: AskFlags;
    terminal: Terminal;
  },
): Promise<number> {
  const { run, stop, startedMs, flags, terminal } = context;
  const error = toAnyturnError(cause);
  const result = partialResult(error) ?? resultWithoutRun(error, performance.now() - startedMs);
  terminal.endAnswer();
  if (flags.json) terminal.line(JSON.stringify(toAnswerJson(result, error)));
  // A run that began has told its own end.
  if (flags.jsonl && !run) terminal.line(JSON.stringify(toOnlyEvent(result, error)));
  if (stop.exitCode !== undefined) {
    terminal.note(terminal.paint('yellow', 'Interrupted.'));
    return stop.exitCode;
  }
  reportError(cause, terminal);
  return exitCodeOf(error);
}

/** What a run that failed had until then. */
function partialResult(error: AnyturnError): RunResult | undefined {
  return 'result' in error ? (error.result as RunResult) : undefined; // Only a run sets it.
}
