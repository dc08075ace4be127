import { addAbortSignal } from 'node:stream';
import { AnyturnError } from '@anyturn/core';

/** Bytes of a prompt in UTF-8. */
const MAX_PROMPT_BYTES = 1_048_576;

/**
 * The prompt that the words of the command line make; `-` among them stands for stdin. Without words stdin is the prompt, unless it is
 * a terminal, where nothing would come.
 *
 * @throws {AnyturnError} code `bad_request` when there is none, `too_large` for more than 1 MB, `aborted` when the signal fires.
 */
export async function readPrompt(words: readonly string[], signal: AbortSignal): Promise<string> {
  const { stdin } = process;
  if (words.length === 0 && stdin.isTTY) throw emptyPrompt();
  const sources = words.length === 0 ? ['-'] : words;
  const piped = sources.includes('-') ? await readStdin(stdin, signal) : '';
  return checkPrompt(sources.map((word) => (word === '-' ? piped : word)).join(' '));
}

/**
 * The prompt as it is sent: without surrounding white space, NUL and broken UTF-16, which many a server refuses.
 *
 * @throws {AnyturnError} code `bad_request` when nothing is left, `too_large` for more than 1 MB.
 */
export function checkPrompt(text: string): string {
  if (text.length > MAX_PROMPT_BYTES || Buffer.byteLength(text) > MAX_PROMPT_BYTES)
    throw tooLarge();
  const prompt = text.replaceAll('\0', '').toWellFormed().trim();
  if (prompt === '') throw emptyPrompt();
  return prompt;
}

async function readStdin(stdin: NodeJS.ReadStream, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of addAbortSignal(signal, stdin) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_PROMPT_BYTES) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (signal.aborted) throw new AnyturnError({ code: 'aborted', message: 'Interrupted.' });
    throw error;
  }
  // Unlike `toString`, this also takes away a byte order mark.
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function emptyPrompt(): AnyturnError {
  return new AnyturnError({
    code: 'bad_request',
    message: 'The prompt is empty. Write the question after the command, or pipe it in.',
  });
}

function tooLarge(): AnyturnError {
  return new AnyturnError({
    code: 'too_large',
    message: 'The prompt is larger than 1 MB. Shorten it, or ask about its parts one by one.',
  });
}
