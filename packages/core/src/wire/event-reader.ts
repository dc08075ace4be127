import { isErrorBody, isRecord } from '../exchange/classify-failure.ts';
import { dropForbiddenFields, mayHoldForbiddenFields } from './forbidden-fields.ts';
import { escapeControls, parseJson } from './json.ts';
import type { JsonObject } from './json.ts';
import type { NoteRepair } from './repair.ts';

export interface EventHandlers {
  /** A chunk, with the JSON it was read from, which is on one line. */
  onChunk: (chunk: JsonObject, json: string) => void;
  onDone: () => void;
  /** The vendor says that something went wrong. */
  onError: (body: unknown) => void;
  /** Something came that is not readable and may have been a part of the answer. */
  onBroken: () => void;
  onRepair: NoteRepair;
}

/**
 * Reads lines as server-sent events. More tolerant than the standard: every `data:` line that is a whole JSON object is an event of
 * its own, with or without a blank line after it; lines that are only JSON together are joined.
 */
export class EventReader {
  readonly #handlers: EventHandlers;
  #name = '';
  /** `data:` lines that are no JSON on their own. */
  #parts: string[] = [];
  #partsLength = 0;
  /** An event was read and no blank line has come since. */
  #isOpen = false;

  constructor(handlers: EventHandlers) {
    this.#handlers = handlers;
  }

  /** Whether the next line is an event like any other: nothing is unfinished before it. */
  get isIdle(): boolean {
    return !this.#isOpen && this.#parts.length === 0 && this.#name !== 'error';
  }

  /** A `data:` line was read elsewhere. */
  open(): void {
    this.#isOpen = true;
  }

  take(line: string): void {
    if (line === '') this.#endEvent();
    else if (line.startsWith('data:')) this.#takeData(line.slice('data:'.length).trim());
    else if (line.startsWith('event:')) this.#name = line.slice('event:'.length).trim();
    else if (/^(?:id|retry):/.test(line)) return;
    // A comment says nothing; one that holds a chunk has lost what stood before its colon.
    else if (line.includes(line.startsWith(':') ? '"choices"' : '{')) this.#takeStray(line);
  }

  /** The stream ended; an event needs no blank line after it then. */
  end(): void {
    if (this.#isOpen) this.#handlers.onRepair('event_not_ended');
    this.#endEvent();
  }

  #endEvent(): void {
    const data = this.#takeParts();
    if (data !== undefined) this.#takeJoined(data);
    this.#isOpen = false;
    this.#name = '';
  }

  #takeData(data: string): void {
    const { onBroken, onDone, onError, onRepair } = this.#handlers;
    if (this.#name === 'error') return onError(parseJson(data) ?? data);
    const mayBeWhole = data.startsWith('{') && data.endsWith('}');
    const [value, json] = mayBeWhole ? parseLoosely(data) : [];
    const isDone = DONE.test(data);
    if (this.#parts.length > 0) {
      if (!isDone && !(isRecord(value) && 'choices' in value)) return this.#addPart(data);
      // Something whole follows half of a chunk.
      this.#takeParts();
      onBroken();
    }
    if (isDone) {
      if (data !== '[DONE]') onRepair('done_spelling');
      return onDone();
    }
    if (isRecord(value)) {
      if (json !== data) onRepair('control_characters');
      return this.#takeObject(value, json ?? data);
    }
    if (data.startsWith('{')) return this.#addPart(data);
    this.#takeOther(data);
  }

  #takeObject(value: JsonObject, json: string): void {
    const { onChunk, onRepair } = this.#handlers;
    if (this.#isOpen) onRepair('events_not_separated');
    this.#isOpen = true;
    if (mayHoldForbiddenFields(json) && dropForbiddenFields(value)) {
      onRepair('forbidden_field');
      return onChunk(value, JSON.stringify(value));
    }
    if (Object.keys(value).length === 0) return onRepair('heartbeat');
    onChunk(value, json);
  }

  /** What is no object: a word to keep the connection open, a list of errors, or a piece of something. */
  #takeOther(data: string): void {
    const { onBroken, onError, onRepair } = this.#handlers;
    const value = parseJson(data);
    if (Array.isArray(value) && isErrorBody(value)) return onError(value);
    if (WORD.test(typeof value === 'string' ? value : data)) return onRepair('heartbeat');
    if (data.startsWith('[') && value === undefined) return this.#addPart(data);
    onBroken();
  }

  /** Several `data:` lines that a blank line ended. */
  #takeJoined(data: string): void {
    const { onBroken, onError } = this.#handlers;
    const [value] = parseLoosely(data);
    if (isRecord(value)) this.#takeObject(value, JSON.stringify(value));
    else if (isErrorBody(value)) onError(value);
    else onBroken();
  }

  /** A line that is no event. Some servers write an error into the stream without saying `data:`. */
  #takeStray(line: string): void {
    const body = parseJson(line);
    if (isErrorBody(body)) this.#handlers.onError(body);
    else this.#handlers.onBroken();
  }

  #addPart(data: string): void {
    this.#parts.push(data);
    this.#partsLength += data.length;
    if (this.#partsLength <= MAX_EVENT) return;
    this.#takeParts();
    this.#handlers.onBroken();
  }

  #takeParts(): string | undefined {
    if (this.#parts.length === 0) return undefined;
    const data = this.#parts.join('\n');
    this.#parts = [];
    this.#partsLength = 0;
    return data;
  }
}

/** The value, and the JSON it was read from: control characters that JSON does not allow in a string are escaped. */
function parseLoosely(data: string): [value?: unknown, json?: string] {
  const value = parseJson(data);
  if (value !== undefined) return [value, data];
  const escaped = escapeControls(data);
  return [parseJson(escaped), escaped];
}

/** Characters of one event over several lines. */
const MAX_EVENT = 1_048_576;
const DONE = /^"?\[DONE\]"?$/i;
/** Nothing, a word or two, a number: what keeps a connection open. Every piece of a chunk holds quotes or braces. */
const WORD = /^\[?[\w .:+-]{0,64}\]?$/;
