import type { ArithmeticToken, ArithmeticWord } from './arithmetic-token.ts';
import {
  average,
  binary,
  call,
  number,
  sum,
  type Expression,
  type Operator,
} from './expression.ts';

export interface ParsedExpression {
  readonly expression: Expression;
  /** Index of the token behind the expression. */
  readonly next: number;
  /** The expression has more operations than are read; it is only a part of what the user wrote. */
  readonly isCut: boolean;
}

/** Reads the longest expression that begins with the token at `start`. `undefined` when there is no operation in it. */
export function parseArithmetic(
  tokens: readonly ArithmeticToken[],
  start: number,
): ParsedExpression | undefined {
  const parser = new Parser(tokens, start);
  const expression = parser.parse();
  if (!expression || !isOperation(expression)) return undefined;
  return { expression, next: parser.position, isCut: parser.isCut };
}

/** Reads what goes on from an earlier result: "times 2", "and add 5 to it", "再乘以3". */
export function parseContinuation(
  tokens: readonly ArithmeticToken[],
  earlier: Expression,
): Expression | undefined {
  const parser = new Parser(tokens, 0);
  const expression = parser.continueFrom(earlier, { isFollowUp: true });
  return expression === earlier ? undefined : expression;
}

/** Brackets, signs and roots inside each other deeper than this are not read. */
const maxDepth = 24;
/** Expressions with more operations are not read: the tree is walked recursively. */
const maxOperations = 400;
/** Longer lists are not read: "the sum of …". */
const maxInputs = 64;

const tightness: Record<Operator, number> = { '+': 1, '-': 1, '*': 2, '/': 2, '%': 2, '^': 4 };

/** What each prefix word makes of the operand behind it. */
const prefixes: Partial<Record<ArithmeticWord, (operand: Expression) => Expression>> = {
  'square-root': (operand) => call('sqrt', operand),
  'cube-root': (operand) => call('cbrt', operand),
  'factorial-of': (operand) => call('factorial', operand),
  'square-of': (operand) => binary('^', operand, number(2)),
  'cube-of': (operand) => binary('^', operand, number(3)),
  negative: (operand) => ({ type: 'negative', operand }),
  half: (operand) => binary('/', operand, number(2)),
  double: (operand) => binary('*', number(2), operand),
  triple: (operand) => binary('*', number(3), operand),
  minuend: (operand) => operand,
};

/** What each postfix word makes of the operand before it. */
const postfixes: Partial<Record<ArithmeticWord, (operand: Expression) => Expression>> = {
  squared: (operand) => binary('^', operand, number(2)),
  cubed: (operand) => binary('^', operand, number(3)),
};

/** Chinese roots and shares stand behind their number, and read it when no number follows them. */
const trailingPostfixes: Partial<Record<ArithmeticWord, (operand: Expression) => Expression>> = {
  'square-root': (operand) => call('sqrt', operand),
  'cube-root': (operand) => call('cbrt', operand),
  'factorial-of': (operand) => call('factorial', operand),
  half: (operand) => binary('/', operand, number(2)),
};

type ListForm = (
  inputs: readonly [Expression, Expression, ...Expression[]],
  joint: ArithmeticWord,
) => Expression | undefined;

/** Nouns over a list: "the sum of 3, 4 and 5", "3、4和5的和". */
const nounForms: Partial<Record<ArithmeticWord, ListForm>> = {
  sum: (inputs) => sum(inputs),
  average: (inputs) => average(inputs),
  product: (inputs) => inputs.reduce((left, right) => binary('*', left, right)),
  difference: ([first, second]) => binary('-', first, second),
  quotient: ([first, second]) => binary('/', first, second),
};

/** Verbs before a list: "add 5 and 7", "subtract 3 from 10", "increase 80 by 15%". */
const verbForms: Partial<Record<ArithmeticWord, ListForm>> = {
  ...nounForms,
  add: (inputs) => sum(inputs),
  multiply: (inputs) => inputs.reduce((left, right) => binary('*', left, right)),
  divide: ([first, second]) => binary('/', first, second),
  subtract: ([first, second], joint) =>
    joint === 'from' ? binary('-', second, first) : binary('-', first, second),
  increase: ([first, second], joint) => (joint === 'by' ? combine('+', first, second) : undefined),
  decrease: ([first, second], joint) => (joint === 'by' ? combine('-', first, second) : undefined),
};

