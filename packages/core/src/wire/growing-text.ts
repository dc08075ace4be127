import { parseJson } from './json.ts';

/**
 * A text that grows by many small pieces. An engine keeps each piece as an object of its own until the text is read; here only the
 * last ones are pieces, so that a long answer takes little more memory than its characters.
 */
export class GrowingText {
  #start = '';
  #pieces = '';

  /** All of it. */
  get value(): string {
    return this.#start + this.#pieces;
  }

  get length(): number {
    return this.#start.length + this.#pieces.length;
  }

  add(piece: string): void {
    this.#pieces += piece;
    if (this.#pieces.length < MAX_PIECES) return;
    // Parsed text is a copy in one piece; adding only ties the pieces together.
    this.#start += String(parseJson(JSON.stringify(this.#pieces)));
    this.#pieces = '';
  }
}

/** Characters. */
const MAX_PIECES = 16_384;
