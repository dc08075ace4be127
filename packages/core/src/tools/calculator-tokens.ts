import { quote, refusal } from './calculator-refusal.ts';
import { exact } from './calculator-value.ts';
import type { Value } from './calculator-value.ts';

export type Token =
  | { type: 'number'; text: string; at: number; value: Value }
  | { type: 'name' | (typeof symbols)[number]; text: string; at: number };

/**
 * Brings the ways people write an expression into one: full-width characters, `×`, `÷`, `−`, `²`,
 * `π`, and a trailing `=`. Only these; a general Unicode folding would turn `1½` into 11/2.
 */
export function normalizeExpression(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (character) => character.normalize('NFKC'))
    .replace(/[×✕✖·⋅∙∗]/g, '*')
    .replace(/[÷∕⁄]/g, '/')
    .replace(/[−–‒﹣]/g, '-')
    .replace(/[⁰¹²³⁴-⁹]+/g, (digits) => `^(${digits.normalize('NFKC')})`)
    .replace(/π/g, 'pi')
    .replace(/\s*=\s*\??\s*$/, '')
    .trim();
}

/** Cuts a normalized expression into numbers, names and symbols; refuses every other character. */
export function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  // Whether each open bracket belongs to a function: only there a comma separates inputs.
  const brackets: boolean[] = [];
  let at = 0;
  while (at < expression.length) {
    const space = match(spacePattern, expression, at);
    if (space) {
      at += space.length;
      continue;
    }
    const token = readToken(expression, at, tokens.at(-1), brackets.at(-1) === true);
    if (token.type === '(') brackets.push(tokens.at(-1)?.type === 'name');
    if (token.type === ')') brackets.pop();
    tokens.push(token);
    at += token.text.length;
  }
  return tokens;
}

const symbols = ['+', '-', '*', '/', 'mod', '^', '%', '!', '√', '(', ')', ','] as const;
const spacePattern = /\s+/y;
const groupedPattern = /\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?(?:e[+-]?\d+)?/iy;
const numberPattern = /(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?/iy;
const namePattern = /[a-z]+\d*/iy;
const timesPattern = /x|of\b/iy;
const operandPattern = /\s*(?:[\d.(√]|(?!of\b|mod\b|x)[a-z])/iy;
const MAX_EXPONENT = 308;

function readToken(
  expression: string,
  at: number,
  previous: Token | undefined,
  isInput: boolean,
): Token {
  const number =
    (!isInput && match(groupedPattern, expression, at)) || match(numberPattern, expression, at);
  if (number) return { type: 'number', text: number, at, value: parseNumber(number, at) };

  // "17 x 23" and "15% of 80" are how people write a multiplication.
  const times = endsOperand(previous) && match(timesPattern, expression, at);
  if (times) return { type: '*', text: times, at };

  const name = match(namePattern, expression, at)?.toLowerCase();
  if (name)
    return { type: name === 'mod' && endsOperand(previous) ? 'mod' : 'name', text: name, at };

  if (expression.startsWith('**', at)) return { type: '^', text: '**', at };
  const symbol = symbols.find((candidate) => expression.startsWith(candidate, at));
  if (symbol === '%' && match(operandPattern, expression, at + 1))
    return { type: 'mod', text: '%', at };
  if (symbol) return { type: symbol, text: symbol, at };
  const character = String.fromCodePoint(expression.codePointAt(at) ?? 0);
  throw refusal({ problem: `Unexpected character ${quote(character)}`, at });
}

function endsOperand(token: Token | undefined): boolean {
  return token !== undefined && ['number', 'name', ')', '%', '!'].includes(token.type);
}

function parseNumber(text: string, at: number): Value {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().replaceAll(',', '').split('e');
  const [whole = '', decimals = ''] = mantissa.split('.');
  if (Math.abs(Number(exponent)) > MAX_EXPONENT) {
    throw refusal({
      problem: 'The exponent is out of range',
      at,
      remedy: `Exponents from -${MAX_EXPONENT} to ${MAX_EXPONENT} are allowed.`,
    });
  }
  const shift = Number(exponent) - decimals.length;
  const digits = BigInt(whole + decimals);
  return shift < 0
    ? exact(digits, 10n ** BigInt(-shift), at)
    : exact(digits * 10n ** BigInt(shift), 1n, at);
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
