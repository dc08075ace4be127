import { isRecord } from '../exchange/classify-failure.ts';
import { unreadable } from './fault.ts';
import { isText } from './json.ts';
import type { JsonObject } from './json.ts';
import type { NoteRepair } from './repair.ts';
import { repairToolCalls } from './repair-tool-calls.ts';

/** Makes a delta, or the message of a whole answer, what the SDK reads as it was meant. Throws for content it cannot make out. */
export function repairMessage(message: JsonObject, note: NoteRepair): void {
  const { role } = message;
  if (role != null && role !== 'assistant' && role !== '') {
    message['role'] = 'assistant';
    note('role_not_assistant');
  }
  repairContent(message, note);
  repairReasoning(message, note);
  repairToolCalls(message, note);
  refuseForeignText(message, note);
}

function repairContent(message: JsonObject, note: NoteRepair): void {
  const { content } = message;
  if (content == null || typeof content === 'string') return;
  if (Array.isArray(content) && content.every(isPart)) return;
  message['content'] = (Array.isArray(content) ? content : [content]).flatMap(toPart);
  note('content_shape');
}

/** A part that the SDK reads, or one that holds no text of the answer, such as an image or a reference. */
function isPart(part: unknown): boolean {
  if (!isRecord(part) || typeof part['type'] !== 'string') return false;
  if (part['type'] === 'text') return typeof part['text'] === 'string';
  if (part['type'] === 'thinking') return Array.isArray(part['thinking']);
  return !isText(part['text']);
}

function toPart(part: unknown): object[] {
  if (part == null || part === false) return [];
  const text = textIn(part);
  const type = isRecord(part) ? part['type'] : 'text';
  if (text === '') return isRecord(part) && isText(type) && type !== 'text' ? [part] : [];
  if (text === undefined) throw unreadable();
  if (!/think|reason/i.test(String(type))) return [{ type: 'text', text }];
  return [{ type: 'thinking', thinking: [{ type: 'text', text }] }];
}

/** The text in whatever holds it; `undefined` for a number and the like, whose spelling is lost. */
function textIn(value: unknown): string | undefined {
  if (value == null) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) {
    const texts = value.map(textIn);
    return texts.includes(undefined) ? undefined : texts.join('');
  }
  if (!isRecord(value)) return undefined;
  const held = textFields.map((field) => value[field]).find((inner) => inner != null);
  return textIn(held);
}

const textFields = ['text', 'value', 'thinking', 'summary', 'content'];

function repairReasoning(message: JsonObject, note: NoteRepair): void {
  for (const field of ['reasoning_content', 'reasoning']) {
    const value = message[field];
    if (value == null || typeof value === 'string') continue;
    const text = textIn(value);
    if (text) message[field] = text;
    else delete message[field];
    note('reasoning_shape');
  }
  const { reasoning_content: content, reasoning } = message;
  if (isText(content) || (isText(reasoning) && content == null)) return;
  // The SDK takes the first field that is there, also when it is empty.
  const text = isText(reasoning) ? reasoning : textOfDetails(message['reasoning_details']);
  if (text === '') return;
  message['reasoning_content'] = text;
  note('reasoning_under_other_name');
}

/** OpenRouter and MiniMax (recorded streams; MiniMax API reference, 2026-11). Encrypted reasoning is no text. */
function textOfDetails(details: unknown): string {
  if (!Array.isArray(details)) return '';
  return details
    .map((detail) => (isRecord(detail) ? (detail['text'] ?? detail['summary']) : ''))
    .filter(isText)
    .join('');
}

/** Text under a name that nobody knows must not be lost in silence. */
function refuseForeignText(message: JsonObject, note: NoteRepair): void {
  if (knownFields.some((field) => field in message)) return;
  for (const [field, value] of Object.entries(message)) {
    if (!isText(value) || harmlessFields.has(field)) continue;
    if (!/reason|think/i.test(field)) throw unreadable();
    message['reasoning_content'] = value;
    note('reasoning_under_other_name');
  }
}

const knownFields = [
  'content',
  'reasoning_content',
  'reasoning',
  'reasoning_details',
  'refusal',
  'tool_calls',
  'function_call',
  'audio',
];

const harmlessFields: ReadonlySet<string> = new Set([
  'role',
  'name',
  'id',
  'object',
  'type',
  'model',
  'status',
  'obfuscation',
]);
