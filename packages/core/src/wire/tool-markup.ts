import { isRecord } from '../exchange/classify-failure.ts';
import { isText, parseJson } from './json.ts';

/** A tool call as the model wrote it into its text. */
export interface WrittenCall {
  name: string;
  /** JSON text. */
  input: string;
}

/** One way of writing tool calls as text: what stands before and after them, and how to read what is between. */
export interface ToolMarkup {
  /** Begins with `<`, so that text without one need not be searched. */
  open: `<${string}`;
  close: string;
  /** Whether what begins like this may still become calls; other text need not wait for `close`. */
  mayBegin: (beginning: string) => boolean;
  /**
   * The calls between `open` and `close`; none for text that only looks like them. Where `close` is missing, only calls that are
   * whole by themselves.
   */
  read: (body: string, isClosed: boolean) => WrittenCall[];
}

/**
 * Known ways of writing tool calls. Hermes and Qwen: one JSON object between the tags (chat template of Qwen3, 2025-04). GLM: a name
 * and tagged arguments between the same tags (chat templates of GLM-4.5 and later, 2025-07). Kimi: a section of calls, each with an
 * id that holds the name (tool calling guide of Kimi K2, 2025-07).
 */
export const toolMarkups: readonly ToolMarkup[] = [
  {
    open: '<tool_call>',
    close: '</tool_call>',
    mayBegin: (beginning) => JSON_OR_NAME.test(beginning),
    read: (body, isClosed) => {
      const calls = readJsonCalls(body);
      return calls.length > 0 || !isClosed ? calls : readTaggedCall(body);
    },
  },
  {
    open: '<|tool_calls_section_begin|>',
    close: '<|tool_calls_section_end|>',
    mayBegin: (beginning) => {
      const call = beginning.trimStart();
      return call.startsWith(CALL) || CALL.startsWith(call);
    },
    read: readSection,
  },
];

/** One call, or several after each other, as JSON objects with a name and arguments. */
function readJsonCalls(body: string): WrittenCall[] {
  const whole = parseJson(body);
  const calls = Array.isArray(whole) ? whole : [whole];
  return allOrNone(calls.map(readJsonCall));
}

function readJsonCall(call: unknown): WrittenCall | undefined {
  if (!isRecord(call)) return undefined;
  const { name, arguments: input = call['parameters'] ?? {} } = call;
  if (!isText(name)) return undefined;
  if (typeof input !== 'string') return { name, input: JSON.stringify(input) };
  return parseJson(input) === undefined ? undefined : { name, input };
}

/** A name, then keys and values between tags of their own. */
function readTaggedCall(body: string): WrittenCall[] {
  const [before = '', ...pairs] = body.split('<arg_key>');
  const name = before.trim();
  const fields = pairs.map(readPair);
  if (!NAME.test(name) || fields.includes(undefined)) return [];
  return [{ name, input: `{${fields.join(',')}}` }];
}

/** `key</arg_key> <arg_value>value</arg_value>` as a field of a JSON object. */
function readPair(pair: string): string | undefined {
  const [key = '', rest, ...more] = pair.split('</arg_key>');
  const tagged = rest?.trim() ?? '';
  const isPair = tagged.startsWith(VALUE) && tagged.endsWith(VALUE_END) && more.length === 0;
  if (!isPair || key.trim() === '') return undefined;
  return `${JSON.stringify(key.trim())}:${readValue(tagged.slice(VALUE.length, -VALUE_END.length))}`;
}

/** JSON for anything but text, which stands there as it is. A number that would lose digits is text too. */
function readValue(text: string): string {
  const value = parseJson(text);
  const isExact = !Number.isInteger(value) || Number.isSafeInteger(value);
  return value === undefined || typeof value === 'string' || !isExact ? JSON.stringify(text) : text;
}

function readSection(body: string): WrittenCall[] {
  const [before = '', ...calls] = body.split(CALL);
  return before.trim() === '' ? allOrNone(calls.map(readSectionCall)) : [];
}

/** `functions.name:0<|tool_call_argument_begin|>{…}<|tool_call_end|>`. */
function readSectionCall(text: string): WrittenCall | undefined {
  const call = text.trim();
  const [id = '', input, ...more] = call.split('<|tool_call_argument_begin|>');
  if (input === undefined || more.length > 0 || !input.endsWith(CALL_END)) return undefined;
  const name = id
    .trim()
    .replace(/^functions\./, '')
    .replace(/:\d+$/, '');
  const json = input.slice(0, -CALL_END.length).trim() || '{}';
  return NAME.test(name) && parseJson(json) !== undefined ? { name, input: json } : undefined;
}

function allOrNone(calls: readonly (WrittenCall | undefined)[]): WrittenCall[] {
  const read = calls.filter((call) => call !== undefined);
  return read.length === calls.length ? read : [];
}

const VALUE = '<arg_value>';
const VALUE_END = '</arg_value>';
const CALL = '<|tool_call_begin|>';
const CALL_END = '<|tool_call_end|>';
/** A name is one word; anything else between the tags is text. */
const NAME = /^[a-z_][\w.:/-]{0,127}$/i;
/** JSON, or a name and then a tag; the end is not reached yet. */
const JSON_OR_NAME = /^\s*(?:$|[{[]|[a-z_][\w.:/-]*\s*(?:$|<))/i;
