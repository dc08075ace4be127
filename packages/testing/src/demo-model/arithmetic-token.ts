import type { Expression, Operator } from './expression.ts';
import { readMark } from './mark.ts';
import { readChineseNumber, readEnglishNumber, readScale, shiftDecimal } from './number-words.ts';

/** A word that shapes an expression without being an operator between two numbers. */
export type ArithmeticWord =
  | 'percent'
  | 'of'
  | 'off'
  | 'squared'
  | 'cubed'
  | 'power'
  | 'half'
  | 'times-of'
  | 'square-root'
  | 'cube-root'
  | 'square-of'
  | 'cube-of'
  | 'factorial-of'
  | 'double'
  | 'triple'
  | 'sum'
  | 'difference'
  | 'product'
  | 'quotient'
  | 'average'
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'increase'
  | 'decrease'
  | 'and'
  | 'then'
  | 'it'
  | 'by'
  | 'to'
  | 'from'
  | 'the'
  | 'han-of'
  | 'tip'
  | 'discount'
  | 'negative'
  | 'minuend';

export type ArithmeticToken = { readonly start: number; readonly end: number } & (
  | { readonly type: 'operand'; readonly expression: Expression }
  /** `third` of "two thirds of 90"; `size` is 3. */
  | { readonly type: 'fraction'; readonly size: number }
  | { readonly type: 'operator'; readonly operator: Operator; readonly isWeak: boolean }
  | { readonly type: 'word'; readonly word: ArithmeticWord }
  | { readonly type: 'function'; readonly name: string }
  | { readonly type: '(' | ')' | ',' | '!' }
  /** Anything else. No expression goes across it. */
  | { readonly type: 'other' }
);

/** Cuts a marked prompt into what matters for arithmetic. Linear in the length of the text. */
export function tokenizeArithmetic(text: string): ArithmeticToken[] {
  const tokens: ArithmeticToken[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/u.test(text.charAt(at))) {
      at += 1;
      continue;
    }
    const token = readToken(text, at, tokens.at(-1));
    tokens.push(token);
    at = token.end;
  }
  return tokens;
}

function readToken(
  text: string,
  start: number,
  previous: ArithmeticToken | undefined,
): ArithmeticToken {
  const mark = readMark(text.charAt(start));
  if (mark?.type === 'temperature') {
    const expression: Expression = { type: 'temperature', place: mark.index };
    return { type: 'operand', start, end: start + 1, expression };
  }
  const pi = matchAt(piPattern, text, start);
  if (pi) {
    const expression: Expression = { type: 'number', text: 'pi' };
    return { type: 'operand', start, end: start + pi.length, expression };
  }
  return (
    readNumeral(text, start) ??
    readPhrase(text, start) ??
    readNumberWord(text, start) ??
    readSymbol(text, start, previous) ??
    readOther(text, start)
  );
}

const piPattern = /pi\b|π|圆周率/iuy;
const numeralPattern = /\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+/uy;
/** A thing that digits count: "5 apples" stays a number, "5kg" and "3D" do not. */
const gluedLetter = /(?!x\s?[\d(-])(?!e[+-]?\d)[\p{Script=Latin}_]/iuy;
const exponentPattern = /e[+-]?\d{1,3}(?![\w.])/iuy;
const ordinalPattern = /(?:st|nd|rd|th)\b/iuy;
const countedUnit =
  /\s?(?:dollars?|bucks|euros?|pounds?|yuan|rmb|usd|eur|percentage points?|degrees?(?! *[cf]\b)|块钱?|元|美元|个|只|本|件|度)(?=\s*(?:[-+*/×÷)]|plus|minus|times|divided|multiplied|and|加|减|乘|除|$))/iuy;

function readNumeral(text: string, start: number): ArithmeticToken | undefined {
  let at = /[$€£¥]/u.test(text.charAt(start)) ? start + 1 : start;
  const numeral = matchAt(numeralPattern, text, at);
  if (numeral === undefined) return undefined;
  at += numeral.length;
  let value = numeral.replaceAll(',', '').replace(/^\./u, '0.');
  const exponent = matchAt(exponentPattern, text, at) ?? '';
  at += exponent.length;
  value += exponent;
  const ordinal = matchAt(ordinalPattern, text, at);
  if (ordinal) at += ordinal.length;
  else if (matchAt(gluedLetter, text, at) !== undefined) return readOther(text, start);
  const scale = exponent ? undefined : readScale(text, at);
  if (scale) {
    value = shiftDecimal(value, scale.zeros);
    at = scale.end;
  }
  at += matchAt(countedUnit, text, at)?.length ?? 0;
  return { type: 'operand', start, end: at, expression: { type: 'number', text: value } };
}

