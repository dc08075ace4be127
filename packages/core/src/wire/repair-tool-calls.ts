import { isRecord } from '../exchange/classify-failure.ts';
import type { JsonObject } from './json.ts';
import type { NoteRepair } from './repair.ts';
import { isNumber, isString, repairField, toNumber, toText } from './repair-field.ts';

/** Gives the tool calls of a delta or a message the shape of the protocol: a list, each with a `function` whose input is text. */
export function repairToolCalls(message: JsonObject, note: NoteRepair): void {
  repairFunctionCall(message, note);
  const given = message['tool_calls'];
  if (given == null) return;
  const calls = Array.isArray(given) ? given : toList(given);
  const kept = calls.filter(isRecord);
  if (!Array.isArray(given) || kept.length < calls.length) {
    if (kept.length > 0) message['tool_calls'] = kept;
    else delete message['tool_calls'];
    note('tool_calls_shape');
  }
  for (const call of kept) repairCall(call, note);
}

/** Retired by OpenAI in 2023, still sent by some servers. */
function repairFunctionCall(message: JsonObject, note: NoteRepair): void {
  const { function_call: call, tool_calls: calls } = message;
  if (!isRecord(call) || (Array.isArray(calls) && calls.length > 0)) return;
  // Some servers send the field empty with every delta.
  if (Object.values(call).every((value) => value == null || value === '')) return;
  message['tool_calls'] = [{ index: 0, type: 'function', function: call }];
  delete message['function_call'];
  note('function_call');
}

/** One call, or calls by number; older Spark models send an object (provider code of LobeChat, 2026-11). */
function toList(calls: unknown): unknown[] {
  if (!isRecord(calls)) return [];
  return 'function' in calls || 'id' in calls ? [calls] : Object.values(calls);
}

function repairCall(call: JsonObject, note: NoteRepair): void {
  if (!isRecord(call['function'])) {
    const { name, arguments: input } = call;
    call['function'] = {
      ...(name != null && { name }),
      ...(input != null && { arguments: input }),
    };
    note('tool_calls_shape');
  }
  const called = call['function'] as JsonObject;
  const wrong = [
    repairField(call, 'index', isNumber, toNumber),
    repairField(call, 'id', isString, toText),
    repairField(called, 'name', isString, toText),
    repairField(call, 'extra_content', isRecord, () => undefined),
  ];
  if (wrong.includes(true)) note('tool_calls_shape');
  if (repairField(called, 'arguments', isString, toInput)) note('tool_input_not_text');
}

/** An empty object is often only a place to write in. */
function toInput(input: unknown): string {
  return isRecord(input) && Object.keys(input).length === 0 ? '' : JSON.stringify(input);
}
