import { AnyturnError, redact } from '@anyturn/core';
import type { ErrorCode } from '@anyturn/core';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';

/** What a route throws when it refuses a request before any agent runs. */
export interface Refusal {
  code: ErrorCode;
  /** What is wrong and what to do about it. */
  message: string;
  /** @default the status that fits the code */
  status?: number;
  headers?: Readonly<Record<string, string>>;
}

/** Answers with `{ error: ErrorJson }`. Does nothing when the answer has begun already. */
function sendError(res: Response, error: AnyturnError, options: Partial<Refusal> = {}): void {
  if (res.headersSent) return;
  const { status = statusByCode[error.code], headers = {} } = options;
  if (error.retryAfterMs !== undefined) {
    res.set('retry-after', String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))));
  }
  res.set({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers });
  res.status(status).json({ error: error.toJSON() });
}

/** Answers with a refusal of this server. */
export function refuse(res: Response, refusal: Refusal): void {
  const { code, message } = refusal;
  sendError(res, new AnyturnError({ code, message, retryable: code === 'unavailable' }), refusal);
}

/** Refuses every method that the route does not know. */
export function methodNotAllowed(allow: string): RequestHandler {
  return (req, res) =>
    refuse(res, {
      code: 'bad_request',
      status: 405,
      message: `${req.method} is not supported here. Use ${allow.replace(', ', ' or ')}.`,
      headers: { allow },
    });
}

/** The last stop of every error that a route throws: JSON, never HTML, never a stack. */
// Express tells error handlers from others by their four parameters.
export const errorHandler: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  if (AnyturnError.isInstance(error)) return sendError(res, error);
  const refusal = toRefusal(error);
  if (refusal) return refuse(res, refusal);
  // Node's own channel: printed by default, and a host app can listen to it or switch it off.
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.emitWarning(redact(reason), 'AnyturnServerWarning');
  refuse(res, {
    code: 'internal',
    message: "The server failed on this request. The reason is in the server's log.",
  });
};

/** Which status says what a code says. */
const statusByCode: Record<ErrorCode, number> = {
  config: 500,
  auth: 401,
  balance: 402,
  forbidden: 403,
  model_not_found: 404,
  bad_request: 400,
  too_large: 413,
  context_overflow: 400,
  content_filter: 400,
  rate_limit: 429,
  overloaded: 503,
  upstream_error: 502,
  timeout: 504,
  network: 502,
  tls: 502,
  redirect_refused: 502,
  bad_response: 502,
  stream_interrupted: 502,
  output_limit: 502,
  keys_parked: 503,
  tool_timeout: 500,
  tool_failed: 500,
  loop_detected: 500,
  limit_reached: 500,
  budget_exceeded: 402,
  approval_invalid: 400,
  aborted: 499,
  not_found: 404,
  conflict: 409,
  queue_full: 429,
  unavailable: 503,
  internal: 500,
};

/** What Express and its body parser throw, in our words. */
function toRefusal(error: unknown): Refusal | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { type, status } = error as { type?: unknown; status?: unknown };
  switch (type) {
    case 'entity.parse.failed':
      return {
        code: 'bad_request',
        message: 'The body is no JSON object. Send one such as {"prompt":"Hello"}.',
      };
    case 'entity.too.large':
      return {
        code: 'too_large',
        message: 'The body is larger than 1 MB. Shorten the prompt or send fewer messages.',
      };
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return {
        code: 'bad_request',
        status: 415,
        message: 'The body is encoded in a way not supported here. Send UTF-8, plain or gzip.',
      };
    default:
      if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
      return {
        code: 'bad_request',
        status,
        message: 'The request could not be read. Check its URL, its length and its encoding.',
      };
  }
}