function readNumberWord(text: string, start: number): ArithmeticToken | undefined {
  const fraction = matchAt(hanFraction, text, start);
  if (fraction) return readHanFraction(fraction, start);
  const ordinal = matchAt(ordinalPower, text, start);
  if (ordinal) {
    const value = String(ordinalWords.indexOf(ordinal.toLowerCase()));
    const expression: Expression = { type: 'number', text: value };
    return { type: 'operand', start, end: start + ordinal.length, expression };
  }
  const number = readChineseNumber(text, start) ?? readEnglishNumber(text, start);
  if (!number) return undefined;
  const end = number.end + (matchAt(countedUnit, text, number.end)?.length ?? 0);
  return { type: 'operand', start, end, expression: { type: 'number', text: number.value } };
}

const hanFraction =
  /(?:[\d.]{1,12}|[零一二两三四五六七八九十百千]{1,8})分之(?:[\d.]{1,12}|[零一二两三四五六七八九十百点]{1,12})/uy;

/** 三分之一 is 1 / 3, 百分之十五 is 15 percent. */
function readHanFraction(fraction: string, start: number): ArithmeticToken {
  const [below = '', above = ''] = fraction.split('分之');
  const top: Expression = { type: 'number', text: toNumeral(above) };
  const bottom: Expression = { type: 'number', text: toNumeral(below) };
  const expression: Expression =
    bottom.text === '100'
      ? { type: 'percent', operand: top }
      : { type: 'binary', operator: '/', left: top, right: bottom };
  return { type: 'operand', start, end: start + fraction.length, expression };
}

function toNumeral(text: string): string {
  if (text === '百') return '100';
  return readChineseNumber(text, 0)?.value ?? text;
}

const ordinalWords =
  'zeroth first second third fourth fifth sixth seventh eighth ninth tenth'.split(' ');
const ordinals = ordinalWords.join('|');
const ordinalPower = new RegExp(`(?:${ordinals})(?= power\\b)`, 'iuy');

type Meaning = ArithmeticWord | { operator: Operator; isWeak?: boolean } | { fraction: number };

