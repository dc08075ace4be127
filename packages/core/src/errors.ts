import { redact } from './redact.ts';
import type { Usage } from './usage.ts';

/** What went wrong, in one word. Codes are stable: branch on them, not on messages. */
export const errorCodes = [
  'config',
  'auth',
  'balance',
  'forbidden',
  'model_not_found',
  'bad_request',
  'too_large',
  'context_overflow',
  'content_filter',
  'rate_limit',
  'overloaded',
  'upstream_error',
  'timeout',
  'network',
  'tls',
  'redirect_refused',
  'bad_response',
  'stream_interrupted',
  'output_limit',
  'keys_parked',
  'tool_timeout',
  'tool_failed',
  'loop_detected',
  'limit_reached',
  'budget_exceeded',
  'approval_invalid',
  'aborted',
  'not_found',
  'conflict',
  'queue_full',
  'unavailable',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** What `AnyturnError.toJSON()` gives: safe to log, to store and to send to a client. */
export interface ErrorJson {
  code: ErrorCode;
  message: string;
  retryable: boolean;
  provider?: string;
  model?: string;
  attempt?: number;
  httpStatus?: number;
  retryAfterMs?: number;
  requestId?: string;
  usage?: Usage;
  limit?: string;
  countedTokens?: number;
  allowedTokens?: number;
}

export interface AnyturnErrorOptions extends Omit<ErrorJson, 'retryable'> {
  /** Whether the same call may succeed later. @default true for the codes that pass by themselves */
  retryable?: boolean;
  /** Text that had arrived before the failure. Not enumerable, never in `toJSON()`. */
  partialText?: string;
  /** What was caught. Only a redacted copy (name, message, status, code) is kept. */
  cause?: unknown;
  /** Secrets in use, taken out of the message and the cause. */
  secrets?: readonly string[];
}

/** What every error of one attempt carries. */
export type ErrorFacts = Partial<AnyturnErrorOptions> & { provider: string };

/** The fields that are facts about the failure; all optional. */
const facts = [
  'provider',
  'model',
  'attempt',
  'httpStatus',
  'retryAfterMs',
  'requestId',
  'usage',
  'limit',
  'countedTokens',
  'allowedTokens',
] as const;

/** Codes that pass by themselves, so that trying again makes sense. */
const retryableCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'rate_limit',
  'overloaded',
  'upstream_error',
  'timeout',
  'network',
  'bad_response',
  'stream_interrupted',
  'keys_parked',
  'queue_full',
  'unavailable',
]);

const marker = Symbol.for('anyturn.error');

/**
 * The one error class of anyturn. Its message says what happened and what to do; its fields are the facts.
 * It never holds a key, a header or the request; a vendor's own words are kept, without what looks like a secret.
 */
export class AnyturnError extends Error {
  override readonly name = 'AnyturnError';
  readonly code: ErrorCode;
  readonly retryable: boolean;
  declare readonly provider?: string;
  declare readonly model?: string;
  /** Number of the attempt that failed, from 1. */
  declare readonly attempt?: number;
  declare readonly httpStatus?: number;
  /** Milliseconds to wait before trying again, when the vendor said so. */
  declare readonly retryAfterMs?: number;
  /** The vendor's own id of the request, for its support. */
  declare readonly requestId?: string;
  declare readonly usage?: Usage;
  /** Which limit was reached, for `limit_reached`. */
  declare readonly limit?: string;
  /** Tokens the vendor counted in a request that was too long, when it said so. */
  declare readonly countedTokens?: number;
  /** Tokens the vendor takes at most, when it said so. */
  declare readonly allowedTokens?: number;
  declare readonly partialText?: string;

  constructor(options: AnyturnErrorOptions) {
    const { code, message, retryable, partialText, cause, secrets } = options;
    super(redact(message, secrets));
    this.code = code;
    this.retryable = retryable ?? retryableCodes.has(code);
    for (const fact of facts) {
      if (options[fact] !== undefined) Object.assign(this, { [fact]: options[fact] });
    }
    hide(this, marker, true);
    if (partialText !== undefined) hide(this, 'partialText', partialText);
    if (cause !== undefined) hide(this, 'cause', toCause(cause, secrets));
  }

