import { stripVTControlCharacters, styleText } from 'node:util';
import type { Spinner } from 'yocto-spinner';

export interface TerminalOptions {
  /** Leaves out everything but answers and errors. @default false */
  quiet?: boolean | undefined;
  /** Where everything but the answer goes. @default process.stderr */
  notes?: NodeJS.WriteStream;
}

/** Where a command writes: answers to stdout, notes and errors to stderr, a spinner only where a person looks at it. */
export interface Terminal {
  /** A piece of the answer, as it is; without control characters when a terminal would act on them. */
  answer(text: string): void;
  /** Whether a person sees the answer as it is written. What a file or a pipe got cannot be explained or taken back. */
  readonly isAnswerSeen: boolean;
  /** Ends the line of the answer if it is still open. */
  endAnswer(): void;
  /** A line of its own on stdout, for JSON. */
  line(text: string): void;
  /** A line about what happens. */
  note(text: string): void;
  /** A line that also `quiet` shows. */
  alert(text: string): void;
  /** Shows that something is waited for, until the next output. */
  wait(text: string): void;
  /** Text in a style, if notes go to a terminal with colours. NO_COLOR and FORCE_COLOR are honoured. */
  paint(style: Style, text: string): string;
}

type Style = Parameters<typeof styleText>[0];

export async function createTerminal(options: TerminalOptions = {}): Promise<Terminal> {
  const { quiet = false, notes = process.stderr } = options;
  const { stdout } = process;
  const spinner = quiet ? undefined : await createSpinner(notes);
  let isAnswerOpen = false;

  const rest = () => {
    spinner?.stop();
  };
  const writeNote = (text: string) => {
    rest();
    // On one screen a note must not continue the line of the answer. In a file the answer stays as it is.
    const shareScreen = notes === stdout || (stdout.isTTY && notes.isTTY);
    if (isAnswerOpen && shareScreen) {
      notes.write('\n');
      isAnswerOpen = false;
    }
    notes.write(`${text}\n`);
  };

  return {
    isAnswerSeen: stdout.isTTY,
    answer(text) {
      if (text === '') return;
      rest();
      stdout.write(stdout.isTTY ? toPrintable(text) : text);
      isAnswerOpen = !text.endsWith('\n');
    },
    endAnswer() {
      rest();
      if (isAnswerOpen) stdout.write('\n');
      isAnswerOpen = false;
    },
    line(text) {
      rest();
      stdout.write(`${text}\n`);
    },
    note(text) {
      if (!quiet) writeNote(text);
    },
    alert: writeNote,
    wait(text) {
      if (isAnswerOpen || !spinner) return;
      spinner.text = text;
      if (!spinner.isSpinning) spinner.start();
    },
    paint: (style, text) => styleText(style, text, { stream: notes }),
  };
}

/** Text of a model or a tool without what a terminal would obey: escape sequences, bells, cursor moves. */
function toPrintable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what is taken out
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}

/** As one line of at most `length` characters. */
export function toOneLine(text: string, length: number): string {
  const line = toPrintable(stripVTControlCharacters(text)).replaceAll(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1).toWellFormed()}…` : line;
}

async function createSpinner(stream: NodeJS.WriteStream): Promise<Spinner | undefined> {
  const isSmart = process.env['TERM'] !== 'dumb' && !process.env['CI'];
  if (!stream.isTTY || !isSmart) return undefined;
  const { default: createYoctoSpinner } = await import('yocto-spinner');
  return createYoctoSpinner({ stream, handleSignals: false });
}
