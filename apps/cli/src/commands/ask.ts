import { toAnyturnError } from '@anyturn/core';
import type { ChosenModel } from '@anyturn/core';
import type { Run, RunResult } from '@anyturn/runtime';
import { resultWithoutRun, toAnswerJson, toOnlyEvent } from '../answer-json.ts';
import { chooseForCommand, createAssistant, noteChoice } from '../assistant.ts';
import { exitCodeOf, exitCodes } from '../exit-code.ts';
import { readPrompt } from '../prompt.ts';
import { partialResult, reportError } from '../report-error.ts';
import { toRunOptions } from '../run-flags.ts';
import type { RunFlags } from '../run-flags.ts';
import { showRun } from '../run-view.ts';
import { shortfallOf } from '../shortfall.ts';
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
    // An answer that was cut may begin anew where the reader can tell; a pipe would hold it twice.
    const canBeginAnew = terminal.isAnswerSeen || flags.json || flags.jsonl;
    run = agent.run({
      ...toRunOptions(flags),
      ...(!canBeginAnew && { onCut: 'fail' }),
      prompt,
      signal: stop.signal,
    });
    const result = await print(run, flags, terminal);
    const shortfall = shortfallOf(result, flags);
    if (shortfall) terminal.alert(terminal.paint('yellow', shortfall.hint));
    noteUsage(result, chosen, flags, terminal);
    return shortfall?.exitCode ?? exitCodes.ok;
  } catch (cause) {
    return await fail(cause, { run, chosen, stop, startedMs, flags, terminal });
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

/** The JSON forms hold the usage themselves. */
function noteUsage(
  result: RunResult,
  { demo }: ChosenModel,
  { json, jsonl }: AskFlags,
  terminal: Terminal,
): void {
  if (!json && !jsonl) terminal.note(terminal.paint('dim', usageLine(result, demo)));
}

async function fail(
  cause: unknown,
  context: {
    run: Run | undefined;
    chosen: ChosenModel | undefined;
    stop: StopSignal;
    startedMs: number;
    flags: AskFlags;
    terminal: Terminal;
  },
): Promise<number> {
  const { run, chosen, stop, startedMs, flags, terminal } = context;
  const error = toAnyturnError(cause);
  const partial = partialResult(error);
  const result = partial ?? resultWithoutRun(error, performance.now() - startedMs);
  terminal.endAnswer();
  if (flags.json) terminal.line(JSON.stringify(toAnswerJson(result, error)));
  // A run that began has told its own end.
  if (flags.jsonl && !run) terminal.line(JSON.stringify(toOnlyEvent(result, error)));
  if (stop.exitCode !== undefined) {
    terminal.note(terminal.paint('yellow', 'Interrupted.'));
    if (partial && chosen) noteUsage(partial, chosen, flags, terminal);
    return stop.exitCode;
  }
  reportError(cause, terminal);
  return exitCodeOf(error);
}
