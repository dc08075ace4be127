import { findCalculations } from './arithmetic.ts';
import type { Expression } from './expression.ts';
import {
  markSpans,
  calculationMark,
  findMarks,
  maxMarks,
  placeMark,
  placePattern,
  readMark,
  temperatureMark,
  temperaturePattern,
  type SpanMark,
} from './mark.ts';
import type { Place } from './place.ts';

// "the temperature in P", "P's temperature", "P的气温": an operand once an operator stands next to it.
const P = placePattern;
const temperaturePhrases = new RegExp(
  [
    `(?:the )?(?:current |present )?\\b(?:temperature|temp)(?: right now| now| today| currently)? (?:in|of|at|for) (?:the )?(${P})(?: right now| now| today)?(?: in (?:degrees )?celsius)?(?!\\s*(?:,|、|and\\b|or\\b|vs|和|与)\\s*(?:in )?${P})`,
    `(?:the )?(${P})(?:'s)? (?:current )?\\b(?:temperature|temp)\\b`,
    `(${P})(?:现在|今天|当前|目前|此刻|今日)?的?(?:现在|今天|当前|目前)?(?:气温|温度)(?!计)`,
    `(?:the )?weather (?:in|of|for) (${P})(?=\\s*(?:plus|minus|\\+|-)\\s*\\d+(?:\\.\\d+)?\\s*(?:degrees?\\s*)?(?:[.?!]|$))`,
  ].join('|'),
  'giu',
);
const notOneTemperature =
  /(?:average|mean|difference|compare|highest|lowest|平均|温差)(?: in| of| between)?(?: the)?\s*$/iu;
const temperatureList = new RegExp(
  `\\b(sum|total|product|add|multiply)((?: up)?(?: of)?(?: the)?(?: current)?) temperatures? (?:in|of|at) (${P}(?:(?:,| and|, and) ${P}){1,8})`,
  'giu',
);
const bareTemperature =
  /\b(?:the|that|this) (?:temperature|temp)\b(?! (?:in|of|at|difference))|(?:这个|该)?(?:气温|温度)(?=的平方|的立方|的一半|的\d|再?乘|再?加|再?减|再?除|翻倍)/giu;
const pronoun =
  /(?<=\b(?:multiply|divide|square|double|triple|halve|to|from|of) )(?:it|that)\b|(?<=把)它/giu;

/** Replaces each calculation with a mark. Temperatures that no calculation uses stay as the user wrote them. */
export function markCalculations(
  text: string,
  places: readonly Place[],
  offset: number,
): { text: string; expressions: Expression[] } {
  const phrases: string[] = [];
  const targets: number[] = [];
  const toTemperature = (phrase: string, place: number | undefined): string => {
    if (place === undefined || phrases.length >= maxMarks) return phrase;
    phrases.push(phrase);
    targets.push(place);
    return temperatureMark(phrases.length - 1);
  };
  const hasPlainArithmetic = findCalculations(text).length > 0;
  let marked = text
    .replace(temperatureList, (_phrase, verb: string, words: string, list: string) => {
      const marks = findMarks(list).map(({ index }) => toTemperature(placeMark(index), index));
      return `${verb}${words} ${marks.join(', ')}`;
    })
    .replace(temperaturePhrases, (phrase, ...rest: (string | number | undefined)[]) => {
      const mark = rest.slice(0, 4).find((group) => typeof group === 'string');
      const at = rest[4];
      const before = typeof at === 'number' ? text.slice(Math.max(0, at - 24), at) : '';
      return notOneTemperature.test(before)
        ? phrase
        : toTemperature(phrase, readMark(String(mark ?? ''))?.index);
    });
  if (places.length === 1) {
    marked = marked.replace(bareTemperature, (phrase) => toTemperature(phrase, 0));
    if (!hasPlainArithmetic) marked = marked.replace(pronoun, (phrase) => toTemperature(phrase, 0));
  }

  const calculations = findCalculations(marked).slice(0, maxMarks - offset);
  const expressions = calculations.map(({ expression }) => aim(expression, targets));
  const spans = calculations.map((span, index): SpanMark => [
    span,
    calculationMark(offset + index),
  ]);
  const withCalculations = markSpans(marked, spans);
  const unmark = (mark: string) => phrases[readMark(mark)?.index ?? -1] ?? mark;
  return {
    text: withCalculations.replace(new RegExp(temperaturePattern, 'gu'), unmark),
    expressions,
  };
}

/** Turns the indexes of temperature marks into indexes of places. */
function aim(expression: Expression, targets: readonly number[]): Expression {
  switch (expression.type) {
    case 'number':
      return expression;
    case 'temperature':
      return { type: 'temperature', place: targets[expression.place] ?? 0 };
    case 'percent':
    case 'negative':
      return { ...expression, operand: aim(expression.operand, targets) };
    case 'call':
      return { ...expression, inputs: expression.inputs.map((input) => aim(input, targets)) };
    case 'binary':
      return {
        ...expression,
        left: aim(expression.left, targets),
        right: aim(expression.right, targets),
      };
  }
}
