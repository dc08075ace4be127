import { refusal } from './calculator-refusal.ts';
import {
  add,
  compare,
  divide,
  exact,
  floor,
  integer,
  isZero,
  modulo,
  multiply,
  negate,
  power,
  root,
  rounded,
  toInteger,
  toNumber,
} from './calculator-value.ts';
import type { Value } from './calculator-value.ts';

export interface CalculatorFunction {
  /** Fewest and most inputs. */
  readonly inputs: readonly [least: number, most: number];
  apply(inputs: readonly Value[], at: number): Value;
}

/** Every name that stands for a number. */
export const constants: ReadonlyMap<string, Value> = new Map([
  ['pi', rounded(Math.PI)],
  ['e', rounded(Math.E)],
  ['tau', rounded(2 * Math.PI)],
]);

/** Every name that may stand before a bracket. A Map: `constructor` is not in it. */
export const functions: ReadonlyMap<string, CalculatorFunction> = new Map<
  string,
  CalculatorFunction
>([
  ['sqrt', one((x, at) => root(x, 2, at))],
  ['cbrt', one((x, at) => root(x, 3, at))],
  ['abs', one((x) => (isNegative(x) ? negate(x) : x))],
  ['floor', one(floor)],
  ['ceil', one((x) => negate(floor(negate(x))))],
  ['trunc', one((x) => (isNegative(x) ? negate(floor(negate(x))) : floor(x)))],
  ['round', { inputs: [1, 2], apply: ([x = zero, digits = zero], at) => round(x, digits, at) }],
  ['exp', one((x, at) => rounded(Math.exp(toNumber(x)), at))],
  ['ln', one(logarithm)],
  ['log2', one((x, at) => logarithmTo(x, integer(2n), at))],
  ['log10', one((x, at) => logarithmTo(x, ten, at))],
  ['log', { inputs: [1, 2], apply: ([x = zero, base = ten], at) => logarithmTo(x, base, at) }],
  ['sin', one((x, at) => rounded(clean(Math.sin(toNumber(x)), x), at))],
  ['cos', one((x, at) => rounded(clean(Math.cos(toNumber(x)), x), at))],
  ['tan', one(tangent)],
  ['asin', one((x, at) => rounded(Math.asin(toNumber(x)), at))],
  ['acos', one((x, at) => rounded(Math.acos(toNumber(x)), at))],
  ['atan', one((x, at) => rounded(Math.atan(toNumber(x)), at))],
  ['pow', { inputs: [2, 2], apply: ([x = zero, y = zero], at) => power(x, y, at) }],
  ['mod', { inputs: [2, 2], apply: ([x = zero, y = zero], at) => modulo(x, y, at) }],
  ['min', many((inputs) => inputs.reduce((a, b) => (compare(b, a) < 0 ? b : a)))],
  ['max', many((inputs) => inputs.reduce((a, b) => (compare(b, a) > 0 ? b : a)))],
  ['hypot', many(hypotenuse)],
  ['factorial', one(factorial)],
]);

const zero = integer(0n);
const ten = integer(10n);
/** 171! is more than a double can hold. */
const MAX_FACTORIAL = 170n;

function one(apply: (input: Value, at: number) => Value): CalculatorFunction {
  return { inputs: [1, 1], apply: ([input = zero], at) => apply(input, at) };
}

function many(apply: CalculatorFunction['apply']): CalculatorFunction {
  return { inputs: [1, Infinity], apply };
}

function isNegative(value: Value): boolean {
  return compare(value, zero) < 0;
}

/** Half away from zero, as people do: -2.5 is -3. */
function round(value: Value, digits: Value, at: number): Value {
  const places = toInteger(digits);
  if (places === undefined || places < 0n || places > 15n) {
    throw refusal({
      problem: 'round takes 0 to 15 decimal places',
      at,
      remedy: 'Write round(2.345, 2).',
    });
  }
  const scale = integer(10n ** places);
  const half = exact(1n, 2n);
  const size = multiply(isNegative(value) ? negate(value) : value, scale, at);
  const whole = divide(floor(add(size, half, at)), scale, at);
  return isNegative(value) ? negate(whole) : whole;
}

function logarithm(value: Value, at: number): Value {
  if (isNegative(value) || isZero(value)) {
    throw refusal({
      problem: 'The logarithm of zero or of a negative number does not exist',
      at,
      remedy: 'Pass a number above 0.',
    });
  }
  return rounded(Math.log(toNumber(value)), at);
}

/** Exact where it is a whole number: log10(1000) is 3, not nearly 3. */
function logarithmTo(value: Value, base: Value, at: number): Value {
  const quotient = divide(logarithm(value, at), logarithm(base, at), at);
  const whole = integer(BigInt(Math.round(toNumber(quotient))));
  return value.type === 'exact' && compare(power(base, whole, at), value) === 0 ? whole : quotient;
}

/** sin(pi) is 0 for a person and 1.2e-16 for a double, because its pi is rounded. */
function clean(result: number, angle: Value): number {
  return Math.abs(result) < 1e-15 && Math.abs(toNumber(angle)) > 1 ? 0 : result;
}

function tangent(angle: Value, at: number): Value {
  const cosine = clean(Math.cos(toNumber(angle)), angle);
  if (cosine === 0) {
    throw refusal({
      problem: 'tan has no value for this angle',
      at,
      remedy: 'Angles are in radians; pass one that is not an odd multiple of pi/2.',
    });
  }
  return rounded(clean(Math.tan(toNumber(angle)), angle), at);
}

function hypotenuse(inputs: readonly Value[], at: number): Value {
  const squares = inputs.map((input) => multiply(input, input, at));
  return root(
    squares.reduce((a, b) => add(a, b, at)),
    2,
    at,
  );
}

function factorial(value: Value, at: number): Value {
  const last = toInteger(value);
  if (last === undefined || last < 0n || last > MAX_FACTORIAL) {
    throw refusal({
      problem: 'A factorial needs a whole number from 0 to 170',
      at,
      remedy: 'Write 5! or factorial(5).',
    });
  }
  let product = 1n;
  for (let factor = 2n; factor <= last; factor += 1n) product *= factor;
  return integer(product);
}
