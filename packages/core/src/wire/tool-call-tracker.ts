import { GrowingText } from './growing-text.ts';

/** One delta of a tool call, in the shape of the protocol. */
export interface ToolCallDelta {
  index?: number | null;
  id?: string | null;
  function: { name?: string | null; arguments?: string | null };
}

interface TrackedCall {
  id: string;
  name: string;
  input: GrowingText;
  structure: Structure;
}

/**
 * Follows the tool calls of one answer: whether each of them is whole, and whether a vendor sends their input again from the
 * beginning. Tells calls apart as the SDK does. Constant time per character.
 */
export class ToolCallTracker {
  readonly #calls: TrackedCall[] = [];
  readonly #byIndex = new Map<number, TrackedCall>();
  readonly #byId = new Map<string, TrackedCall>();
  #nextIndex = 0;
  /** How many calls stop in the middle of their input, and how many have no name. */
  #cut = 0;
  #nameless = 0;

  get size(): number {
    return this.#calls.length;
  }

  /** An index that no call has yet. */
  get nextIndex(): number {
    return this.#nextIndex;
  }

  /** Whether there are calls and all of them can be run: each has a name and a closed input, or none. */
  get areWhole(): boolean {
    return this.size > 0 && this.areNamed && this.#cut === 0;
  }

  /** Whether every call has a name. One without cannot be run, nor told apart from damage. */
  get areNamed(): boolean {
    return this.#nameless === 0;
  }

  /**
   * Takes one delta and gives the input that it adds, which is less than it holds when the beginning came before; `undefined` for
   * a delta that says nothing about any call.
   */
  take({ index, id, function: { name, arguments: input } }: ToolCallDelta): string | undefined {
    const named = { id: id?.trim() ?? '', name: name?.trim() ?? '' };
    const known = this.#find(index, named, input ?? '');
    if (!known && named.id === '' && named.name === '' && !input) return undefined;
    const call = known ?? this.#open();
    if (named.id !== '') this.#byId.set((call.id = named.id), call);
    if (named.name !== '') {
      if (call.name === '') this.#nameless--;
      call.name = named.name;
    }
    if (index != null) {
      this.#byIndex.set(index, call);
      this.#nextIndex = Math.max(this.#nextIndex, index + 1);
    }
    const added = withoutRepetition(call, input ?? '');
    const wasWhole = call.structure.isWhole;
    call.input.add(added);
    call.structure.take(added);
    this.#cut += Number(wasWhole) - Number(call.structure.isWhole);
    return added;
  }

  #find(
    index: number | null | undefined,
    { id, name }: { id: string; name: string },
    input: string,
  ): TrackedCall | undefined {
    const known = this.#candidate(index, id, name);
    if (!known || name === '') return known;
    if (id !== '' && known.id !== '' && id !== known.id) return undefined;
    if (known.name !== '' && name !== known.name) return undefined;
    // The same name and a new beginning: another call, unless it is the same one once more.
    const begins = /^\s*[{[]/.test(input);
    const isSame = id !== '' && id === known.id && input.startsWith(known.input.value);
    return begins && known.structure.isClosed && !isSame ? undefined : known;
  }

  #candidate(index: number | null | undefined, id: string, name: string): TrackedCall | undefined {
    if (index != null && this.#byIndex.has(index)) return this.#byIndex.get(index);
    if (id !== '') return name === '' || index == null ? this.#byId.get(id) : undefined;
    return name === '' && index == null ? this.#calls.at(-1) : undefined;
  }

  #open(): TrackedCall {
    const call = { id: '', name: '', input: new GrowingText(), structure: new Structure() };
    this.#calls.push(call);
    this.#nameless++;
    this.#nextIndex = Math.max(this.#nextIndex, this.#calls.length);
    return call;
  }
}

/**
 * Some vendors send the whole input so far with every delta. An object that begins with all of itself is no JSON, so what begins
 * with the input so far is that input again.
 */
function withoutRepetition(call: TrackedCall, input: string): string {
  if (input.length < call.input.length) return input;
  const known = call.input.value;
  if (!known.startsWith('{')) return input;
  return input.startsWith(known) ? input.slice(known.length) : input;
}

/** Watches the brackets of a JSON text as it comes. */
class Structure {
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #hasBegun = false;
  #isBlank = true;

  /** Whether everything that was opened is closed. */
  get isClosed(): boolean {
    return this.#hasBegun && this.#depth === 0;
  }

  /** Whether nothing is open: there is nothing, or everything is closed. */
  get isWhole(): boolean {
    return this.#isBlank || this.isClosed;
  }

  take(text: string): void {
    for (let at = 0; at < text.length; at++) this.#takeCode(text.charCodeAt(at));
  }

  #takeCode(code: number): void {
    if (code > SPACE) this.#isBlank = false;
    if (this.#isInString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (code === BACKSLASH) this.#isEscaped = true;
      else if (code === QUOTE) this.#isInString = false;
    } else if (code === QUOTE) this.#isInString = true;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      this.#hasBegun = true;
      this.#depth++;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) this.#depth--;
  }
}

const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
