import { createInterface } from 'node:readline';
import { toAnyturnError } from '@anyturn/core';
import { chooseForCommand, noteChoice } from '../assistant.ts';
import { Conversation } from '../conversation.ts';
import { endByInterrupt } from '../end-process.ts';
import { exitCodeOf, exitCodes } from '../exit-code.ts';
import { reportError } from '../report-error.ts';
import type { RunFlags } from '../run-flags.ts';
import { watchStopSignals } from '../stop-signal.ts';
import { createTerminal } from '../terminal.ts';
import type { Terminal } from '../terminal.ts';
import { costText, tokensText } from '../usage-line.ts';

export interface ChatFlags extends RunFlags {
  quiet?: boolean;
}

/**
 * A conversation, one line a turn: typed, or piped in. Ctrl-C stops the answer; twice, `/exit` or Ctrl-D ends the chat.
 * Gives the exit code of the last turn when the lines were piped in.
 */
export async function chat(flags: ChatFlags): Promise<number> {
  const { stdin, stderr } = process;
  const terminal = await createTerminal({ quiet: flags.quiet });
  const isTyped = stdin.isTTY && stderr.isTTY;
  const opening = watchStopSignals();
  const chosen = await chooseForCommand(flags.model, opening.signal).finally(() =>
    opening.release(),
  );
  noteChoice(chosen, terminal);
  const conversation = new Conversation(chosen, flags, terminal);
  if (isTyped)
    terminal.note(terminal.paint('dim', '/help lists the commands, Ctrl-D ends the chat.'));

  const lines = createInterface({
    input: stdin,
    output: stderr,
    terminal: isTyped,
    prompt: '> ',
    historySize: 200,
  });
  const interrupts = new Interrupts(conversation, {
    warn: () => {
      terminal.alert('\nPress Ctrl-C again, or Ctrl-D, to end the chat.');
      if (isTyped) lines.prompt();
    },
    end: () => lines.close(),
  });
  // A terminal in raw mode gives Ctrl-C to the line editor; a pipe leaves it to the process.
  lines.on('SIGINT', interrupts.take);
  process.on('SIGINT', interrupts.take);

  let exitCode: number = exitCodes.ok;
  try {
    if (isTyped) lines.prompt();
    for await (const line of lines) {
      interrupts.forget();
      if (line.trim() === '/exit' || line.trim() === '/quit') break;
      exitCode = await takeTurn(line, conversation, terminal);
      interrupts.forget();
      if (isTyped) lines.prompt();
    }
    if (interrupts.hasEnded) return exitCodes.interrupted;
    return isTyped ? exitCodes.ok : exitCode;
  } finally {
    lines.close();
    process.off('SIGINT', interrupts.take);
    await conversation.close();
  }
}

async function takeTurn(
  line: string,
  conversation: Conversation,
  terminal: Terminal,
): Promise<number> {
  try {
    const [command = '', ...rest] = line.trim().split(/\s+/);
    if (command === '') return exitCodes.ok;
    if (!command.startsWith('/')) return await conversation.ask(line);
    await obey(command, rest.join(' '), conversation, terminal);
    return exitCodes.ok;
  } catch (error) {
    reportError(error, terminal);
    return exitCodeOf(toAnyturnError(error));
  }
}

const help = `/help            this list
/model           the model that answers
/model <ref>     another model, for example /model deepseek/deepseek-flash
/usage           tokens and cost of this chat
/clear           forget the conversation
/exit            end the chat (also Ctrl-D)
Ctrl-C stops an answer.`;

async function obey(
  command: string,
  input: string,
  conversation: Conversation,
  terminal: Terminal,
): Promise<void> {
  switch (command) {
    case '/help':
      return terminal.alert(help);
    case '/clear':
      conversation.clear();
      return terminal.note('The conversation is forgotten.');
    case '/model':
      if (input !== '') await conversation.useModel(input);
      return noteChoice(conversation.chosen, terminal);
    case '/usage': {
      const { turns, usage, cost, chosen } = conversation;
      const price = chosen.demo && cost?.amount === '0' ? 'no cost: demo model' : costText(cost);
      return terminal.alert(
        `${turns} ${turns === 1 ? 'turn' : 'turns'}, ${tokensText(usage)}, ${price}`,
      );
    }
    default:
      terminal.alert(`There is no command ${command}. /help lists them.`);
  }
}

/** The first Ctrl-C stops the answer, or warns when there is none; the second one ends the chat. */
class Interrupts {
  readonly #conversation: Conversation;
  readonly #actions: { warn(): void; end(): void };
  #count = 0;
  hasEnded = false;

  constructor(conversation: Conversation, actions: { warn(): void; end(): void }) {
    this.#conversation = conversation;
    this.#actions = actions;
  }

  readonly take = (): void => {
    this.#count++;
    const wasAnswering = this.#conversation.stop();
    if (this.#count > 1) {
      if (this.hasEnded || wasAnswering) return endByInterrupt();
      this.hasEnded = true;
      this.#actions.end();
    } else if (!wasAnswering) {
      this.#actions.warn();
    }
  };

  /** A line was entered or answered: the next Ctrl-C is a first one again. */
  forget(): void {
    this.#count = 0;
  }
}
