import type { FakeVendorScript } from './script.ts';

/** What a case is about, for lists. */
export type FakeVendorCaseGroup =
  | 'answer'
  | 'http'
  | 'rate-limit'
  | 'key'
  | 'vendor'
  | 'connection'
  | 'body'
  | 'stream'
  | 'usage'
  | 'finish'
  | 'tool'
  | 'reasoning'
  | 'secrets';

/** A named situation: what it shows, and the steps, one per request. The last one repeats. */
export interface FakeVendorCase {
  readonly group: FakeVendorCaseGroup;
  readonly description: string;
  readonly script: FakeVendorScript;
  /**
   * The text that a client ends up with when it copes: tries again where that helps, runs the tool that is asked for,
   * reads what is oddly written. Absent where no whole answer can be had.
   */
  readonly answer?: string;
}

/** Cases that share a group. */
export function casesOf<Name extends string>(
  group: FakeVendorCaseGroup,
  cases: Record<Name, Omit<FakeVendorCase, 'group'>>,
): Record<Name, FakeVendorCase> {
  const entries = Object.entries<Omit<FakeVendorCase, 'group'>>(cases);
  // The names are those that came in.
  return Object.fromEntries(entries.map(([name, rest]) => [name, { group, ...rest }])) as Record<
    Name,
    FakeVendorCase
  >;
}
