import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnyturnError } from '../errors.ts';
import { calculate, calculator } from './calculator.ts';

const hostile = [
  'constructor',
  '__proto__',
  'toString',
  'process',
  'sqrt(',
  'max(',
  'round(',
  'factorial(',
  'pow(',
  'log(',
  '(((((((',
  ')))))))',
  '9^9^9^9',
  '10**308',
  '170!',
  '1e308',
  '1e-308',
  '!!!',
  '^-',
  'pi',
  'mod',
  ' of ',
  '，',
  '９',
  '\u0000',
  '\ud800',
];

const numRuns = process.env['ANYTURN_TEST_FULL'] ? 10_000 : 1_000;

test('the tool answers with the expression as understood and its number', async () => {
  const context = { toolCallId: 'call-1', messages: [], context: undefined };
  const output = await calculator.execute({ expression: '１７ × ２３ ＝ ？' }, context);
  expect(output).toEqual({ expression: '17 * 23', result: 391 });
});

describe('exact results', () => {
  test.each([
    ['17*23', 391],
    ['0.1+0.2', 0.3],
    ['99.99*3', 299.97],
    ['1/3*3', 1],
    ['2+3*4', 14],
    ['(2+3)*4', 20],
    ['8/2*(2+2)', 16],
    ['-3^2', -9],
    ['2^3^2', 512],
    ['2**10', 1024],
    ['2^-2', 0.25],
    ['0^0', 1],
    ['2*-3', -6],
    ['5--3', 8],
    ['6÷4−0.5', 1],
    ['17 x 23', 391],
    ['3²+4²', 25],
    ['√16+9', 13],
    ['sqrt(0.25)', 0.5],
    ['16^0.5', 4],
    ['cbrt(-27)', -3],
    ['hypot(3,4)', 5],
    ['sqrt(0)+cbrt(0)+hypot(0,0)', 0],
    ['5!+factorial(3)', 126],
    ['1.5e3+.5', 1500.5],
    ['(72-32)*5/9', 22.2222222222222],
    ['round(2.345, 2)', 2.35],
    ['round(-2.5)', -3],
    ['floor(-1.5)+ceil(1.2)+trunc(-1.9)', -1],
    ['log(1000)+log2(8)+log(81,3)', 10],
    ['abs(-4)+min(3,1,2)+max(1,7)', 12],
    ['SQRT(4)', 2],
    ['ln(e)+exp(0)', 2],
    ['asin(1)/pi+acos(0)/pi+atan(0)', 1],
    ['-7.5 mod pi*0+tau/pi', 2],
    ['9007199254740991', 9007199254740991],
    ['17*23 = ?', 391],
  ])('%s is %d', (expression, result) => {
    expect(calculate(expression).result).toBe(result);
  });

  test('whole numbers beyond 2^53 keep every digit, as a string', () => {
    expect(calculate('2^64+1')).toEqual({ expression: '2^64+1', result: '18446744073709551617' });
    expect(calculate('25!').result).toBe('15511210043330985984000000');
    expect(calculate('2^1023+2^1022').result).toHaveLength(309);
  });

  test('a rounded result says so and an exact one does not', () => {
    expect(calculate('1/3')).toEqual({
      expression: '1/3',
      result: 0.333333333333333,
      approximate: true,
    });
    expect(calculate('sqrt(2)')).toMatchObject({ result: 1.4142135623731, approximate: true });
    expect(calculate('1/8')).toEqual({ expression: '1/8', result: 0.125 });
  });

  test('the value of a rounded angle is the one a person expects', () => {
    expect(calculate('sin(pi)').result).toBe(0);
    expect(calculate('cos(60*pi/180)').result).toBe(0.5);
    expect(calculate('tan(pi/4)').result).toBe(1);
  });
});

describe('percent and modulo', () => {
  test.each([
    ['15%', 0.15],
    ['15% of 80', 12],
    ['80 * 15%', 12],
    ['200 + 10%', 220],
    ['100 - 5% - 3%', 92.15],
    ['5% + 3%', 0.08],
    ['-10%', -0.1],
    ['10 % 3', 1],
    ['10%(-3)', -2],
    ['-7 mod 3', 2],
    ['mod(7.5, 2)', 1.5],
    ['10%-3', -2.9],
  ])('%s is %d', (expression, result) => {
    expect(calculate(expression).result).toBe(result);
  });
});

