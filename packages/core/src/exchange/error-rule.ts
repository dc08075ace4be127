import type { ErrorCode } from '../errors.ts';

/**
 * What one kind of error answer means. Data, so that a preset can say what its vendor's codes mean: its rules come before the common
 * ones, and the first that fits decides. Each condition given must hold; of a list, one entry.
 */
export interface ErrorRule {
  /** What it means. */
  readonly code: ErrorCode;
  /** HTTP statuses. An error inside a good answer counts with the status that it names itself. */
  readonly status?: readonly number[];
  /** The vendor's own codes, types or finish reasons, whole, numbers as text. */
  readonly codes?: readonly string[];
  /** Looked for in the message, and in each code and type. */
  readonly words?: RegExp;
  /** True where the vendor must have named a time to wait, false where it must not. */
  readonly waits?: boolean;
  /** Whether the same call may succeed later. @default what is usual for `code` */
  readonly retryable?: boolean;
  /** What to do about it: a sentence for the reader of the message. @default one for `code` */
  readonly remedy?: string;
}

/** What the conditions of a rule are held against. */
export interface Signs {
  status: number;
  codes: readonly string[];
  message: string;
  waits: boolean;
}

/** The first rule that fits. */
export function findRule(rules: readonly ErrorRule[], signs: Signs): ErrorRule | undefined {
  return rules.find((rule) => fits(rule, signs));
}

function fits({ status, codes, words, waits }: ErrorRule, signs: Signs): boolean {
  if (status && !status.includes(signs.status)) return false;
  if (codes && !codes.some((code) => signs.codes.includes(code))) return false;
  if (waits !== undefined && waits !== signs.waits) return false;
  // `search` keeps no state in an expression that has the flag `g`.
  return !words || [signs.message, ...signs.codes].some((text) => text.search(words) >= 0);
}
