import type { DeltaPart } from './delta-part.ts';
import type { Frame } from './delta-template.ts';
import { GrowingText } from './growing-text.ts';
import { parseJson, toStringBody } from './json.ts';
import type { JsonObject } from './json.ts';

/**
 * The canonical text that a read hands on, and the answer it makes up. Joins text of one kind that came in one read: their order
 * and the joined text stay as they are.
 */
export class Output {
  readonly #merge: boolean;
  #sse = '';
  readonly #text = new GrowingText();
  readonly #reasoning = new GrowingText();
  readonly #input = new GrowingText();
  #type: DeltaPart['type'] | undefined;
  #frame: Frame = { head: '', tail: '' };
  /** Text that waits for more of its kind, as it stands in JSON. */
  #body = '';

  constructor(merge: boolean) {
    this.#merge = merge;
  }

  /** Answer text handed on so far. */
  get text(): string {
    return this.#text.value;
  }

  /** Text, reasoning and tool input handed on so far. */
  get received(): string {
    return this.#text.value + this.#reasoning.value + this.#input.value;
  }

  get hasReasoning(): boolean {
    return this.#reasoning.length > 0;
  }

  /** Whether a delta of this kind would be joined with what is there. */
  joins(type: DeltaPart['type']): boolean {
    return this.#type === type && this.#merge;
  }

  /** Adds text as it stands in JSON. The frame counts where there is none to join it with. */
  add(type: DeltaPart['type'], body: string, frame: Frame): void {
    if (!this.joins(type)) {
      this.close();
      this.#type = type;
      this.#frame = frame;
    }
    this.#body += body;
  }

  /** Adds text to what is there; only where `joins()` says so. */
  join(text: string): void {
    this.#body += toStringBody(text);
  }

  /** Adds text in a chunk of our own, described as `like` is. */
  addPart({ type, text }: DeltaPart, like: JsonObject): void {
    if (this.joins(type)) this.join(text);
    else this.add(type, toStringBody(text), frameOf(type, like));
  }

  /** Adds an event as it is. */
  pass(data: string): void {
    this.close();
    this.#sse += `data: ${data}\n\n`;
  }

  /** Counts what an event that is passed as it is adds to the answer. */
  count(parts: readonly DeltaPart[], input = ''): void {
    for (const { type, text } of parts) {
      if (type === 'text') this.#text.add(text);
      else this.#reasoning.add(text);
    }
    this.#input.add(input);
  }

  /** What there is to hand on now. */
  take(): string {
    this.close();
    const sse = this.#sse;
    this.#sse = '';
    return sse;
  }

  /** Ends a text that would be joined with what follows. */
  close(): void {
    if (this.#type === undefined) return;
    const { head, tail } = this.#frame;
    this.#sse += `${head}${this.#body}${tail}\n\n`;
    // Parsed text is a copy: it does not keep the bytes of the read alive.
    const text = String(parseJson(`"${this.#body}"`));
    this.count([{ type: this.#type, text }]);
    this.#type = undefined;
    this.#body = '';
  }
}

/** The frame of a chunk of our own. */
function frameOf(type: DeltaPart['type'], { id, created, model }: JsonObject): Frame {
  const described = JSON.stringify({ id, object: 'chat.completion.chunk', created, model });
  const field = type === 'text' ? 'content' : 'reasoning_content';
  return {
    head: `data: ${described.slice(0, -1)},"choices":[{"index":0,"delta":{"${field}":"`,
    tail: '"},"finish_reason":null}]}',
  };
}