describe('commas', () => {
  test.each([
    ['1,250*2', 2500],
    ['１，２５０＋１', 1251],
    ['1,234,567.5', 1234567.5],
    ['max(1,250)', 250],
    ['max((1,250), 3)', 1250],
    ['round(1,2)', 1],
  ])('%s is %d', (expression, result) => {
    expect(calculate(expression).result).toBe(result);
  });
});

describe('refusals say what is wrong, where, and what is allowed', () => {
  test.each([
    ['1/0', 'Division by zero at position 2. Change the divisor to a number other than 0.'],
    ['5 mod (2-2)', 'Division by zero at position 3. Change the divisor to a number other than 0.'],
    ['0^-1', 'Division by zero at position 2.'],
    ['9^9^9', 'The result is too large at position 2. Results up to about 1.8e308 are allowed.'],
    ['171!', 'A factorial needs a whole number from 0 to 170 at position 4.'],
    ['factorial(2.5)', 'A factorial needs a whole number from 0 to 170 at position 1.'],
    ['1e999', 'The exponent is out of range at position 1.'],
    ['sqrt(-1)', 'The result is not a real number at position 1.'],
    ['(-8)^0.5', 'The result is not a real number at position 5.'],
    ['ln(0)', 'The logarithm of zero or of a negative number does not exist at position 1.'],
    ['tan(pi/2)', 'tan has no value for this angle at position 1. Angles are in radians'],
    ['round(1, 99)', 'round takes 0 to 15 decimal places at position 1.'],
    ['', 'The expression is empty. Allowed are numbers, + - * / % ^ ( )'],
    ['1+', 'The expression ends too early at position 3.'],
    ['((1+2)', 'No ")" closes the "(" at position 1. Add ")".'],
    ['1+2)', 'Unexpected ")" at position 4. Check that every ")" has its "("'],
    ['2pi', 'Unexpected "pi" at position 2. Write an operator between two numbers'],
    ['3,5', 'Unexpected "," at position 2. A comma separates thousands (1,250)'],
    ['max(1,,2)', 'Unexpected "," at position 7.'],
    ['* 3', 'Unexpected "*" at position 1. Put a number, a name or a bracket before it.'],
    ['sqrt 4', 'The function sqrt has no brackets at position 1. Write sqrt(…).'],
    ['sqrt(1, 2)', 'sqrt takes 1 input and got 2 at position 1.'],
    ['pow(1)', 'pow takes 2 inputs and got 1 at position 1.'],
    ['max()', 'max takes 1 or more inputs and got 0 at position 1.'],
    ['foo+1', 'Unknown name "foo" at position 1. Known names: pi, e, tau, sqrt,'],
    ['constructor', 'Unknown name "constructor" at position 1.'],
    ['toString(1)', 'Unknown name "tostring" at position 1.'],
    ['__proto__', 'Unexpected character "_" at position 1.'],
    ['process.exit()', 'Unexpected character "." at position 8.'],
    ['1½', 'Unexpected character "½" (U+00BD) at position 2.'],
    ['1 + \u202e2', 'Unexpected character U+202E at position 5.'],
    ['1 + \ud800', 'Unexpected character U+D800 at position 5.'],
    ['$5', 'Unexpected character "$" at position 1.'],
    [`${'('.repeat(40)}1`, 'Too deeply nested at position 33. At most 32 levels are allowed'],
    ['-'.repeat(150), 'Too deeply nested at position 33.'],
    [Array(60).fill('1').join('+'), 'The expression has too many parts. At most 100 numbers'],
    ['1'.repeat(201), 'The expression is too long. At most 200 characters are allowed'],
    ['²'.repeat(199), 'The expression is too long.'],
    [' '.repeat(1e6), 'The expression is too long.'],
  ])('%j', (expression, message) => {
    const refused = refusalOf(expression);
    expect(refused.code).toBe('bad_request');
    expect(refused.message).toContain(message);
  });
});

describe('whatever comes in, a finite number or a typed refusal comes out', () => {
  const piece = fc.constantFrom(...'0123456789.,+-*/%^!()√×÷²eExX '.split(''), ...hostile);
  test.each([
    ['arbitrary text', fc.string({ unit: 'binary', maxLength: 300 })],
    ['shuffled and hostile pieces', fc.array(piece, { maxLength: 60 }).map((all) => all.join(''))],
    ['well-formed expressions of every operation', anyExpression()],
  ])('for %s', (_, expressions) => {
    const answered = fc.property(expressions, (text) => {
      expect(isAnswered(text)).toBe(true);
    });
    fc.assert(answered, { numRuns });
  });
});

