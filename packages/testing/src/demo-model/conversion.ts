import { binary, number, type Expression } from './expression.ts';

export type TemperatureUnit = 'celsius' | 'fahrenheit';

/** A temperature that the user gave, to be told in the other unit. */
export interface Conversion {
  readonly start: number;
  readonly end: number;
  readonly expression: Expression;
  readonly to: TemperatureUnit;
  readonly given: string;
}

const value = '(-?\\d{1,6}(?:\\.\\d{1,6})?|minus \\d{1,6}|负\\d{1,6}|零下\\d{1,6})';
const celsiusUnit = '(?:°\\s?c\\b|c\\b|(?:degrees? |° ?)?(?:celsius|centigrade)|摄氏度?|度|°)';
const fahrenheitUnit = '(?:°\\s?f\\b|f\\b|(?:degrees? |° ?)?fahrenheit|华氏度?)';
const between =
  '[^.?!。\\n]{0,24}?(?:\\bto\\b|\\bin\\b|\\binto\\b|\\bas\\b|=|是多少|等于多少|是几|转换?[成为]|换算?[成为]?|转|成|为|到|多少)\\s*(?:degrees? |多少)?';

const patterns: readonly (readonly [TemperatureUnit, RegExp])[] = [
  [
    'fahrenheit',
    new RegExp(`${value}\\s*(?:degrees? |deg )?${celsiusUnit}${between}${fahrenheitUnit}`, 'giu'),
  ],
  [
    'celsius',
    new RegExp(`${value}\\s*(?:degrees? |deg )?${fahrenheitUnit}${between}${celsiusUnit}`, 'giu'),
  ],
  // 摄氏30度, 华氏100度
  ['fahrenheit', new RegExp(`摄氏\\s*${value}\\s*度?${between}${fahrenheitUnit}`, 'giu')],
  ['celsius', new RegExp(`华氏\\s*${value}\\s*度?${between}${celsiusUnit}`, 'giu')],
  // What is the Celsius equivalent of 100 °F?
  [
    'celsius',
    new RegExp(
      `${celsiusUnit} (?:equivalent|value|of|for)[^.?!\\d]{0,16}${value}\\s*(?:degrees? )?${fahrenheitUnit}`,
      'giu',
    ),
  ],
  [
    'fahrenheit',
    new RegExp(
      `${fahrenheitUnit} (?:equivalent|value|of|for)[^.?!\\d]{0,16}${value}\\s*(?:degrees? )?${celsiusUnit}`,
      'giu',
    ),
  ],
];

/** Finds "25 °C in Fahrenheit", "convert 100 F to Celsius", "30摄氏度是多少华氏度". */
export function findConversions(text: string): Conversion[] {
  const found = patterns.flatMap(([to, pattern]) =>
    [...text.matchAll(pattern)].map(({ index, 0: match, 1: given = '0' }): Conversion => {
      const degrees = number(given.replace(/^(?:minus |负|零下)/iu, '-'));
      return {
        start: index,
        end: index + match.length,
        expression: convert(degrees, to),
        to,
        given: degrees.type === 'number' ? degrees.text : given,
      };
    }),
  );
  const sorted = found.toSorted((a, b) => a.start - b.start);
  return sorted.filter(({ start }, index) => start >= (sorted[index - 1]?.end ?? 0));
}

/** The arithmetic that turns degrees of the other unit into this one. */
export function convert(degrees: Expression, to: TemperatureUnit): Expression {
  if (to === 'fahrenheit') {
    return binary('+', binary('/', binary('*', degrees, number(9)), number(5)), number(32));
  }
  return binary('/', binary('*', binary('-', degrees, number(32)), number(5)), number(9));
}

/** The arithmetic that turns a difference of degrees of the other unit into this one. */
export function convertDifference(degrees: Expression, to: TemperatureUnit): Expression {
  const [up, down] = to === 'fahrenheit' ? [9, 5] : [5, 9];
  return binary('/', binary('*', degrees, number(up)), number(down));
}
