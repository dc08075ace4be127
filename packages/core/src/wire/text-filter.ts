import type { NoteRepair } from './repair.ts';
import { toolMarkups } from './tool-markup.ts';
import type { ToolMarkup, WrittenCall } from './tool-markup.ts';

/** What a piece of the vendor's text turned out to be. */
export type TextPiece =
  | { type: 'text' | 'reasoning'; text: string }
  | ({ type: 'call' } & WrittenCall);

export interface TextFilterOptions {
  offersTools: boolean;
  continues?: { text: string; mayEcho: boolean } | undefined;
  note: NoteRepair;
}

/**
 * Finds in the answer's text what is no text: reasoning between `<think>` tags at its beginning, tool calls written out where tools
 * were offered, and the echo of the text that a continued answer goes on from. Holds back only what may be the beginning of one.
 */
export class TextFilter {
  readonly #note: NoteRepair;
  readonly #markups: readonly ToolMarkup[];
  #state: 'start' | 'thinking' | 'after-tag' | 'text' | 'call' = 'start';
  /** Characters that may be the beginning of a tag. */
  #held = '';
  /** The text that may come again, and how much of it has. */
  #echo: string | undefined;
  #echoed = 0;
  #markup: ToolMarkup | undefined;
  /** What a call that is not closed holds so far. */
  #body = '';

  constructor({ offersTools, continues, note }: TextFilterOptions) {
    this.#note = note;
    this.#markups = offersTools ? toolMarkups : [];
    if (!continues) return;
    this.#state = 'text';
    const { text, mayEcho } = continues;
    if (text !== '' && (mayEcho || text.length >= LONG_ECHO)) this.#echo = text;
  }