const verbOperators: Partial<Record<ArithmeticWord, Operator>> = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
};

const joints: ReadonlySet<ArithmeticWord> = new Set(['and', 'by', 'to', 'from', 'the']);

/** A precedence parser that gives up quietly: what cannot be read is left for the rest of the rules. */
class Parser {
  position: number;
  readonly #tokens: readonly ArithmeticToken[];
  readonly #start: number;
  #depth = 0;
  #operations = 0;

  constructor(tokens: readonly ArithmeticToken[], start: number) {
    this.#tokens = tokens;
    this.#start = start;
    this.position = start;
  }

  get isCut(): boolean {
    return this.#operations > maxOperations;
  }

  parse(): Expression | undefined {
    const list = this.#parseVerb() ?? this.#parseNounBehind();
    const expression = list ? this.#parseOperators(list, 0) : this.#parseOperation(0);
    return expression && this.continueFrom(expression);
  }

  /** "…, then multiply by 2", "…, and add 3 to it", "…再除以4". */
  continueFrom(expression: Expression, { isFollowUp = false } = {}): Expression {
    let left = expression;
    for (;;) {
      const before = this.position;
      const isThen = this.#skipFillers() || isFollowUp;
      const next = this.#continueOnce(left, isThen);
      if (!next || this.#countsTooMany()) {
        this.position = before;
        return left;
      }
      left = next;
    }
  }

  #continueOnce(left: Expression, isThen: boolean): Expression | undefined {
    const token = this.#next();
    if (token?.type === 'operator' && isThen) {
      const right = this.#parseOperation(tightness[token.operator] + 1);
      return right && combine(token.operator, left, right);
    }
    if (token?.type !== 'word') return undefined;
    if (isThen && postfixes[token.word]) return postfixes[token.word]?.(left);
    const operator = verbOperators[token.word];
    if (!operator) return undefined;
    this.#takes('it');
    this.#readJoint();
    const right = this.#parseOperation(2);
    if (!right) return undefined;
    if (this.#takes('to') || this.#takes('from')) this.#takes('it');
    return combine(operator, left, right);
  }

