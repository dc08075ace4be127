/**
 * How long a message asks to wait, in milliseconds, at least 100: "Please try again in 6m0s", "retry after 7 seconds", "请 5 秒后重试".
 * Undefined when it does not say.
 */
export function readWaitMs(message: string): number | undefined {
  const times = english.exec(message)?.[1] ?? chinese.exec(message)?.[1];
  if (times === undefined) return undefined;
  let waitMs = 0;
  for (const [, count, unit = ''] of times.matchAll(/([\d.]+)\s?(\D+)/g)) {
    waitMs += Number(count) * (units.find(([words]) => words.test(unit))?.[1] ?? 0);
  }
  return waitMs <= MAX_MS ? Math.max(FLOOR_MS, Math.round(waitMs)) : undefined;
}

const FLOOR_MS = 100;
/** A year: what is longer is a mistake. */
const MAX_MS = 31_536_000_000;

const english =
  /(?:try again|retry(?:ing)?|wait|resets?)(?: again)?(?: in| after| for| within)?(?: about)? ((?:\d{1,9}(?:\.\d{1,9})?\s?(?:ms|milliseconds?|d(?:ays?)?|h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?![a-z]),?\s?(?:and )?){1,5})/i;
const chinese =
  /(?:(?:等待|等)\s?(?=\d)|(?=\d{1,9}(?:\.\d{1,9})?\s?[毫秒分钟个小时天]{1,3}\s?(?:之|以)?后))(\d{1,9}(?:\.\d{1,9})?\s?(?:毫秒|秒|分钟?|个?小时|天))/;

const units: readonly (readonly [RegExp, number])[] = [
  [/^(?:ms|milli|毫秒)/i, 1],
  [/^(?:s|秒)/i, 1_000],
  [/^(?:m|分)/i, 60_000],
  [/^(?:h|个?小时)/i, 3_600_000],
  [/^(?:d|天)/i, 86_400_000],
];
