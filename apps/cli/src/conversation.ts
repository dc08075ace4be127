import { addCosts, addUsage, noUsage, toAnyturnError } from '@anyturn/core';
import type { ChosenModel, Cost, Usage } from '@anyturn/core';
import type { Agent, RunOptions, RunResult } from '@anyturn/runtime';
import { chooseForCommand, createAssistant } from './assistant.ts';
import { exitCodes } from './exit-code.ts';
import { checkPrompt } from './prompt.ts';
import { partialResult } from './report-error.ts';
import { toRunOptions } from './run-flags.ts';
import type { RunFlags } from './run-flags.ts';
import { showRun } from './run-view.ts';
import { shortfallOf } from './shortfall.ts';
import type { Terminal } from './terminal.ts';
import { usageLine } from './usage-line.ts';

type Message = NonNullable<RunOptions['messages']>[number];

/** What is sent along at most; the oldest turns are forgotten first. */
const MAX_MESSAGES = 200;
const MAX_CHARACTERS = 2_000_000;

/** The turns of a chat: what was said, who answers, what it cost. */
export class Conversation {
  readonly #flags: RunFlags;
  readonly #terminal: Terminal;
  #chosen: ChosenModel;
  #agent: Agent;
  #messages: readonly Message[] = [];
  #running: AbortController | undefined;
  #hasForgotten = false;
  turns = 0;
  usage: Usage = noUsage;
  /** Undefined before the first turn; null once a price was unknown. */
  #cost: Cost | null | undefined;

  constructor(chosen: ChosenModel, flags: RunFlags, terminal: Terminal) {
    this.#chosen = chosen;
    this.#flags = flags;
    this.#terminal = terminal;
    this.#agent = createAssistant(chosen, flags);
  }

  get chosen(): ChosenModel {
    return this.#chosen;
  }

  get cost(): Cost | null {
    return this.#cost ?? null;
  }

  /**
   * Takes a turn: shows the answer and keeps it. An answer that was stopped is kept as far as it came; a turn that failed is not
   * kept, so that it can be asked again. Gives the exit code of the turn.
   */
  async ask(line: string): Promise<number> {
    const terminal = this.#terminal;
    const user: Message = { role: 'user', content: checkPrompt(line) };
    const controller = new AbortController();
    this.#running = controller;
    try {
      const messages = [...this.#messages, user];
      const run = this.#agent.run({
        ...toRunOptions(this.#flags),
        ...(!terminal.isAnswerSeen && { onCut: 'fail' }),
        messages,
        signal: controller.signal,
      });
      await showRun(run, terminal);
      terminal.endAnswer();
      return this.#keep(await run.result);
    } catch (cause) {
      terminal.endAnswer();
      const result = partialResult(toAnyturnError(cause));
      if (result) this.#account(result);
      if (!controller.signal.aborted) throw cause;
      if (result?.text) this.#remember(result.messages);
      terminal.note(terminal.paint('yellow', 'Stopped.'));
      if (result) this.#noteUsage(result);
      return exitCodes.ok;
    } finally {
      this.#running = undefined;
    }
  }

  /** Stops the answer that is being given; false when there is none. */
  stop(): boolean {
    this.#running?.abort();
    return this.#running !== undefined;
  }

  clear(): void {
    this.#messages = [];
  }

  /** Goes on with another model. When that cannot be opened, the one there is stays. */
  async useModel(ref: string): Promise<void> {
    const next = await chooseForCommand(ref, new AbortController().signal);
    const agent = createAssistant(next, this.#flags);
    const previous = this.#chosen;
    this.#chosen = next;
    this.#agent = agent;
    await previous.close();
  }

  async close(): Promise<void> {
    await this.#chosen.close();
  }

  #keep(result: RunResult): number {
    this.#account(result);
    this.#remember(result.messages);
    const shortfall = shortfallOf(result, this.#flags);
    if (shortfall) this.#terminal.alert(this.#terminal.paint('yellow', shortfall.hint));
    this.#noteUsage(result);
    return shortfall?.exitCode ?? exitCodes.ok;
  }

  #noteUsage(result: RunResult): void {
    this.#terminal.note(this.#terminal.paint('dim', usageLine(result, this.#chosen.demo)));
  }

  #account({ usage, cost }: RunResult): void {
    this.turns++;
    this.usage = addUsage(this.usage, usage);
    this.#cost = this.#cost === undefined ? cost : addCosts(this.#cost, cost);
  }

  #remember(messages: readonly Message[]): void {
    this.#messages = lastTurns(messages);
    if (this.#messages.length < messages.length && !this.#hasForgotten) {
      this.#hasForgotten = true;
      this.#warn('The chat is long: from now on its oldest turns are no longer sent along.');
    }
  }

  #warn(text: string): void {
    this.#terminal.note(this.#terminal.paint('yellow', text));
  }
}

/** The newest messages within the limits, beginning with one of the user: a tool result without its call is refused by vendors. */
function lastTurns(messages: readonly Message[]): readonly Message[] {
  let characters = 0;
  let start = messages.length;
  for (const [index, message] of [...messages.entries()].toReversed()) {
    characters += JSON.stringify(message).length;
    if (characters > MAX_CHARACTERS || messages.length - index > MAX_MESSAGES) break;
    if (message.role === 'user') start = index;
  }
  return messages.slice(start);
}
