import { refusal } from './calculator-refusal.ts';

/**
 * A number on its way through the calculator: a fraction as long as that is possible (so that
 * 0.1 + 0.2 is 0.3 and 2^64 has all its digits), a double afterwards.
 */
export type Value =
  | { readonly type: 'exact'; readonly top: bigint; readonly bottom: bigint }
  | { readonly type: 'rounded'; readonly number: number };

/** The reduced fraction `top / bottom`; a double when it has too many digits to stay one. */
export function exact(top: bigint, bottom: bigint, at?: number): Value {
  const divisor = greatestCommonDivisor(top, bottom) * (bottom < 0n ? -1n : 1n);
  const reduced = { type: 'exact', top: top / divisor, bottom: bottom / divisor } as const;
  return Math.max(bits(reduced.top), bits(reduced.bottom)) > MAX_BITS
    ? rounded(toNumber(reduced), at)
    : reduced;
}

export function integer(value: bigint): Value {
  return { type: 'exact', top: value, bottom: 1n };
}

/** A double. What is no finite real number is refused here, so no value ever holds one. */
export function rounded(number: number, at?: number): Value {
  if (Number.isNaN(number)) {
    throw refusal({
      problem: 'The result is not a real number',
      ...(at !== undefined && { at }),
      remedy: 'Check the sign and the range of the inputs.',
    });
  }
  if (!Number.isFinite(number)) {
    throw refusal({
      problem: 'The result is too large',
      ...(at !== undefined && { at }),
      remedy: 'Results up to about 1.8e308 are allowed.',
    });
  }
  return { type: 'rounded', number };
}

export function toNumber(value: Value): number {
  if (value.type === 'rounded') return value.number;
  if (value.bottom === 1n) return Number(value.top);
  return Number(toDecimal(value.top, value.bottom, 20).text);
}

/** The whole number that a value is, or undefined. */
export function toInteger(value: Value): bigint | undefined {
  if (value.type === 'exact') return value.bottom === 1n ? value.top : undefined;
  return Number.isInteger(value.number) ? BigInt(value.number) : undefined;
}

/** The number that a person reads: 15 significant digits, or every digit of a whole number. */
export function toResult(value: Value): { result: number | string; approximate?: true } {
  if (value.type === 'rounded') {
    const result = Number(value.number.toPrecision(SIGNIFICANT_DIGITS));
    return { result: Number.isFinite(result) ? result : value.number, approximate: true };
  }
  if (value.bottom === 1n) {
    const number = Number(value.top);
    return { result: Number.isSafeInteger(number) ? number : value.top.toString() };
  }
  const { text, isExact } = toDecimal(value.top, value.bottom, SIGNIFICANT_DIGITS);
  return { result: Number(text), ...(!isExact && { approximate: true as const }) };
}

export function isZero(value: Value): boolean {
  return value.type === 'exact' ? value.top === 0n : value.number === 0;
}

