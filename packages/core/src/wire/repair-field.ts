import type { JsonObject } from './json.ts';

/**
 * Replaces the value of a field when it is of the wrong type, or drops it where nothing can be made of it. Missing fields are
 * right. True when something was wrong.
 */
export function repairField(
  holder: JsonObject,
  field: string,
  isRight: (value: unknown) => boolean,
  convert: (value: unknown) => unknown,
): boolean {
  const value = holder[field];
  if (value == null || isRight(value)) return false;
  const converted = convert(value);
  if (isRight(converted)) holder[field] = converted;
  else delete holder[field];
  return true;
}

export const isString = (value: unknown): boolean => typeof value === 'string';
export const isNumber = (value: unknown): boolean => Number.isFinite(value);

/** Only a number is the same text whoever writes it. */
export const toText = (value: unknown): unknown =>
  typeof value === 'number' ? String(value) : undefined;

export const toNumber = (value: unknown): unknown =>
  typeof value === 'string' && value.trim() !== '' ? Number(value) : undefined;
