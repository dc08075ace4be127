import { AnyturnError } from '../errors.ts';

interface Refusal {
  /** What is wrong, without a full stop. */
  problem: string;
  /** Index into the expression; shown counted from 1. */
  at?: number;
  /** What to write instead. @default what an expression may hold */
  remedy?: string;
}

/** The one error of the calculator: what is wrong, where, and what is allowed. */
export function refusal({ problem, at, remedy = allowed }: Refusal): AnyturnError {
  const where = at === undefined ? '' : ` at position ${at + 1}`;
  return new AnyturnError({ code: 'bad_request', message: `${problem}${where}. ${remedy}` });
}

/** A piece of the expression as it may stand in a message: short, and nothing that a terminal obeys. */
export function quote(text: string): string {
  const start = text.slice(0, 20);
  if (/^[\x21-\x7e]+$/.test(start)) return `"${start}"`;
  const codePoint = text.codePointAt(0) ?? 0;
  const hex = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
  const character = String.fromCodePoint(codePoint);
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character) ? `"${character}" (${hex})` : hex;
}

const allowed =
  'Allowed are numbers, + - * / % ^ ( ), the constants pi, e and tau, and functions such as sqrt(16), round(2.345, 2) or max(1, 2).';