/** Phrases, longest first where one begins like another. All are tried at one position only. */
const phrases: readonly (readonly [pattern: RegExp, meaning: Meaning])[] = [
  [/and\b|&/iuy, 'and'],
  [/(?:and )?(?:then|afterwards|after that|finally)\b|然后|接着|最后|再/iuy, 'then'],
  [
    /(?:it|that|the (?:result|answer|sum|total|product|difference)|them)\b(?! (?:of|between|in)\b)|(?:把)?(?:结果|它|其)/iuy,
    'it',
  ],
  [/multipl(?:ied|ying) (?:by|with)\b/iuy, { operator: '*' }],
  [/divided by\b/iuy, { operator: '/' }],
  [
    new RegExp(`(?:raised )?to the(?= (?:\\d+(?:st|nd|rd|th)|${ordinals}) power\\b)`, 'iuy'),
    { operator: '^' },
  ],
  [/(?:raised )?to the power(?: of)?\b|raised to\b/iuy, { operator: '^' }],
  [/(?:percent|per cent|pct)\b|%/iuy, 'percent'],
  [
    /(?:the )?(?:square )?root of\b|(?:the )?square root\b|sqrt of\b|sqrt(?= *\d)|√/iuy,
    'square-root',
  ],
  [/(?:the )?cube root(?: of)?\b|∛/iuy, 'cube-root'],
  [/(?:the )?square of\b|square(?= *(?:\d|the\b|[\uE100-\uE1FF]))/iuy, 'square-of'],
  [/(?:the )?cube of\b/iuy, 'cube-of'],
  [/(?:the )?factorial(?: of)?\b/iuy, 'factorial-of'],
  [/squared\b/iuy, 'squared'],
  [/cubed\b/iuy, 'cubed'],
  [/plus\b|added to\b/iuy, { operator: '+' }],
  [/minus\b/iuy, { operator: '-' }],
  [/times\b/iuy, { operator: '*' }],
  [/over\b/iuy, { operator: '/', isWeak: true }],
  [/mod(?:ulo)?\b/iuy, { operator: '%' }],
  [/x(?=[\s\d(-])/iuy, { operator: '*', isWeak: true }],
  [/half(?= of\b| the\b| [\uE100-\uE1FF])|halve\b/iuy, 'half'],
  [/thirds?(?= of\b)/iuy, { fraction: 3 }],
  [/(?:quarters?|fourths?)(?= of\b)/iuy, { fraction: 4 }],
  [/fifths?(?= of\b)/iuy, { fraction: 5 }],
  [/tenths?(?= of\b)/iuy, { fraction: 10 }],
  [/double\b|twice\b/iuy, 'double'],
  [/triple\b/iuy, 'triple'],
  [/(?:the )?(?:sum|total)(?: of| up| between)?\b/iuy, 'sum'],
  [/(?:the )?difference(?: of| between| in)?\b/iuy, 'difference'],
  [/(?:the )?product(?: of)?\b/iuy, 'product'],
  [/(?:the )?quotient(?: of)?\b/iuy, 'quotient'],
  [/(?:the )?(?:average|mean|avg)(?: of| value of)?\b/iuy, 'average'],
  [/add\b/iuy, 'add'],
  [/subtract\b|take(?= \d)/iuy, 'subtract'],
  [/multiply\b/iuy, 'multiply'],
  [/divide\b|split\b/iuy, 'divide'],
  [/increase\b|raise\b/iuy, 'increase'],
  [/(?:decrease|reduce|lower)\b/iuy, 'decrease'],
  [/(?:tip|tax|vat|interest|commission|gratuity)(?: (?:on|of|for))?\b/iuy, 'tip'],
  [/discount(?: (?:on|off|of|from))?\b/iuy, 'discount'],
  [/off(?: of)?\b/iuy, 'off'],
  [/of\b/iuy, 'of'],
  [/by\b|with\b/iuy, 'by'],
  [/to\b/iuy, 'to'],
  [/(?:away )?from\b/iuy, 'from'],
  [/the\b|an?(?= (?:half|third|quarter|fifth|tenth)\b)/iuy, 'the'],
  [/negative\b/iuy, 'negative'],
  [/加上|加/uy, { operator: '+' }],
  [/减去|减掉|减/uy, { operator: '-' }],
  [/乘以|乘上|乘/uy, { operator: '*' }],
  [/除以|除/uy, { operator: '/' }],
  [/的?平方根|的?算术平方根|根号|开平方|开方/uy, 'square-root'],
  [/的?立方根|开立方/uy, 'cube-root'],
  [/的?平方/uy, 'squared'],
  [/的?(?:立方|三次方)/uy, 'cubed'],
  [/的?阶乘/uy, 'factorial-of'],
  [/次方|次幂/uy, 'power'],
  [/的?一半/uy, 'half'],
  [/倍/uy, 'times-of'],
  [/的/uy, 'han-of'],
  [/负/uy, 'negative'],
  [/和|与|跟|、|以及/uy, 'and'],
  [/从|用/uy, 'minuend'],
  [/总和|之和/uy, 'sum'],
  [/差值?|之差/uy, 'difference'],
  [/乘积|积|之积/uy, 'product'],
  [/商/uy, 'quotient'],
  [/平均[数值]?/uy, 'average'],
];

function readPhrase(text: string, start: number): ArithmeticToken | undefined {
  for (const [pattern, meaning] of phrases) {
    const found = matchAt(pattern, text, start);
    if (found === undefined) continue;
    const span = { start, end: start + found.length };
    if (meaning === 'percent' && isModulo(text, start, found)) {
      return { ...span, type: 'operator', operator: '%', isWeak: true };
    }
    if (typeof meaning === 'string') return { ...span, type: 'word', word: meaning };
    if ('fraction' in meaning) return { ...span, type: 'fraction', size: meaning.fraction };
    return {
      ...span,
      type: 'operator',
      operator: meaning.operator,
      isWeak: meaning.isWeak === true,
    };
  }
  const name = matchAt(functionPattern, text, start);
  return name === undefined
    ? undefined
    : { type: 'function', start, end: start + name.length, name: name.trim().toLowerCase() };
}

const functionPattern =
  /(?:sqrt|cbrt|abs|round|floor|ceil|ln|log10|log2|log|exp|sin|cos|tan|min|max|pow|factorial)\s?(?=\()/iuy;

/** "17 % 5" and "17%5" divide with remainder; "15% of" and "15 %" are percentages. */
function isModulo(text: string, at: number, found: string): boolean {
  if (found !== '%') return false;
  const before = text.charAt(at - 1) === ' ';
  return before ? /^ \s?[\d(]/u.test(text.slice(at + 1, at + 4)) : /\d/u.test(text.charAt(at + 1));
}

const operators: readonly (readonly [symbol: string, operator: Operator, isWeak: boolean])[] = [
  ['**', '^', false],
  ['^', '^', false],
  ['*', '*', false],
  ['×', '*', false],
  ['·', '*', false],
  ['⋅', '*', false],
  ['÷', '/', false],
  ['/', '/', true],
  ['+', '+', false],
  ['-', '-', true],
];

function readSymbol(
  text: string,
  start: number,
  previous: ArithmeticToken | undefined,
): ArithmeticToken | undefined {
  for (const [symbol, operator, isWeak] of operators) {
    if (!text.startsWith(symbol, start)) continue;
    return { type: 'operator', operator, isWeak, start, end: start + symbol.length };
  }
  const character = text.charAt(start);
  if (character === '(' || character === ')' || character === ',') {
    return { type: character, start, end: start + 1 };
  }
  // "5!" is a factorial only where the sentence goes on; at its end it is an exclamation.
  const isFactorial = character === '!' && previous?.type === 'operand' && previous.end === start;
  const goesOn = /^!\s?[?=*/×÷+)^-]/u.test(text.slice(start, start + 3));
  return isFactorial && goesOn ? { type: '!', start, end: start + 1 } : undefined;
}

const wordPattern = /[\p{Script=Latin}\p{M}\d_']+/uy;

function readOther(text: string, start: number): ArithmeticToken {
  const word = matchAt(wordPattern, text, start);
  const length = word?.length ?? String.fromCodePoint(text.codePointAt(start) ?? 0).length;
  return { type: 'other', start, end: start + Math.max(1, length) };
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
