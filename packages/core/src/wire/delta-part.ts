import { isRecord } from '../exchange/classify-failure.ts';
import { isText } from './json.ts';
import type { JsonObject } from './json.ts';

/** Text of an answer, or of the reasoning before it. */
export interface DeltaPart {
  type: 'text' | 'reasoning';
  text: string;
  /** The field of the delta that holds nothing but this text; none for a part of a list. */
  field?: 'content' | 'reasoning_content' | 'reasoning';
}

/** The text of a delta, in the order in which the SDK reads it. */
export function partsOf(delta: JsonObject): DeltaPart[] {
  const parts: DeltaPart[] = [];
  const field = delta['reasoning_content'] == null ? 'reasoning' : 'reasoning_content';
  const { content, [field]: reasoning, refusal } = delta;
  if (isText(reasoning)) parts.push({ type: 'reasoning', text: reasoning, field });
  if (isText(content)) parts.push({ type: 'text', text: content, field: 'content' });
  if (Array.isArray(content)) parts.push(...content.flatMap(partOf));
  if (isText(refusal)) parts.push({ type: 'text', text: refusal });
  return parts;
}

function partOf(part: unknown): DeltaPart[] {
  if (!isRecord(part)) return [];
  const { type, text, thinking } = part;
  if (type === 'text' && isText(text)) return [{ type, text }];
  if (type !== 'thinking' || !Array.isArray(thinking)) return [];
  const said = thinking.map((inner) => (isRecord(inner) ? inner['text'] : '')).filter(isText);
  return said.length > 0 ? [{ type: 'reasoning', text: said.join('') }] : [];
}

/** Whether a delta holds one text and nothing else that anyone reads, so that it can be joined with others. */
export function isPlain(delta: JsonObject, [part, ...others]: DeltaPart[]): boolean {
  if (!part?.field || others.length > 0) return false;
  for (const field in delta) {
    const value = delta[field];
    if (typeof value !== 'object' || value === null || isEmpty(value)) continue;
    // The same text once more, with its kind.
    if (field !== 'reasoning_details' || part.type !== 'reasoning') return false;
  }
  return true;
}

function isEmpty(value: object): boolean {
  for (const _ in value) return false;
  return true;
}
