import { z } from 'zod';
import { defineTool } from '../define-tool.ts';
import type { AnyturnTool } from '../define-tool.ts';
import { refusal } from './calculator-refusal.ts';
import { parseExpression } from './calculator-syntax.ts';
import type { SyntaxNode } from './calculator-syntax.ts';
import { normalizeExpression } from './calculator-tokens.ts';
import {
  add,
  divide,
  integer,
  modulo,
  multiply,
  negate,
  power,
  subtract,
  toResult,
} from './calculator-value.ts';
import type { Value } from './calculator-value.ts';

export interface Calculation {
  /** The expression as it was understood, in plain ASCII operators. */
  expression: string;
  /** A finite number; for a whole number beyond 2^53 a string with all its digits. */
  result: number | string;
  /** True when the result was rounded (to 15 significant digits), as in 1/3 or sqrt(2). */
  approximate?: true;
}

/** Does arithmetic. Reads nothing and changes nothing, so it needs no approval. See {@link calculate}. */
export const calculator: AnyturnTool<{ expression: string }, Calculation> = defineTool({
  description:
    'Calculate an arithmetic expression exactly. Use it for every calculation instead of doing it in your head.',
  inputSchema: z.object({
    expression: z
      .string()
      .describe(
        'For example "17*23", "(3.5+4)/2", "15% of 80", "2^10", "sqrt(2)", "round(10/3, 2)". ' +
          'Numbers and operators only, no units and no currency signs. Angles are in radians.',
      ),
  }),
  execute: ({ expression }): Calculation => calculate(expression),
});

/**
 * Calculates an arithmetic expression without `eval`: it is parsed into a tree of allowed operations,
 * and the tree is computed in fractions for as long as the numbers allow, so that 0.1 + 0.2 is 0.3.
 *
 * - `+ - * / ^`, brackets, `5!`, `√2`; also `**`, `×`, `÷`, `−`, `²`, full-width characters, `17 x 23` and a final `=`.
 * - `-3^2` is -9 and `2^3^2` is 2^9.
 * - `%` before a number, a name or a bracket is the modulo, with the sign of the divisor (`10 % 3` is 1, `-7 mod 3`
 *   is 2); anywhere else a percentage: `15%` is 0.15, `15% of 80` is 12, `200 + 10%` is 220, `5% + 3%` is 0.08.
 * - A comma separates thousands (`1,250`), but inputs directly inside the brackets of a function: `max(1,250)` is 250.
 * - Constants `pi`, `e`, `tau`. Functions sqrt, cbrt, abs, floor, ceil, trunc, round(x, places), exp, ln, log2, log10,
 *   log (base 10, or `log(x, base)`), sin, cos, tan, asin, acos, atan (radians), pow, mod, min, max, hypot, factorial.
 *
 * Limits: 200 characters, 100 numbers and operations, 32 levels, results up to about 1.8e308.
 *
 * @throws {AnyturnError} code `bad_request`; the message says what is wrong, at which character of the
 * normalized expression, and what is allowed instead.
 */
export function calculate(expression: string): Calculation {
  if (expression.length > MAX_RAW_CHARACTERS) throw tooLong();
  const normalized = normalizeExpression(expression);
  if (normalized.length > MAX_CHARACTERS) throw tooLong();
  const value = evaluate(parseExpression(normalized));
  return { expression: normalized, ...toResult(value) };
}

const MAX_CHARACTERS = 200;
/** Normalizing removes spaces and little else, so a longer text is refused before any work. */
const MAX_RAW_CHARACTERS = 1_000;
const hundred = integer(100n);

function evaluate(node: SyntaxNode): Value {
  switch (node.type) {
    case 'number':
      return node.value;
    case 'negate':
      return negate(evaluate(node.operand));
    case 'percent':
      return divide(evaluate(node.operand), hundred, node.at);
    case 'call':
      return node.call.apply(node.inputs.map(evaluate), node.at);
    case 'binary':
      return evaluateBinary(node);
  }
}

function evaluateBinary({
  operator,
  left,
  right,
  at,
}: Extract<SyntaxNode, { type: 'binary' }>): Value {
  const a = evaluate(left);
  const b = evaluate(right);
  // "200 + 10%" means 10 % of the 200, as on every pocket calculator; "5% + 3%" is a plain sum.
  const isShare = right.type === 'percent' && left.type !== 'percent';
  switch (operator) {
    case '+':
      return add(a, isShare ? multiply(a, b, at) : b, at);
    case '-':
      return subtract(a, isShare ? multiply(a, b, at) : b, at);
    case '*':
      return multiply(a, b, at);
    case '/':
      return divide(a, b, at);
    case 'mod':
      return modulo(a, b, at);
    case '^':
      return power(a, b, at);
  }
}

function tooLong() {
  return refusal({
    problem: 'The expression is too long',
    remedy: `At most ${MAX_CHARACTERS} characters are allowed; split the calculation.`,
  });
}
