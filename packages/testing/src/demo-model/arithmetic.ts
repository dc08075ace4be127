import { parseArithmetic, parseContinuation } from './arithmetic-parser.ts';
import { tokenizeArithmetic, type ArithmeticToken } from './arithmetic-token.ts';
import type { Expression } from './expression.ts';

export interface Calculation {
  readonly start: number;
  readonly end: number;
  readonly expression: Expression;
}

/**
 * Finds the arithmetic in a marked prompt: from each number on, the longest run that is a valid expression.
 *
 * `-`, `/` and `x` also stand in dates, ranges and sizes. A run held together by these alone counts only when a
 * question or an equals sign is next to it, or when it is a clause of its own.
 */
export function findCalculations(text: string): Calculation[] {
  const tokens = tokenizeArithmetic(text);
  const found: Calculation[] = [];
  let position = 0;
  while (position < tokens.length) {
    const parsed = parseArithmetic(tokens, position);
    if (!parsed) {
      position += 1;
      continue;
    }
    // Half an expression would be a wrong answer.
    if (parsed.isCut) return [];
    const start = tokens[position]?.start ?? 0;
    const end = tokens[parsed.next - 1]?.end ?? start;
    if (isMeant(text, tokens.slice(position, parsed.next), start, end)) {
      found.push({ start, end, expression: parsed.expression });
    }
    position = parsed.next;
  }
  return found;
}

/** Reads a message that goes on from an earlier calculation: "times 2", "and minus 5?", "再加十呢". */
export function continueCalculation(text: string, earlier: Expression): Expression | undefined {
  const rest = text.replace(
    /^\s*(?:what (?:about|if)|how about|now|ok(?:ay)?|and what is|那么?|如果)[\s,]*/iu,
    '',
  );
  return parseContinuation(tokenizeArithmetic(rest), earlier);
}

/** A question that asks for a number, right before the expression. */
const askedBefore =
  /(?:what(?:'?s| is| are| does)|calculate|compute|evaluate|solve|simplify|how much(?: is|'s| would| are| does)?|tell me|give me|find|work out|figure out|equals?|=|result of|value of|answer to|math|算(?:一下|算|出)?|计算(?:一下)?|求|等于)\s*(?:the |of |me |for )?\s*[:"'(,]*\s*$/iu;
const askedBehind = /^["')]*\s*(?:=|equals?\b|等于|是多少|得多少|得几|是几|多少)/iu;

/** Words whose numbers are names of something. */
const namedBefore =
  /(?:call|phone|tel|numbers?|fax|dial|mobile|order|ticket|invoice|id|room|flight|pages?|zip|code|isbn|score|won|lost|version|chapter|section|size|ages?|aged|from|between|open|hours?|电话|手机|号码|拨打|订单|编号|单号|房间|航班|邮编|身份证|比分|版本)\s*[:#.]?\s*(?:is|no\.?|number|to|at|me|on|是|为|号)?\s*[:#.]?\s*$/iu;

const clauseBefore =
  /(?:^|[.?!;:,。、\n\uE000-\uE2FF"(]|\band|\bplus|\balso|\bthen|\bplease|\bhi|\bhello|请|和|以及|还有|另外|顺便|再)\s*$/iu;
const clauseBehind =
  /^["')]*\s*(?:$|[.?!;,。、\n\uE000-\uE2FF]|and\b|plus\b|also\b|then\b|please\b|thanks?\b|rounded\b|to\b|in\b|be\b|和|以及|还有|另外|顺便|呢|吗)/iu;

function isMeant(
  text: string,
  tokens: readonly ArithmeticToken[],
  start: number,
  end: number,
): boolean {
  if (tokens.some(isStrong)) return true;
  const before = text.slice(Math.max(0, start - 40), start);
  const behind = text.slice(end, end + 12);
  if (namedBefore.test(before)) return false;
  if (/^\s*=/u.test(behind)) return true;
  if (!clauseBehind.test(behind) && !askedBehind.test(behind)) return false;
  if (askedBefore.test(before) || askedBehind.test(behind)) return true;
  const isWhole = text.trim().length - (end - start) <= 3;
  return clauseBefore.test(before) && (isWhole || !looksLikeDate(text.slice(start, end)));
}

/** Signs and words that mean arithmetic wherever they stand between numbers. */
function isStrong(token: ArithmeticToken): boolean {
  if (token.type === 'operator') return !token.isWeak;
  return token.type === 'function' || token.type === 'word' || token.type === 'fraction';
}

function looksLikeDate(text: string): boolean {
  const [, first, sign, second] = /^(\d{1,4})\s?([-/])\s?(\d{1,4})$/u.exec(text) ?? [];
  if (sign === '/') return [first, second].every((part) => Number(part) >= 1 && Number(part) <= 31);
  return sign !== undefined;
}
