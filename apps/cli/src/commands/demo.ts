import { chooseModel, toAnyturnError } from '@anyturn/core';
import { startDemoModel } from '@anyturn/testing';
import { createAssistant } from '../assistant.ts';
import { anyturn } from '../command-name.ts';
import { exitCodeOf, exitCodes } from '../exit-code.ts';
import { checkPrompt } from '../prompt.ts';
import { reportError } from '../report-error.ts';
import { showRun } from '../run-view.ts';
import { watchStopSignals } from '../stop-signal.ts';
import { createTerminal } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { usageLine } from '../usage-line.ts';

const question = "What's the weather in Beijing and what is 17*23?";
const chineseQuestion = '北京天气怎么样？另外 17*23 等于多少？';

/** Without a network the sample answers after this time: a demo must not make anybody wait. */
const WEATHER_MS = 1_500;

/** Shows an agent at work without a key: always on the offline demo model. All of it goes to stdout, being the show. */
export async function demo(words: readonly string[]): Promise<number> {
  const terminal = await createTerminal({ notes: process.stdout });
  const stop = watchStopSignals();
  const endpoint = await startDemoModel();
  try {
    const prompt = words.length === 0 ? question : checkPrompt(words.join(' '));
    const chosen = await chooseModel({ model: 'demo', startDemo: async () => endpoint });
    showBeginning(prompt, endpoint, terminal);
    const run = createAssistant(chosen, { weatherMs: WEATHER_MS }).run({
      prompt,
      signal: stop.signal,
    });
    await showRun(run, terminal, { showSteps: true });
    terminal.endAnswer();
    terminal.note(`\nUsage:    ${usageLine(await run.result, true)}`);
    showHowToGoOn(terminal);
    return exitCodes.ok;
  } catch (error) {
    if (stop.exitCode !== undefined) return stop.exitCode;
    reportError(error, terminal);
    return exitCodeOf(toAnyturnError(error));
  } finally {
    stop.release();
    await endpoint.close();
  }
}

function showBeginning(
  prompt: string,
  { modelId, baseURL }: { modelId: string; baseURL: string },
  terminal: Terminal,
): void {
  terminal.note(
    terminal.paint(
      'bold',
      'anyturn demo: an agent that calls tools. No key and no network needed.\n',
    ),
  );
  terminal.note(
    `Model:    ${modelId}, the offline demo: a set of rules, ${terminal.paint('bold', 'not an LLM')}`,
  );
  terminal.note(`Server:   ${baseURL}, the OpenAI protocol on this machine`);
  terminal.note(`Question: ${terminal.paint('bold', prompt)}\n`);
}

function showHowToGoOn(terminal: Terminal): void {
  const run = anyturn.replace(/ anyturn$/, '');
  terminal.note(`
${terminal.paint('bold', 'How to go on')}
  With a key       DEEPSEEK_API_KEY=… ${anyturn} ask "${question}"
  Other vendors    ${anyturn} providers
  In Chinese       ${run} demo "${chineseQuestion}"
  A conversation   ${anyturn} chat
  The server       ${run} start
  and its page     http://127.0.0.1:8787`);
}