  /** Whether text may pass by unread, as it is or escaped as in JSON. */
  letsPass(body: string): boolean {
    if (this.#state !== 'text' || this.#held !== '' || this.#echo !== undefined) return false;
    return this.#markups.length === 0 || !(body.includes('<') || body.includes('\\u'));
  }

  /** What waits for the text that follows, as it came. */
  get held(): string {
    if (!this.isHolding) return '';
    const echoed = this.#echo?.slice(0, this.#echoed) ?? '';
    const call = this.#state === 'call' ? `${this.#markup?.open ?? ''}${this.#body}` : '';
    return echoed + call + this.#held;
  }

  /** Whether anything waits for the text that follows. */
  get isHolding(): boolean {
    return this.#held !== '' || this.#echoed > 0 || this.#state === 'call';
  }

  /** Whether a call has been opened and not closed. */
  get isInCall(): boolean {
    return this.#state === 'call';
  }

  /** The vendor sends the reasoning by itself: a tag is text then. */
  expectNoReasoning(): void {
    if (this.#state === 'start') this.#state = 'text';
  }

  /** What the text says so far that is certain. */
  push(text: string): TextPiece[] {
    const pieces: TextPiece[] = [];
    let rest = this.#held + this.#withoutEcho(text);
    this.#held = '';
    while (rest !== '') rest = this.#step(rest, pieces);
    return pieces;
  }

  /**
   * Something else than text follows: what was held is what it looks like. Where the answer was cut, a call that is not closed
   * is kept back, as its input would be.
   */
  release(because: 'other' | 'end' | 'cut'): TextPiece[] {
    const pieces: TextPiece[] = [];
    // Some vendors name a finish reason on every chunk: a tag may still go on.
    if (this.#state === 'thinking' && because === 'other') return pieces;
    // An echo that was cut is told by whoever continues next, from its beginning.
    const held = (because === 'cut' ? '' : this.#takeEcho()) + this.#held;
    this.#held = '';
    if (this.#state === 'call') {
      const unread = because === 'cut' ? '' : this.#closeCall(held, '', pieces);
      if (unread !== '') pieces.push(...this.push(unread), ...this.release(because));
    } else if (held !== '') {
      pieces.push({ type: this.#state === 'thinking' ? 'reasoning' : 'text', text: held });
    }
    return pieces;
  }

  /** Reads on to the next change of state; gives what is left to read, if anything. */
  #step(text: string, pieces: TextPiece[]): string {
    switch (this.#state) {
      case 'start':
        return this.#start(text, pieces);
      case 'thinking':
        return this.#think(text, pieces);
      case 'after-tag':
        return this.#skipBlank(text);
      case 'text':
        return this.#findCall(text, pieces);
      case 'call':
        return this.#readCall(text, pieces);
    }
  }

  #start(text: string, pieces: TextPiece[]): string {
    const begins = text.trimStart();
    const blank = text.slice(0, text.length - begins.length);
    if (begins.startsWith(THINK)) {
      this.#state = 'thinking';
      this.#note('inline_reasoning');
    } else if (begins !== '' && THINK.startsWith(begins)) this.#held = begins;
    else if (begins !== '') {
      this.#state = 'text';
      return text;
    }
    if (blank !== '') pieces.push({ type: 'text', text: blank });
    return this.#state === 'thinking' ? begins.slice(THINK.length) : '';
  }

  #think(text: string, pieces: TextPiece[]): string {
    const end = text.indexOf(THINK_END);
    const kept = end < 0 ? text.length - beginningAtEnd(text, [THINK_END]) : end;
    if (kept > 0) pieces.push({ type: 'reasoning', text: text.slice(0, kept) });
    if (end < 0) {
      this.#held = text.slice(kept);
      return '';
    }
    this.#state = 'after-tag';
    return text.slice(end + THINK_END.length);
  }

  /** Blank space after a tag belongs to the tag. */
  #skipBlank(text: string): string {
    const rest = text.trimStart();
    if (rest !== '') this.#state = 'text';
    return rest;
  }

  #findCall(text: string, pieces: TextPiece[]): string {
    const found = this.#markups.length > 0 ? OPENING.exec(text) : null;
    const markup = found && this.#markups.find(({ open }) => open === found[0]);
    const kept = found
      ? found.index
      : text.length - beginningAtEnd(text, this.#markups.length > 0 ? openings : []);
    if (kept > 0) pieces.push({ type: 'text', text: text.slice(0, kept) });
    if (!markup) {
      this.#held = text.slice(kept);
      return '';
    }
    this.#state = 'call';
    this.#markup = markup;
    return text.slice(kept + markup.open.length);
  }

  #readCall(text: string, pieces: TextPiece[]): string {
    const { open = '', close = '', mayBegin } = this.#markup ?? {};
    if (this.#body.length < MAX_BEGINNING) {
      const beginning = (this.#body + text.slice(0, MAX_BEGINNING)).slice(0, MAX_BEGINNING);
      // The beginning of the tag that closes is no part of it.
      const kept = beginning.length - beginningAtEnd(beginning, [close]);
      const end = beginning.indexOf(close);
      if (!mayBegin?.(beginning.slice(0, end < 0 ? kept : end))) {
        pieces.push({ type: 'text', text: open });
        const rest = this.#body + text;
        this.#body = '';
        this.#state = 'text';
        return rest;
      }
    }
    const end = text.indexOf(close);
    if (end >= 0) {
      const unread = this.#closeCall(text.slice(0, end), close, pieces);
      return unread + text.slice(end + close.length);
    }
    const kept = text.length - beginningAtEnd(text, [close]);
    this.#body += text.slice(0, kept);
    this.#held = text.slice(kept);
    if (this.#body.length <= MAX_CALL) return '';
    const held = this.#held;
    this.#held = '';
    return this.#closeCall('', '', pieces) + held;
  }

  /**
   * Nothing is lost: what cannot be read as calls is text, up to another opening inside of it. Gives what is to be read again from
   * there.
   */
  #closeCall(last: string, close: string, pieces: TextPiece[]): string {
    const body = this.#body + last;
    const { open = '', read } = this.#markup ?? {};
    const calls = body.length > MAX_CALL ? [] : (read?.(body, close !== '') ?? []);
    this.#body = '';
    this.#state = calls.length > 0 ? 'after-tag' : 'text';
    if (calls.length > 0) {
      this.#note('tool_calls_written_as_text');
      pieces.push(...calls.map((call) => ({ type: 'call' as const, ...call })));
      return '';
    }
    // The last one: so that nothing is read more than twice.
    const again = body.lastIndexOf(open);
    const text = again < 0 ? open + body + close : open + body.slice(0, again);
    pieces.push({ type: 'text', text });
    return again < 0 ? '' : body.slice(again) + close;
  }

  /** The text without what is held as an echo; all of it once it turns out to be none. */
  #withoutEcho(text: string): string {
    if (this.#echo === undefined) return text;
    const expected = this.#echo.slice(this.#echoed, this.#echoed + text.length);
    if (!text.startsWith(expected)) {
      const echoed = this.#takeEcho();
      this.#echo = undefined;
      return echoed + text;
    }
    this.#echoed += expected.length;
    if (this.#echoed === this.#echo.length) {
      this.#note('echo_dropped');
      this.#echo = undefined;
      this.#echoed = 0;
    }
    return text.slice(expected.length);
  }

  /** What looked like an echo and was none: the answer itself. */
  #takeEcho(): string {
    if (this.#echoed === 0) return '';
    const echoed = this.#echo?.slice(0, this.#echoed) ?? '';
    this.#echo = undefined;
    this.#echoed = 0;
    return echoed;
  }
}

/** How many characters at the end of a text may be the beginning of one of these tags. */
function beginningAtEnd(text: string, tags: readonly string[]): number {
  let longest = 0;
  for (const tag of tags) {
    for (let length = Math.min(tag.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(tag.slice(0, length))) longest = length;
    }
  }
  return longest;
}

const THINK = '<think>';
const THINK_END = '</think>';
const MAX_CALL = 1_048_576;
/** Characters of a call that tell whether it may be one. */
const MAX_BEGINNING = 256;
const openings = toolMarkups.map(({ open }) => open);
/** Any of them, in one pass however many there are. */
const OPENING = new RegExp(openings.map((open) => open.replaceAll('|', '\\|')).join('|'));
/** A text of this length does not come twice by chance. */
const LONG_ECHO = 16;
