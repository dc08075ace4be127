import { currentLanguage, texts } from './language.ts';

/** What a tool was given or gave, in a few words. Knows the shapes of the built-in tools, and makes do with others. */
export function preview(value: unknown): string {
  const fields = Object(value) as Record<string, unknown>;
  const { temperature, unit, conditions, result, localTime, weekday } = fields;
  if (typeof temperature === 'number') return words([`${temperature} ${toText(unit)}`, conditions]);
  if (typeof localTime === 'string')
    return words([localTime.slice(11, 16), dayName(localTime) ?? weekday]);
  if (isWord(result)) return words([result]);
  return words(isWord(value) ? [value] : Object.values(fields));
}

function words(values: unknown[]): string {
  const text = values.filter(isWord).slice(0, 4).join(texts().comma);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** The weekday of a local time such as `2026-01-31T10:00:00+08:00`, in the language of the page. */
function dayName(localTime: string): string | undefined {
  // Only the date counts, so that no time zone can move it.
  const date = new Date(`${localTime.slice(0, 10)}T00:00Z`);
  if (Number.isNaN(date.getTime())) return undefined;
  return date.toLocaleDateString(currentLanguage(), { weekday: 'long', timeZone: 'UTC' });
}

function toText(value: unknown): string {
  return isWord(value) ? String(value) : '';
}

function isWord(value: unknown): value is string | number {
  return typeof value === 'number' || (typeof value === 'string' && value !== '');
}
