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
  /** The calls between `open` and `close`; none for text that only looks like them. */
  read: (body: string) => WrittenCall[];
}

/** Known ways of writing tool calls. Hermes and Qwen: one JSON object between the tags (chat template of Qwen3, 2025-04). */
export const toolMarkups: readonly ToolMarkup[] = [
  { open: '<tool_call>', close: '</tool_call>', read: readJsonCalls },
];

/** One call, or several after each other, as JSON objects with a name and arguments. */
function readJsonCalls(body: string): WrittenCall[] {
  const whole = parseJson(body);
  const calls = Array.isArray(whole) ? whole : [whole];
  const read = calls.map(readJsonCall).filter((call) => call !== undefined);
  return read.length === calls.length ? read : [];
}

function readJsonCall(call: unknown): WrittenCall | undefined {
  if (!isRecord(call)) return undefined;
  const { name, arguments: input = call['parameters'] ?? {} } = call;
  if (!isText(name)) return undefined;
  if (typeof input !== 'string') return { name, input: JSON.stringify(input) };
  return parseJson(input) === undefined ? undefined : { name, input };
}
