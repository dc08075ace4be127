import { AnyturnError } from '../errors.ts';
import { redact, redactUrl } from '../redact.ts';
import type { AnyturnErrorOptions, ErrorCode } from '../errors.ts';

/** What a vendor said when it refused, as far as it could be read. */
export interface VendorFailure {
  /** 200 for an error inside a good answer, 0 when there was none. */
  httpStatus: number;
  body: unknown;
  /** Where the request went. */
  url?: string;
  /** What to do when no key was sent and one is wanted. */
  keyHint?: string | undefined;
}

/** Tells what kind of failure a vendor's answer is, from its status, its body's shape, its own code and its words. */
export function classifyFailure(
  failure: VendorFailure,
  facts: Partial<AnyturnErrorOptions> & { provider: string },
): AnyturnError {
  const { httpStatus, body } = failure;
  const said = readErrorBody(body);
  const status = httpStatus >= 400 ? httpStatus : (said.status ?? httpStatus);
  const code = codeOf(status, body, said);
  const described = said.message ?? (status > 0 ? `HTTP ${status}` : 'no reason given');
  const vendorCode = said.code && !described.includes(said.code) ? ` [${said.code}]` : '';
  const words = `${facts.provider}: ${cut(redact(described, facts.secrets))}${vendorCode}`;
  return new AnyturnError({
    code,
    message: `${words.replace(/\.$/, '')}. ${remedy(code, failure, facts)}`,
    ...(httpStatus > 0 && { httpStatus }),
    ...(said.requestId && { requestId: said.requestId }),
    ...facts,
  });
}

function codeOf(status: number, body: unknown, said: Said): ErrorCode {
  // A server that knows the API says in JSON which model it misses; others have nothing at this address.
  if (status === 404 && typeof body === 'string') return 'not_found';
  return rules.find((rule) => matches(rule, status, said))?.code ?? byStatus(status);
}

interface Rule {
  code: ErrorCode;
  /** Each that is given must hold. */
  status?: readonly number[];
  /** The vendor's own codes. */
  codes?: readonly string[];
  /** In its code, type or message. */
  words?: RegExp;
}

/**
 * First match wins. Sources: the vendors' error pages and recorded answers, read 2026-11-10: DeepSeek, DashScope, Volcengine,
 * SiliconFlow, Moonshot, Zhipu, TokenHub, MiniMax, OpenAI, xAI, Mistral, OpenRouter.
 */
const rules: readonly Rule[] = [
  // DashScope calls its per-minute token limit `insufficient_quota`; it recovers within the minute.
  { code: 'rate_limit', words: /Throttling|Allocated quota exceeded|Request rate increased/i },
  { code: 'balance', codes: ['1113', '1008', 'Arrearage'] },
  {
    code: 'balance',
    words:
      /insufficient[_ ](?:balance|quota|funds|credits)|balance is (?:insufficient|not enough)|AccountOverdue|exceeded_current_quota/i,
  },
  { code: 'balance', status: [402] },
  { code: 'balance', status: [403], words: /balance|real-name/i },
  { code: 'context_overflow', codes: ['1261', 'tokens_too_long', 'context_length_exceeded'] },
  {
    code: 'context_overflow',
    words: /maximum context length|max_seq_len|context window|exceeded model token limit/i,
  },
  { code: 'content_filter', codes: ['1301', '1026', '1027', 'unsafe_request'] },
  {
    code: 'content_filter',
    words: /content_filter|data_?inspection_?failed|SensitiveContent|considered high risk/i,
  },
  { code: 'content_filter', status: [451] },
  { code: 'overloaded', codes: ['1305', '1312'] },
  { code: 'overloaded', words: /overloaded/i },
  { code: 'overloaded', status: [498, 502, 503, 529] },
  { code: 'auth', codes: ['1004', '2049'] },
  { code: 'auth', words: /incorrect api key|invalid[_ ]?api[_ -]?key|invalid_authentication/i },
  { code: 'auth', status: [401] },
  { code: 'model_not_found', codes: ['1211', '20012', 'model_not_found', 'ModelNotFound'] },
  { code: 'model_not_found', words: /InvalidEndpointOrModel|ModelNotOpen/ },
  { code: 'model_not_found', words: /\bmodel\b.{0,200}\b(?:does not exist|not found)\b/i },
  { code: 'rate_limit', codes: ['1002', '1039', '1302', '1303'] },
];

