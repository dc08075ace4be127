import { constants, functions } from './calculator-functions.ts';
import type { CalculatorFunction } from './calculator-functions.ts';
import { quote, refusal } from './calculator-refusal.ts';
import { tokenize } from './calculator-tokens.ts';
import type { Token } from './calculator-tokens.ts';
import type { Value } from './calculator-value.ts';

/** Everything an expression can be. What is not in this list cannot be evaluated. */
export type SyntaxNode =
  | { type: 'number'; value: Value }
  | { type: 'negate'; operand: SyntaxNode }
  | { type: 'percent'; operand: SyntaxNode; at: number }
  | { type: 'binary'; operator: BinaryOperator; left: SyntaxNode; right: SyntaxNode; at: number }
  | { type: 'call'; call: CalculatorFunction; inputs: SyntaxNode[]; at: number };

type BinaryOperator = '+' | '-' | '*' | '/' | 'mod' | '^';

/** An expression larger than this is refused; parsing and evaluating recurse no deeper than `nesting`. */
const limits = { nodes: 100, nesting: 32 } as const;

/**
 * Turns an expression into a tree of known operators, functions and numbers. From loose to tight:
 * `+ -`, then `* / mod`, then signs, then `^` (from the right), then `!` and percent.
 */
export function parseExpression(expression: string): SyntaxNode {
  const tokens = tokenize(expression);
  let position = 0;
  let nodes = 0;
  let nesting = 0;

  const tree = parseOperation(0);
  const rest = tokens[position];
  if (rest) throw unexpected(rest);
  return tree;

  /** Reads operands and operators for as long as the operators bind at least as tightly as asked. */
  function parseOperation(tightness: number): SyntaxNode {
    nesting += 1;
    if (nesting > limits.nesting) throw tooDeep(tokens[position]?.at);
    let left = parseOperand();
    for (;;) {
      const token = tokens[position];
      const found = token && binaryOperators[token.type];
      if (!found || found.tightness < tightness) break;
      position += 1;
      const right = parseOperation(found.rightTightness);
      left = count({ type: 'binary', operator: found.operator, left, right, at: token.at });
    }
    nesting -= 1;
    return left;
  }

  function parseOperand(): SyntaxNode {
    let operand = parsePrefix();
    for (;;) {
      const token = tokens[position];
      if (token?.type === '!') operand = callOf('factorial', [operand], token.at);
      else if (token?.type === '%') operand = count({ type: 'percent', operand, at: token.at });
      else return operand;
      position += 1;
    }
  }

  function parsePrefix(): SyntaxNode {
    const token = tokens[position];
    if (!token) throw endedEarly(expression);
    position += 1;
    switch (token.type) {
      case 'number':
        return count({ type: 'number', value: token.value });
      case '-':
        return count({ type: 'negate', operand: parseOperation(SIGN) });
      case '+':
        return parseOperation(SIGN);
      case '√':
        return callOf('sqrt', [parseOperand()], token.at);
      case '(':
        return closed(token, parseOperation(0));
      case 'name':
        return parseName(token.text, token.at);
      default:
        throw unexpected(token);
    }
  }

  function parseName(name: string, at: number): SyntaxNode {
    const opening = tokens[position];
    const constant = constants.get(name);
    if (constant) return count({ type: 'number', value: constant });
    if (!functions.has(name)) throw unknownName(name, at);
    if (opening?.type !== '(') throw bracketsMissing(name, at);
    position += 1;
    return closed(opening, callOf(name, parseInputs(), at));
  }

  function parseInputs(): SyntaxNode[] {
    const inputs: SyntaxNode[] = [];
    if (tokens[position]?.type === ')') return inputs;
    inputs.push(parseOperation(0));
    while (tokens[position]?.type === ',') {
      position += 1;
      inputs.push(parseOperation(0));
    }
    return inputs;
  }

  function closed(opening: Token, inner: SyntaxNode): SyntaxNode {
    const token = tokens[position];
    if (token?.type !== ')') {
      if (token) throw unexpected(token);
      throw refusal({ problem: 'No ")" closes the "("', at: opening.at, remedy: 'Add ")".' });
    }
    position += 1;
    return inner;
  }

  function callOf(name: string, inputs: SyntaxNode[], at: number): SyntaxNode {
    const call = functions.get(name);
    if (!call) throw unknownName(name, at);
    const [least, most] = call.inputs;
    if (inputs.length < least || inputs.length > most) throw wrongInputs(name, call, inputs, at);
    return count({ type: 'call', call, inputs, at });
  }

  function count(node: SyntaxNode): SyntaxNode {
    nodes += 1;
    if (nodes > limits.nodes) throw tooMany();
    return node;
  }
}

