/**
 * Turns network reads into lines, however the bytes were cut: inside a character, inside a line end. Invalid UTF-8 becomes U+FFFD.
 * No line waits for a later read once its end has come.
 */
export class LineReader {
  readonly #decoder = new TextDecoder();
  /** The beginning of a line whose end has not come. A rope: it is not searched again. */
  #rest = '';
  #endsWithReturn = false;

  /** The lines that these bytes complete, without their ends. */
  read(bytes: Uint8Array): string[] {
    return this.#split(this.#decoder.decode(bytes, { stream: true }));
  }

  /** Nothing more comes: what was left without an end. */
  end(): string[] {
    const lines = this.#split(this.#decoder.decode());
    const rest = this.#rest;
    this.#rest = '';
    return rest === '' ? lines : [...lines, rest];
  }

  /** Characters of a line whose end has not come. */
  get pending(): number {
    return this.#rest.length;
  }

  #split(text: string): string[] {
    if (text === '') return [];
    const lines = this.#withLineFeeds(text).split('\n');
    lines[0] = this.#rest + lines[0];
    this.#rest = lines.pop() ?? '';
    return lines;
  }

  /** One kind of line end. A return ends its line at once; a line feed that follows it in the next read belongs to it. */
  #withLineFeeds(text: string): string {
    const fresh = this.#endsWithReturn && text.startsWith('\n') ? text.slice(1) : text;
    this.#endsWithReturn = text.endsWith('\r');
    return fresh.includes('\r') ? fresh.replace(/\r\n?/g, '\n') : fresh;
  }
}
