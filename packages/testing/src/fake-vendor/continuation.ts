import type { FakeVendorRequest } from './recorded-request.ts';

/**
 * The pieces of a text that are still to be sent when the request ends with the beginning of it, as an assistant message
 * with `prefix: true` or `partial: true`. `echo` repeats that beginning first, as one piece.
 */
export function continueText(
  pieces: readonly string[],
  body: FakeVendorRequest['body'],
  how: 'rest' | 'echo',
): readonly string[] {
  const prefix = findPrefix(body);
  if (!prefix || !pieces.join('').startsWith(prefix)) return pieces;
  let skipped = prefix.length;
  const rest = pieces.map((piece) => {
    const length = Math.min(skipped, piece.length);
    skipped -= length;
    return piece.slice(length);
  });
  return [...(how === 'echo' ? [prefix] : []), ...rest.filter((piece) => piece !== '')];
}

function findPrefix(body: unknown): string | undefined {
  const { messages } = Object(body) as { messages?: unknown };
  if (!Array.isArray(messages)) return undefined;
  const { role, content, prefix, partial } = Object(messages.at(-1)) as Record<string, unknown>;
  const isPrefix = role === 'assistant' && (prefix === true || partial === true);
  if (!isPrefix) return undefined;
  return Array.isArray(content) ? content.map(textOf).join('') : textOf({ text: content });
}

function textOf(part: unknown): string {
  const { text } = Object(part) as { text?: unknown };
  return typeof text === 'string' ? text : '';
}