  /** True for an `AnyturnError` of any copy of this package. */
  static isInstance(error: unknown): error is AnyturnError {
    return typeof error === 'object' && error !== null && marker in error;
  }

  /** The error as plain data, without partial text, cause and stack. */
  toJSON(): ErrorJson {
    const json: ErrorJson = { code: this.code, message: this.message, retryable: this.retryable };
    for (const fact of facts) {
      if (this[fact] !== undefined) Object.assign(json, { [fact]: this[fact] });
    }
    return json;
  }
}

/**
 * Turns whatever was thrown into an `AnyturnError`; one that already is comes back as it is.
 * @default code `internal`
 */
export function toAnyturnError(
  error: unknown,
  defaults: Partial<AnyturnErrorOptions> = {},
): AnyturnError {
  if (AnyturnError.isInstance(error)) return error;
  const message = error instanceof Error ? error.message : toText(error);
  return new AnyturnError({ code: 'internal', message, cause: error, ...defaults });
}

/** A message for people in the language asked for. English is the message of the error itself. */
export function localizeError(error: AnyturnError | ErrorJson, language: 'en' | 'zh'): string {
  if (language === 'en') return error.message;
  return `${zhSummaries[error.code]}（${error.message}）`;
}

const zhSummaries: Record<ErrorCode, string> = {
  config: '配置有误，请按提示修改后重试',
  auth: '密钥无效或与所选地域不匹配，请检查 API key',
  balance: '账户余额或额度不足，请充值或更换密钥',
  forbidden: '没有权限访问该模型或接口',
  model_not_found: '找不到该模型，请检查模型名称',
  bad_request: '请求参数不被接受，请按提示修改',
  too_large: '内容过大，请缩短后重试',
  context_overflow: '上下文超出模型长度上限，请缩短对话',
  content_filter: '内容被服务商的安全策略拦截',
  rate_limit: '请求过于频繁，请稍后重试',
  overloaded: '服务商当前繁忙，请稍后重试',
  upstream_error: '服务商内部出错，请稍后重试',
  timeout: '等待超时，请稍后重试或放宽超时设置',
  network: '网络连接失败，请检查网络与地址',
  tls: 'TLS 证书或协议错误，请检查地址与证书',
  redirect_refused: '服务端要求跳转，出于安全已拒绝',
  bad_response: '服务端返回了无法识别的内容，请检查 base URL',
  stream_interrupted: '回答在传输中断开，已保留收到的部分',
  output_limit: '回答达到输出长度上限',
  keys_parked: '所有密钥都在冷却中，请稍后重试',
  tool_timeout: '工具执行超时',
  tool_failed: '工具执行失败',
  loop_detected: '模型在重复相同的调用，已停止',
  limit_reached: '达到设定的上限，已停止',
  budget_exceeded: '超出预算，已停止',
  approval_invalid: '审批无效或已被使用',
  aborted: '已取消',
  not_found: '找不到所请求的内容，请检查地址（base URL 通常以 /v1 结尾）',
  conflict: '与当前状态冲突',
  queue_full: '排队已满，请稍后重试',
  unavailable: '服务暂不可用，请稍后重试',
  internal: '内部错误',
};

/** The SDK's errors hold the prompt and the response body; only these four fields leave. */
function toCause(cause: unknown, secrets: readonly string[] = []): object {
  if (AnyturnError.isInstance(cause)) return cause;
  if (typeof cause !== 'object' || cause === null) {
    return { name: typeof cause, message: redact(toText(cause), secrets) };
  }
  const { name, message, status, statusCode, code } = cause as Record<string, unknown>;
  const copy: Record<string, unknown> = {
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? redact(message, secrets) : '',
  };
  const httpStatus = statusCode ?? status;
  if (typeof httpStatus === 'number') copy['status'] = httpStatus;
  if (typeof code === 'string' || typeof code === 'number') copy['code'] = code;
  return copy;
}

/** Anything can be thrown, also what refuses to become a string. */
function toText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}

function hide(target: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: false, configurable: true });
}
