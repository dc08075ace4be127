import { isRecord } from '../exchange/classify-failure.ts';

/**
 * Takes out of a parsed JSON value the fields that the SDK refuses to read, because a careless merge of them would change every
 * object: `__proto__`, and a `constructor` with a `prototype`. They would cost the whole chunk. True when there were any.
 */
export function dropForbiddenFields(value: unknown): boolean {
  let found = false;
  // A list, not recursion: a vendor may nest deeper than the stack.
  const open: unknown[] = [value];
  while (open.length > 0) {
    const holder = open.pop();
    if (typeof holder !== 'object' || holder === null) continue;
    for (const [field, inner] of Object.entries(holder)) {
      if (isForbidden(field, inner)) {
        Reflect.deleteProperty(holder, field);
        found = true;
      } else if (typeof inner === 'object') open.push(inner);
    }
  }
  return found;
}

/** Whether a JSON text may hold such a field. Cheap, and rarely true. */
export function mayHoldForbiddenFields(json: string): boolean {
  return json.includes('proto') || ESCAPED_LETTER.test(json);
}

function isForbidden(field: string, value: unknown): boolean {
  if (field === '__proto__') return true;
  return field === 'constructor' && isRecord(value) && Object.hasOwn(value, 'prototype');
}

const ESCAPED_LETTER = /\\u00[5-7]/;