  #skipFillers(): boolean {
    let isThen = false;
    for (;;) {
      const token = this.#peek();
      const isComma = token?.type === ',';
      const word = token?.type === 'word' ? token.word : undefined;
      if (!isComma && word !== 'and' && word !== 'then' && word !== 'it') return isThen;
      isThen ||= word === 'then';
      this.position += 1;
    }
  }

  #parseOperation(least: number): Expression | undefined {
    if (this.#depth >= maxDepth) {
      // Trying the shorter readings of something this deep would take time without end.
      this.#operations = Infinity;
      return undefined;
    }
    this.#depth += 1;
    const operand = this.#parseOperand();
    const expression = operand && this.#parseOperators(operand, least);
    this.#depth -= 1;
    return expression;
  }

  #parseOperators(operand: Expression, least: number): Expression {
    let left = operand;
    for (;;) {
      const before = this.position;
      // 3加5的和乘以2: the noun closes what came before it, as a bracket does.
      if (least === 0) this.#skipClosingNoun();
      const isImplied = this.#isImpliedProduct(left);
      const operator = isImplied ? '*' : this.#operatorAfter(left);
      if (!operator || tightness[operator] < least) {
        this.position = before;
        return left;
      }
      if (!isImplied) this.position += 1;
      const right = this.#parseOperation(operator === '^' ? 4 : tightness[operator] + 1);
      if (!right || this.#countsTooMany()) {
        this.position = before;
        return left;
      }
      left = combine(operator, left, right);
    }
  }

  #operatorAfter(left: Expression): Operator | undefined {
    const token = this.#peek();
    if (token?.type === 'operator') return token.operator;
    if (token?.type !== 'word') return undefined;
    // "of" multiplies a share only: 15% of 80, 3/4 of 200.
    const isQuotient = left.type === 'binary' && left.operator === '/';
    if (token.word === 'of' && (left.type === 'percent' || isQuotient)) return '*';
    return token.word === 'tip' && left.type === 'percent' ? '*' : undefined;
  }

  /** 2(3+4), (1+2)(3+4) */
  #isImpliedProduct(left: Expression): boolean {
    const token = this.#peek();
    const previous = this.#tokens[this.position - 1];
    const isFactor = left.type === 'number' || previous?.type === ')';
    return token?.type === '(' && previous?.end === token.start && isFactor;
  }

  #skipClosingNoun(): void {
    const token = this.#peek();
    const noun = this.#tokens[this.position + 1];
    if (token?.type !== 'word' || token.word !== 'han-of' || noun?.type !== 'word') return;
    if (noun.word === 'and' || Object.hasOwn(nounForms, noun.word)) this.position += 2;
  }

  #parseOperand(): Expression | undefined {
    let operand = this.#parsePrefix();
    while (operand) {
      const before = this.position;
      const next = this.#parsePostfix(operand);
      if (!next || this.#countsTooMany()) {
        this.position = before;
        break;
      }
      operand = next;
    }
    return operand;
  }

  #parsePrefix(): Expression | undefined {
    const before = this.position;
    while (this.#takes('the'));
    const token = this.#next();
    const expression = token && this.#parsePrefixOf(token);
    if (!expression) this.position = before;
    return expression;
  }

  #parsePrefixOf(token: ArithmeticToken): Expression | undefined {
    switch (token.type) {
      case 'operand':
        return this.#parseFraction(token.expression) ?? token.expression;
      case 'fraction':
        return this.#parseShareOf(number(1), token.size);
      case 'operator':
        return token.operator === '-' ? this.#prefixed('negative') : undefined;
      case 'function':
        return this.#parseCall(token.name);
      case '(':
        return this.#parseBrackets();
      case 'word':
        if (token.word === 'half') this.#takes('of');
        return this.#prefixed(token.word);
      default:
        return undefined;
    }
  }

  #prefixed(word: ArithmeticWord): Expression | undefined {
    const apply = prefixes[word];
    const operand = apply && this.#parseTight();
    return operand && apply(operand);
  }

  /** An operand with its powers and percent sign: what "square root of" and its like apply to. */
  #parseTight(): Expression | undefined {
    return this.#parseOperation(4);
  }

  #parsePostfix(operand: Expression): Expression | undefined {
    const token = this.#next();
    if (token?.type === '!') return call('factorial', operand);
    if (token?.type !== 'word') return undefined;
    if (token.word === 'percent') return this.#parsePercent(operand);
    if (token.word === 'han-of') return this.#parseHanOf(operand);
    if (this.#isOperandNext()) return postfixes[token.word]?.(operand);
    return (postfixes[token.word] ?? trailingPostfixes[token.word])?.(operand);
  }

  #isOperandNext(): boolean {
    return ['operand', '(', 'function'].includes(this.#peek()?.type ?? '');
  }

  /** 15%, and also 20% off 80. */
  #parsePercent(operand: Expression): Expression | undefined {
    if (operand.type === 'percent') return undefined;
    const percent: Expression = { type: 'percent', operand };
    const before = this.position;
    if (this.#takes('off') || this.#takes('discount')) {
      const whole = this.#parseTight();
      if (whole) return binary('*', whole, binary('-', number(1), percent));
      this.position = before;
    }
    return percent;
  }

  /** 80的15%, 90的三分之一, 12的3倍, 2的10次方. */
  #parseHanOf(operand: Expression): Expression | undefined {
    const token = this.#next();
    if (token?.type !== 'operand') return undefined;
    const part = token.expression;
    if (this.#takes('times-of')) return binary('*', operand, part);
    if (this.#takes('power')) return binary('^', operand, part);
    if (this.#takes('percent')) return binary('*', operand, { type: 'percent', operand: part });
    return part.type === 'percent' || part.type === 'binary'
      ? binary('*', operand, part)
      : undefined;
  }

  /** "two thirds of 90" */
  #parseFraction(count: Expression): Expression | undefined {
    const token = this.#peek();
    if (token?.type !== 'fraction') return undefined;
    const before = this.position;
    this.position += 1;
    const share = this.#parseShareOf(count, token.size);
    if (!share) this.position = before;
    return share;
  }

  #parseShareOf(count: Expression, size: number): Expression | undefined {
    const whole = this.#takes('of') ? this.#parseTight() : undefined;
    return whole && binary('*', binary('/', count, number(size)), whole);
  }

  #parseBrackets(): Expression | undefined {
    const inner = this.#parseOperation(0);
    return inner && this.#next()?.type === ')' ? inner : undefined;
  }

  #parseCall(name: string): Expression | undefined {
    if (this.#next()?.type !== '(') return undefined;
    const inputs: Expression[] = [];
    for (;;) {
      const input = this.#parseOperation(0);
      if (!input) return undefined;
      inputs.push(input);
      const token = this.#next();
      if (token?.type === ')') return call(name, ...inputs);
      if (token?.type !== ',') return undefined;
    }
  }

  #parseVerb(): Expression | undefined {
    while (this.#takes('the'));
    const token = this.#next();
    const form = token?.type === 'word' ? verbForms[token.word] : undefined;
    return this.#orBack(form && this.#applyForm(form));
  }

  /** The noun behind its list, as in Chinese. */
  #parseNounBehind(): Expression | undefined {
    const list = this.#parseInputs();
    const hasOf = this.#takes('han-of');
    const token = this.#next();
    const word = token?.type === 'word' ? token.word : undefined;
    // 和 joins a list, and behind it means the sum.
    const form = word === 'and' && hasOf ? nounForms.sum : word && nounForms[word];
    return this.#orBack(form && hasTwo(list.inputs) ? form(list.inputs, list.joint) : undefined);
  }

  #orBack(expression: Expression | undefined): Expression | undefined {
    if (!expression) this.position = this.#start;
    return expression;
  }

  #applyForm(form: ListForm): Expression | undefined {
    const { inputs, joint } = this.#parseInputs();
    return hasTwo(inputs) ? form(inputs, joint) : undefined;
  }

  /** Operands with joints between them, and the last joint. */
  #parseInputs(): { inputs: Expression[]; joint: ArithmeticWord } {
    const inputs: Expression[] = [];
    let last: ArithmeticWord = 'and';
    while (inputs.length < maxInputs) {
      const before = this.position;
      const joint = inputs.length > 0 ? this.#readJoint() : 'and';
      const input = joint && this.#parseOperation(2);
      if (!input) {
        this.position = before;
        break;
      }
      last = joint;
      inputs.push(input);
    }
    return { inputs, joint: last };
  }

  #readJoint(): ArithmeticWord | undefined {
    let joint: ArithmeticWord | undefined;
    for (;;) {
      const token = this.#peek();
      if (token?.type === ',') joint ??= 'and';
      else if (token?.type === 'word' && joints.has(token.word)) joint = token.word;
      else return joint;
      this.position += 1;
    }
  }

  #countsTooMany(): boolean {
    this.#operations += 1;
    return this.isCut;
  }

  #takes(word: ArithmeticWord): boolean {
    const token = this.#peek();
    if (token?.type !== 'word' || token.word !== word) return false;
    this.position += 1;
    return true;
  }

  #peek(): ArithmeticToken | undefined {
    return this.#tokens[this.position];
  }

  #next(): ArithmeticToken | undefined {
    const token = this.#peek();
    this.position += 1;
    return token;
  }
}

/** "200 + 10%" means 10 percent of the 200, as on a pocket calculator; "5% + 3%" is a plain sum. */
function combine(operator: Operator, left: Expression, right: Expression): Expression {
  const isShare = right.type === 'percent' && left.type !== 'percent';
  if (isShare && (operator === '+' || operator === '-')) {
    return binary('*', left, binary(operator, number(1), right));
  }
  return binary(operator, left, right);
}

/** A sign alone is none, but it belongs to the operation behind it: `-3^2`. */
function isOperation(expression: Expression): boolean {
  const { type } = expression;
  if (type === 'negative') return isOperation(expression.operand);
  return type === 'binary' || type === 'call';
}

function hasTwo(inputs: Expression[]): inputs is [Expression, Expression, ...Expression[]] {
  return inputs.length >= 2;
}