function matches({ status, codes, words }: Rule, httpStatus: number, said: Said): boolean {
  if (status && !status.includes(httpStatus)) return false;
  if (codes && !codes.includes(said.code ?? '')) return false;
  return !words || words.test(`${said.code ?? ''} ${said.type ?? ''} ${said.message ?? ''}`);
}

function byStatus(status: number): ErrorCode {
  if (status === 403) return 'forbidden';
  if (status === 404) return 'model_not_found';
  if (status === 408) return 'timeout';
  if (status === 413) return 'too_large';
  if (status === 409 || status === 429) return 'rate_limit';
  if (status >= 500) return 'upstream_error';
  if (status >= 400) return 'bad_request';
  return 'upstream_error';
}

/** The next step, for every code that this file gives. */
function remedy(
  code: ErrorCode,
  { url, keyHint }: VendorFailure,
  { model, provider, retryAfterMs }: Partial<AnyturnErrorOptions> & { provider: string },
): string {
  switch (code) {
    case 'auth':
      return keyHint === undefined
        ? `Check the API key of ${provider}, and that it belongs to this region.`
        : `No key was sent. ${keyHint}`;
    case 'balance':
      return 'Top up the account, or use another key.';
    case 'forbidden':
      return 'Ask the vendor for access, or use another model or key.';
    case 'model_not_found':
      return `Check the model id${model ? ` "${model}"` : ''} and the base URL.`;
    case 'not_found':
      return `Nothing answers at ${url ? redactUrl(url) : 'this address'}. Check the base URL; it usually ends in /v1.`;
    case 'context_overflow':
    case 'too_large':
      return 'Shorten the conversation, or use a model with a larger context.';
    case 'content_filter':
      return 'The vendor refused the content; rephrase it.';
    case 'rate_limit':
      return retryAfterMs === undefined
        ? 'Ask less often, or add another key.'
        : `Ask again in ${Math.ceil(retryAfterMs / 1_000)} s, or add another key.`;
    case 'bad_request':
      return 'Check the options of the call against what this model takes.';
    default:
      return 'The vendor has a problem; try again later, or use another model.';
  }
}

interface Said {
  message?: string;
  code?: string;
  type?: string;
  status?: number;
  requestId?: string;
}

/** Reads every error shape that the vendors use, down to a bare string. */
function readErrorBody(body: unknown): Said {
  if (typeof body === 'string') return body.trim() === '' ? {} : { message: body.trim() };
  if (Array.isArray(body)) return readErrorBody(body[0]);
  if (!isRecord(body)) return {};
  const { error, base_resp: baseResp } = body;
  if (isRecord(baseResp)) {
    return said(baseResp['status_msg'], baseResp['status_code'], undefined, body);
  }
  if (isRecord(error)) return said(error['message'], error['code'], error['type'], body);
  if (typeof error === 'string') return said(error, body['code'], body['type'], body);
  return said(body['message'] ?? body['detail'] ?? body['msg'], body['code'], body['type'], body);
}

function said(message: unknown, code: unknown, type: unknown, body: Record<string, unknown>): Said {
  const requestId = body['request_id'] ?? body['requestId'];
  const status = Number(code);
  return {
    ...(message != null && {
      message: typeof message === 'string' ? message : JSON.stringify(message),
    }),
    ...((typeof code === 'string' || typeof code === 'number') &&
      code !== '' && { code: `${code}` }),
    ...(typeof type === 'string' && { type }),
    ...(status >= 400 && status < 600 && { status }),
    ...(typeof requestId === 'string' && { requestId }),
  };
}

/** Whether a body that came with status 200 is an error all the same. */
export function isErrorBody(body: unknown): boolean {
  if (!isRecord(body)) return false;
  if (body['error'] != null) return true;
  if (Array.isArray(body['choices'])) return false;
  const baseResp = body['base_resp'];
  if (isRecord(baseResp)) return Number(baseResp['status_code']) !== 0;
  return body['code'] != null && body['message'] != null;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}
