/** What an error answer says, whatever its shape. */
export interface Said {
  /** Its words, those of the server behind a gateway included; `''` when there are none. May be long, and hold secrets. */
  message: string;
  /** The outermost code, to be shown. */
  code?: string | undefined;
  /** Every code, type and named status. */
  codes: string[];
  /** HTTP status that the body names. */
  status?: number;
  requestId?: string;
  /** Milliseconds to wait, from a field. */
  waitMs?: number | undefined;
  /** Token counts, from fields. */
  countedTokens?: number | undefined;
  allowedTokens?: number | undefined;
}

/**
 * Reads an error answer of any shape in use: `{ error: { message } }`, `{ error: 'text' }`, `{ code, message }`, `{ detail }`,
 * `{ base_resp }`, `[{ error }]`, a text, and one of these as JSON inside the message of another. Takes words from the fields that
 * hold the vendor's own and from no other: the rest of a body may repeat the prompt.
 */
export function readErrorBody(body: unknown): Said {
  const said: Said = { message: '', codes: [] };
  said.message = readWords(body, said, 0);
  return said;
}

/** Whether a body that came with status 200 is an error all the same. */
export function isErrorBody(body: unknown): boolean {
  if (Array.isArray(body)) return isRecord(body[0]) && saysError(body[0]['error']);
  if (!isRecord(body)) return false;
  const { error, base_resp: baseResp, choices, object } = body;
  if (saysError(error)) return true;
  if (isRecord(baseResp) && !isGood(baseResp['status_code'])) return true;
  if (Array.isArray(choices) && choices.length > 0) return false;
  if (object === 'error') return true;
  return !isGood(body['code']) && !isGood(body['message'] ?? body['msg']);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Some gateways send the field with every answer, filled with nothing. */
function saysError(error: unknown): boolean {
  if (!isRecord(error)) return Array.isArray(error) ? error.length > 0 : !isGood(error);
  return Object.values(error).some((value) => !isGood(value));
}

/** Whether a code or a message is none, or says that all went well. */
function isGood(value: unknown): boolean {
  if (value == null || value === false) return true;
  if (typeof value !== 'string' && typeof value !== 'number') return false;
  return /^(?:0|200|ok|success(?:ful)?|)$/i.test(`${value}`.trim());
}

/** Where the next layer is, from the outside in. */
const wordFields = ['message', 'msg', 'status_msg', 'detail'];
const innerFields = ['base_resp', 'error', 'errors'];
const MAX_DEPTH = 6;
const MAX_ENTRIES = 3;
const MAX_CODES = 16;
const MAX_CODE = 64;
const MAX_STEPS = 8;
const FLOOR_MS = 100;
const MAX_TEXT = 65_536;

function readWords(value: unknown, said: Said, depth: number): string {
  if (depth > MAX_DEPTH) return '';
  if (typeof value === 'string') return readText(value.slice(0, MAX_TEXT).trim(), said, depth);
  if (Array.isArray(value)) {
    const entries = value.slice(0, MAX_ENTRIES).map((entry) => readWords(entry, said, depth + 1));
    return entries.filter((words) => words !== '').join('; ');
  }
  if (!isRecord(value)) return '';
  readFacts(value, said);
  const own = wordFields.map((field) => value[field]).find((words) => !isGood(words));
  const { metadata } = value;
  const inner = [
    ...innerFields.map((field) => value[field]),
    isRecord(metadata) && metadata['raw'],
  ];
  return [own, ...inner]
    .map((words) => readWords(words, said, depth + 1))
    .reduce(join, place(value['loc']));
}

/** A text, or JSON in it: gateways put what the server behind them said into a message of their own. */
function readText(text: string, said: Said, depth: number): string {
  const start = text.search(/[[{]\s*["'{]/);
  if (start < 0) return withoutEcho(text);
  const before = text.slice(0, start).replace(/[\s:,-]*(?:b?['"`])?$/, '');
  const inner = parseJson(
    text.slice(start, Math.max(text.lastIndexOf('}'), text.lastIndexOf(']')) + 1),
  );
  const words =
    inner === undefined ? quotedWords(withoutEcho(text), said) : readWords(inner, said, depth + 1);
  return words === '' ? withoutEcho(text) : join(before, words);
}

/** The message in what only looks like JSON: a Python dictionary, or JSON that was cut. */
function quotedWords(text: string, said: Said): string {
  const [, , single, double] =
    /(['"])message\1:\s{0,4}(?:'((?:[^'\\]|\\.){1,2000})'|"((?:[^"\\]|\\.){1,2000})")/.exec(text) ??
    [];
  if (single === undefined && double === undefined) return '';
  for (const [, code] of text.matchAll(/['"](?:code|type)['"]:\s{0,4}['"]?([\w.-]{1,64})/g)) {
    if (said.codes.length < MAX_CODES && code) said.codes.push(code);
  }
  return single ?? double ?? '';
}

/** Validation errors repeat the input that they refuse; what comes from there on is the prompt. */
function withoutEcho(text: string): string {
  const start = text.search(ECHO);
  return start < 0 ? text : `${text.slice(0, start)}…`;
}

const ECHO =
  /[{,(]\s{0,4}["'](?:input|content|prompt|system|query|messages|arguments|failed_generation|text)["']\s{0,4}:|,?\s{0,4}input_value=/;

function readFacts(body: Record<string, unknown>, said: Said): void {
  const code = toName(body['code'] ?? body['status_code'] ?? body['statusCode']);
  said.code ??= code;
  for (const name of [code, toName(body['type']), toName(body['status'])]) {
    if (name === undefined) continue;
    if (said.codes.length < MAX_CODES) said.codes.push(name);
    if (/^[45]\d\d$/.test(name)) said.status ??= Number(name);
  }
  // `id` is the request's only beside an error; elsewhere it may be anything.
  const requestId = body['request_id'] ?? body['requestId'] ?? (body['error'] && body['id']);
  if (typeof requestId === 'string' && /^[\w.:-]{1,128}$/.test(requestId)) {
    said.requestId ??= requestId;
  }
  // llama.cpp, https://github.com/ggml-org/llama.cpp/pull/15780, 2025-09.
  said.countedTokens ??= toCount(body['n_prompt_tokens']);
  said.allowedTokens ??= toCount(body['n_ctx']);
  said.waitMs ??= readRetryInfo(body['details']);
}

/** A code as text. What is longer than any code is none. */
function toName(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const name = `${value}`;
  return name !== '' && name.length <= MAX_CODE ? name : undefined;
}

function toCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

/** google.rpc.RetryInfo among the details of an error: `{ retryDelay: '36.5s' }`. */
function readRetryInfo(details: unknown): number | undefined {
  if (!Array.isArray(details)) return undefined;
  const info = details
    .slice(0, MAX_CODES)
    .find((detail) => isRecord(detail) && detail['retryDelay']);
  const delay = isRecord(info) ? info['retryDelay'] : undefined;
  const seconds = /^(\d{1,9}(?:\.\d{1,9})?)s$/.exec(typeof delay === 'string' ? delay : '')?.[1];
  return seconds === undefined
    ? undefined
    : Math.max(FLOOR_MS, Math.round(Number(seconds) * 1_000));
}

/** Where a validation error is, as FastAPI tells it: `['body', 'messages', 0]`. */
function place(loc: unknown): string {
  if (!Array.isArray(loc)) return '';
  return loc
    .slice(0, MAX_STEPS)
    .map(toName)
    .filter((step) => step !== undefined)
    .join('.');
}

/** Both texts, from the outside in; one where it holds the other. */
function join(outer: string, inner: string): string {
  if (outer === '' || inner.includes(outer)) return inner;
  if (outer.includes(inner)) return outer;
  return `${outer.replace(/[\s.:]{1,9}$/, '')}: ${inner}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
