/**
 * Private-use characters that stand for a span of the prompt that is already understood, so that later rules see
 * one character where the user wrote "the temperature in New York". {@link toPrompt} removes them from the input.
 */
const placeBase = 0xe000;
const temperatureBase = 0xe100;
const calculationBase = 0xe200;
/** Marks of one kind in one prompt. */
export const maxMarks = 0x100;

/** Stands for what must be read neither as arithmetic nor as a name: a date, a phone number, a URL. */
export const blank = '\uF8FF';

/** Matches the mark of a place in a pattern. */
export const placePattern = '[\uE000-\uE0FF]';
/** Matches the mark of a temperature in a pattern. */
export const temperaturePattern = '[\uE100-\uE1FF]';

export const placeMark = (index: number): string => String.fromCharCode(placeBase + index);
export const temperatureMark = (index: number): string =>
  String.fromCharCode(temperatureBase + index);
export const calculationMark = (index: number): string =>
  String.fromCharCode(calculationBase + index);

export interface Mark {
  readonly type: 'place' | 'temperature' | 'calculation';
  readonly index: number;
}

/** Every mark in a text, with its position. */
export function findMarks(text: string): (Mark & { readonly position: number })[] {
  return [...text.matchAll(/[\uE000-\uE2FF]/gu)].flatMap(({ index, 0: character }) => {
    const mark = readMark(character);
    return mark ? [{ ...mark, position: index }] : [];
  });
}

/** What a character stands for, if it is a mark. */
export function readMark(character: string): Mark | undefined {
  const offset = character.charCodeAt(0) - placeBase;
  if (!(offset >= 0 && offset < 3 * maxMarks)) return undefined;
  const type = (['place', 'temperature', 'calculation'] as const)[Math.floor(offset / maxMarks)];
  return type && { type, index: offset % maxMarks };
}

/** A stretch of text and the mark that takes its place. */
export type SpanMark = readonly [span: { start: number; end: number }, mark: string];

/** Puts marks in the place of spans, which stand in their order and do not overlap. */
export function markSpans(text: string, spans: readonly SpanMark[]): string {
  let rest = '';
  let at = 0;
  for (const [{ start, end }, mark] of spans.slice(0, maxMarks)) {
    rest += text.slice(at, start) + mark;
    at = end;
  }
  return rest + text.slice(at);
}
