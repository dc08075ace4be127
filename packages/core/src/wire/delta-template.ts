import { isRecord } from '../exchange/classify-failure.ts';
import type { DeltaPart } from './delta-part.ts';
import { isStringBody, parseJson, toStringBody } from './json.ts';

/** What stands around the text of a delta: the beginning of its line up to the quote, and the rest from the quote on. */
export interface Frame {
  head: string;
  tail: string;
}

/**
 * The line of one delta with its text taken out. Thousands of lines differ in that text alone, and such a line says the same with
 * another text: it needs no parsing.
 */
export class DeltaTemplate {
  readonly type: DeltaPart['type'];
  readonly frame: Frame;
  /** Where the tail holds padding that differs from line to line: what stands before and after it. */
  readonly #padded: readonly [before: string, after: string] | undefined;

  private constructor(type: DeltaPart['type'], frame: Frame) {
    this.type = type;
    this.frame = frame;
    const [all, before] = PADDING.exec(frame.tail) ?? [];
    if (all !== undefined && before !== undefined) {
      this.#padded = [before, frame.tail.slice(all.length)];
    }
  }

  /** Finds the text of a delta in its line; `undefined` where it is not certain that it was found. */
  static of(line: string, { type, field, text }: DeltaPart): DeltaTemplate | undefined {
    const opening = new RegExp(`"${field}"\\s*:\\s*"`, 'g');
    for (let tries = 0; tries < MAX_TRIES && opening.test(line); tries++) {
      const start = opening.lastIndex;
      const end = endOfString(line, start);
      const frame = { head: line.slice(0, start), tail: line.slice(end) };
      if (isFrameOf(frame, field, `${text}.`)) return new DeltaTemplate(type, frame);
    }
    return undefined;
  }

  /** The frame of a line that matched; padding differs. */
  frameOf(line: string, body: string): Frame {
    const { head } = this.frame;
    return this.#padded ? { head, tail: line.slice(head.length + body.length) } : this.frame;
  }

  /** The text of a line that differs in nothing else, as it stands between its quotes; otherwise `undefined`. */
  match(line: string): string | undefined {
    const { head, tail } = this.frame;
    // Comparing slices is several times faster than `startsWith`.
    if (line.slice(0, head.length) !== head) return undefined;
    if (this.#padded) return this.#matchPadded(line, this.#padded);
    const end = line.length - tail.length;
    if (end < head.length || line.slice(end) !== tail) return undefined;
    const body = line.slice(head.length, end);
    return isStringBody(body) ? body : undefined;
  }

  #matchPadded(line: string, [before, after]: readonly [string, string]): string | undefined {
    const start = this.frame.head.length;
    const end = endOfString(line, start);
    const padding = end + before.length;
    const paddingEnd = line.length - after.length;
    if (line.slice(end, padding) !== before || paddingEnd < padding) return undefined;
    if (line.slice(paddingEnd) !== after || !isStringBody(line.slice(padding, paddingEnd))) {
      return undefined;
    }
    const body = line.slice(start, end);
    return isStringBody(body) ? body : undefined;
  }
}

/** OpenAI and Azure pad chunks under `obfuscation`, Mistral under `p` (recorded streams). */
const PADDING = /^(.*?"(?:obfuscation|p)"\s*:\s*")[^"\\]*/s;
const MAX_TRIES = 4;

function endOfString(line: string, start: number): number {
  let end = line.indexOf('"', start);
  while (end > start && isEscaped(line, end)) end = line.indexOf('"', end + 1);
  return end < 0 ? line.length : end;
}

function isEscaped(line: string, at: number): boolean {
  let backslashes = 0;
  while (line[at - 1 - backslashes] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

/** Whether a text put into this frame becomes the text of the delta; it is to be another than what the line holds. */
function isFrameOf({ head, tail }: Frame, field: string | undefined, text: string): boolean {
  const chunk = parseJson(`${head}${toStringBody(text)}${tail}`.slice('data:'.length));
  const choice =
    isRecord(chunk) && Array.isArray(chunk['choices']) ? chunk['choices'][0] : undefined;
  const delta = isRecord(choice) ? choice['delta'] : undefined;
  return field !== undefined && isRecord(delta) && delta[field] === text;
}