const SIGN = 3;

/** Left-associative operators take a tighter operation on their right, `^` one just as tight. */
const binaryOperators: Partial<
  Record<
    Token['type'],
    { operator: BinaryOperator; tightness: number; rightTightness: number } | undefined
  >
> = {
  '+': { operator: '+', tightness: 1, rightTightness: 2 },
  '-': { operator: '-', tightness: 1, rightTightness: 2 },
  '*': { operator: '*', tightness: 2, rightTightness: 3 },
  '/': { operator: '/', tightness: 2, rightTightness: 3 },
  mod: { operator: 'mod', tightness: 2, rightTightness: 3 },
  '^': { operator: '^', tightness: 4, rightTightness: 4 },
};

function unexpected(token: Token) {
  return refusal({
    problem: `Unexpected ${quote(token.text)}`,
    at: token.at,
    remedy: remedies[token.type] ?? 'Write an operator between two numbers: 2*pi, 2*(3+4).',
  });
}

const remedies: Partial<Record<Token['type'], string>> = {
  ',': 'A comma separates thousands (1,250) or the inputs of a function; write decimals with a point (3.5).',
  ')': 'Check that every ")" has its "(" and that something stands between them.',
  '*': 'Put a number, a name or a bracket before it.',
  '/': 'Put a number, a name or a bracket before it.',
  '^': 'Put a number, a name or a bracket before it.',
  '%': 'Put a number, a name or a bracket before it.',
  mod: 'Put a number, a name or a bracket before it.',
  '!': 'Put a number, a name or a bracket before it.',
};

function endedEarly(expression: string) {
  return refusal({
    problem: expression === '' ? 'The expression is empty' : 'The expression ends too early',
    ...(expression !== '' && { at: expression.length }),
  });
}

function unknownName(name: string, at: number) {
  const known = [...constants.keys(), ...functions.keys()].join(', ');
  return refusal({
    problem: `Unknown name ${quote(name)}`,
    at,
    remedy: `Known names: ${known}.`,
  });
}

function bracketsMissing(name: string, at: number) {
  return refusal({
    problem: `The function ${name} has no brackets`,
    at,
    remedy: `Write ${name}(…).`,
  });
}

function wrongInputs(
  name: string,
  { inputs: [least, most] }: CalculatorFunction,
  inputs: readonly SyntaxNode[],
  at: number,
) {
  const expected =
    most === least ? `${least}` : most === Infinity ? `${least} or more` : `${least} to ${most}`;
  return refusal({
    problem: `${name} takes ${expected} ${most === 1 ? 'input' : 'inputs'} and got ${inputs.length}`,
    at,
    remedy: 'Inside the brackets of a function, commas separate inputs.',
  });
}

function tooDeep(at: number | undefined) {
  return refusal({
    problem: 'Too deeply nested',
    ...(at !== undefined && { at }),
    remedy: `At most ${limits.nesting} levels are allowed; split the calculation.`,
  });
}

function tooMany() {
  return refusal({
    problem: 'The expression has too many parts',
    remedy: `At most ${limits.nodes} numbers and operations are allowed; split the calculation.`,
  });
}
