import type { RecordedHttpRequest } from './recorded-exchange.ts';
import { secretMark } from './secrets.ts';

/** Fields of a request body that say who asks, not what. */
const volatileFields: ReadonlySet<string> = new Set([
  'metadata',
  'prompt_cache_key',
  'request_id',
  'safety_identifier',
  'user',
  'user_id',
]);

/**
 * What keeps a recorded request from being the same as another: `undefined` for nothing. Compared are method, path and
 * JSON body; not origin, query and headers, nor who asks, nor the ids of tool calls. A removed secret is like any text.
 */
export function findDifference(
  asked: RecordedHttpRequest,
  recorded: RecordedHttpRequest,
): string | undefined {
  if (asked.method !== recorded.method) return 'other method';
  if (!isSameText(pathOf(asked), pathOf(recorded))) return 'other path';
  if (recorded.body && 'omitted' in recorded.body) return undefined;
  return compare(toValue(asked), toValue(recorded), 'body');
}

/** `POST /v1/chat/completions`. */
export function describeRequest(request: RecordedHttpRequest): string {
  return `${request.method} ${pathOf(request)}`;
}

function pathOf({ url }: RecordedHttpRequest): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}

function toValue({ body }: RecordedHttpRequest): unknown {
  if (body === undefined || 'omitted' in body) return undefined;
  if ('text' in body) return body.text;
  if (!isRecord(body.json)) return body.json;
  return Object.fromEntries(
    Object.entries(body.json).filter(([name]) => !volatileFields.has(name)),
  );
}

/** The path of the first place where they differ. Never what stands there: it may be private. */
function compare(asked: unknown, recorded: unknown, path: string): string | undefined {
  if (typeof asked === 'string' && typeof recorded === 'string') {
    return isSameText(asked, recorded) ? undefined : `${path} differs`;
  }
  if (isRecord(asked) && isRecord(recorded)) {
    const names = new Set([...Object.keys(asked), ...Object.keys(recorded)]);
    for (const name of names) {
      if (isCallId(name, path)) continue;
      if (!Object.hasOwn(recorded, name)) return `${path}.${name} is not in it`;
      if (!Object.hasOwn(asked, name)) return `${path}.${name} is only in it`;
      const difference = compare(asked[name], recorded[name], `${path}.${name}`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  if (Array.isArray(asked) && Array.isArray(recorded)) {
    if (asked.length !== recorded.length) {
      return `${path} has ${recorded.length} entries, not ${asked.length}`;
    }
    for (const [at, entry] of asked.entries()) {
      const difference = compare(entry, recorded[at], `${path}[${at}]`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }
  return Object.is(asked, recorded) ? undefined : `${path} differs`;
}

/** Clients make ids up when a vendor gave none. */
function isCallId(name: string, path: string): boolean {
  return name === 'tool_call_id' || (name === 'id' && /\.tool_calls\[\d+\]$/u.test(path));
}

function isSameText(asked: string, recorded: string): boolean {
  if (!recorded.includes(secretMark)) return asked === recorded;
  const [first = '', ...rest] = recorded.split(secretMark);
  if (!asked.startsWith(first)) return false;
  let at = first.length;
  for (const [index, part] of rest.entries()) {
    const isLast = index === rest.length - 1;
    const found = isLast ? asked.length - part.length : asked.indexOf(part, at);
    if (found < at || !asked.startsWith(part, found)) return false;
    at = found + part.length;
  }
  return true;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