test('whole-number expressions equal an independent evaluation in big integers', () => {
  fc.assert(
    fc.property(integerExpression, ({ text, value }) => {
      expect(BigInt(calculate(text).result)).toBe(value);
    }),
    { numRuns },
  );
});

test('flat expressions of decimals equal an independent evaluation in doubles', () => {
  const decimal = fc.integer({ min: 1, max: 99_999 }).map((cents) => cents / 100);
  const sum = fc.array(fc.array(decimal, { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(sum, (terms) => {
      const text = terms.map((factors) => factors.join('*')).join(' + ');
      const value = terms.reduce((a, factors) => a + factors.reduce((x, y) => x * y), 0);
      expect(Math.abs(Number(calculate(text).result) / value - 1)).toBeLessThan(1e-12);
    }),
    { numRuns },
  );
});

function anyExpression() {
  return fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      fc.oneof(
        fc.double({ noNaN: true, min: 0, max: 1e300 }).map(String),
        fc.constantFrom('0', '1', '2', '0.5', 'pi', 'e', '1e-308', '170', '9007199254740993'),
      ),
      fc
        .tuple(tie('node'), fc.constantFrom('+', '-', '*', '/', '%', '^', ' mod '), tie('node'))
        .map(([a, operator, b]) => `${a}${operator}${b}`),
      tie('node').map((a) => `(${a})`),
      tie('node').map((a) => `-${a}`),
      tie('node').map((a) => `(${a})!`),
      fc
        .tuple(
          fc.constantFrom('sqrt', 'cbrt', 'abs', 'exp', 'ln', 'log', 'tan', 'trunc'),
          tie('node'),
        )
        .map(([name, a]) => `${name}(${a})`),
      fc
        .tuple(
          fc.constantFrom('max', 'hypot', 'pow', 'mod', 'round', 'log'),
          tie('node'),
          tie('node'),
        )
        .map(([name, a, b]) => `${name}(${a},${b})`),
    ),
  })).node;
}

interface IntegerExpression {
  text: string;
  value: bigint;
  /** How tightly the outermost operation binds, to print no more brackets than needed. */
  tightness: number;
}

const integerExpression = fc
  .letrec<{ node: IntegerExpression }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc
        .bigInt({ min: 0n, max: 99_999n })
        .map((value) => ({ text: String(value), value, tightness: 9 })),
      fc
        .tuple(tie('node'), fc.constantFrom('+', '-', '*', '×', '−', '＋'), tie('node'))
        .map(([a, operator, b]) => joined(a, operator, b)),
      tie('node').map((a) => ({ text: `-${bracketed(a, 3)}`, value: -a.value, tightness: 3 })),
      fc.tuple(tie('node'), fc.nat(3)).map(([a, exponent]) => ({
        text: `${bracketed(a, 9)}^${exponent}`,
        value: a.value ** BigInt(exponent),
        tightness: 4,
      })),
    ),
  }))
  .node.filter(({ text, value }) => text.length <= 200 && String(value).length < 300);

function joined(a: IntegerExpression, operator: string, b: IntegerExpression): IntegerExpression {
  if (operator === '*' || operator === '×') {
    const text = `${bracketed(a, 2)}${operator}${bracketed(b, 3)}`;
    return { text, value: a.value * b.value, tightness: 2 };
  }
  const value = operator === '+' || operator === '＋' ? a.value + b.value : a.value - b.value;
  return { text: `${bracketed(a, 1)} ${operator} ${bracketed(b, 2)}`, value, tightness: 1 };
}

function bracketed({ text, tightness }: IntegerExpression, needed: number): string {
  return tightness < needed ? `(${text})` : text;
}

/** Anything but a number or a typed refusal is thrown on, and fails the property. */
function isAnswered(expression: string): boolean {
  try {
    const { result } = calculate(expression);
    return typeof result === 'string' ? /^-?\d{16,309}$/.test(result) : Number.isFinite(result);
  } catch (error) {
    if (AnyturnError.isInstance(error)) return error.code === 'bad_request';
    throw error;
  }
}

function refusalOf(expression: string): AnyturnError {
  try {
    calculate(expression);
  } catch (error) {
    if (AnyturnError.isInstance(error)) return error;
    throw error;
  }
  throw new Error(`no refusal for ${expression}`);
}