/** Negative when `a` is the smaller one, positive when `b` is, 0 when they are equal. */
export function compare(a: Value, b: Value): number {
  if (a.type === 'exact' && b.type === 'exact') {
    const difference = a.top * b.bottom - b.top * a.bottom;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  return toNumber(a) - toNumber(b);
}

export function negate(value: Value): Value {
  return value.type === 'exact'
    ? { ...value, top: -value.top }
    : { type: 'rounded', number: -value.number };
}

export function add(a: Value, b: Value, at?: number): Value {
  if (a.type === 'exact' && b.type === 'exact') {
    return exact(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom, at);
  }
  return rounded(toNumber(a) + toNumber(b), at);
}

export function subtract(a: Value, b: Value, at?: number): Value {
  return add(a, negate(b), at);
}

export function multiply(a: Value, b: Value, at?: number): Value {
  if (a.type === 'exact' && b.type === 'exact') {
    return exact(a.top * b.top, a.bottom * b.bottom, at);
  }
  return rounded(toNumber(a) * toNumber(b), at);
}

export function divide(a: Value, b: Value, at?: number): Value {
  assertNotZero(b, at);
  if (a.type === 'exact' && b.type === 'exact') {
    return exact(a.top * b.bottom, a.bottom * b.top, at);
  }
  return rounded(toNumber(a) / toNumber(b), at);
}

/** What is left after division, with the sign of the divisor: -7 modulo 3 is 2. */
export function modulo(a: Value, b: Value, at?: number): Value {
  assertNotZero(b, at);
  if (a.type === 'exact' && b.type === 'exact') {
    return subtract(a, multiply(b, floor(divide(a, b, at)), at), at);
  }
  const divisor = toNumber(b);
  const rest = toNumber(a) % divisor;
  return rounded(rest !== 0 && rest < 0 !== divisor < 0 ? rest + divisor : rest, at);
}

export function power(base: Value, exponent: Value, at?: number): Value {
  const whole = toInteger(exponent);
  if (isZero(base) && toNumber(exponent) < 0) assertNotZero(base, at);
  if (base.type === 'exact' && exponent.type === 'exact' && whole !== undefined) {
    if (isUnit(base)) return integer(whole % 2n === 0n ? 1n : base.top);
    const size = BigInt(Math.max(bits(base.top), bits(base.bottom)));
    const steps = whole < 0n ? -whole : whole;
    if (size * steps <= 2n * BigInt(MAX_BITS)) {
      const top = base.top ** steps;
      const bottom = base.bottom ** steps;
      return whole < 0n ? exact(bottom, top, at) : exact(top, bottom, at);
    }
  }
  const degree = exponent.type === 'exact' && exponent.top === 1n && Number(exponent.bottom);
  if (degree && (degree === 2 || degree === 3) && toNumber(base) > 0) return root(base, degree, at);
  return rounded(toNumber(base) ** toNumber(exponent), at);
}

/** Square (2) or cube (3) root; exact for 16, 27 or 0.25. */
export function root(value: Value, degree: 2 | 3, at?: number): Value {
  if (value.type === 'exact' && (degree === 3 || value.top >= 0n)) {
    const top = integerRoot(value.top, degree);
    const bottom = integerRoot(value.bottom, degree);
    if (top !== undefined && bottom !== undefined) return exact(top, bottom, at);
  }
  return rounded(degree === 2 ? Math.sqrt(toNumber(value)) : Math.cbrt(toNumber(value)), at);
}

export function floor(value: Value): Value {
  if (value.type === 'rounded') return { type: 'rounded', number: Math.floor(value.number) };
  const quotient = value.top / value.bottom;
  const isBelow = value.top < 0n && quotient * value.bottom !== value.top;
  return integer(isBelow ? quotient - 1n : quotient);
}

/** More bits than this are more than a double can hold, about 1.8e308. */
const MAX_BITS = 1024;
/** What a double can always give back as it was written. */
const SIGNIFICANT_DIGITS = 15;

function assertNotZero(value: Value, at?: number): void {
  if (!isZero(value)) return;
  throw refusal({
    problem: 'Division by zero',
    ...(at !== undefined && { at }),
    remedy: 'Change the divisor to a number other than 0.',
  });
}

function isUnit(value: { top: bigint; bottom: bigint }): boolean {
  return value.bottom === 1n && (value.top === 1n || value.top === -1n);
}

function bits(value: bigint): number {
  const hex = (value < 0n ? -value : value).toString(16);
  return hex.length * 4 - Math.clz32(Number.parseInt(hex.charAt(0), 16)) + 28;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
}

/** The whole root, or undefined when there is none. Newton's method, from above. */
function integerRoot(value: bigint, degree: 2 | 3): bigint | undefined {
  if (value < 0n) {
    const opposite = integerRoot(-value, degree);
    return opposite === undefined ? undefined : -opposite;
  }
  if (value < 2n) return value;
  const size = BigInt(degree);
  let guess = 1n << BigInt(Math.ceil(bits(value) / degree));
  for (;;) {
    const next = ((size - 1n) * guess + value / guess ** (size - 1n)) / size;
    if (next >= guess) break;
    guess = next;
  }
  return guess ** size === value ? guess : undefined;
}

/** A fraction in decimal notation, rounded half away from zero to so many significant digits. */
function toDecimal(
  top: bigint,
  bottom: bigint,
  digits: number,
): { text: string; isExact: boolean } {
  const size = top < 0n ? -top : top;
  let shift = digits - (size.toString().length - bottom.toString().length);
  // The lengths alone are one digit off when the leading digits of `top` are the larger ones.
  if (scaled(size, bottom, shift).quotient.toString().length > digits) shift -= 1;
  const { quotient, rest, divisor } = scaled(size, bottom, shift);
  const magnitude = rest * 2n >= divisor ? quotient + 1n : quotient;
  return { text: `${top < 0n ? '-' : ''}${magnitude}e${-shift}`, isExact: rest === 0n };
}

function scaled(size: bigint, bottom: bigint, shift: number) {
  const dividend = shift > 0 ? size * 10n ** BigInt(shift) : size;
  const divisor = shift < 0 ? bottom * 10n ** BigInt(-shift) : bottom;
  return { quotient: dividend / divisor, rest: dividend % divisor, divisor };
}
