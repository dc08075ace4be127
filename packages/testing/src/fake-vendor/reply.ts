import { cutText, type CompletionUsage } from '../completion-chunk.ts';

/** What the fake vendor does with one request. Build it with `reply.text(…)`, `reply.status(…)` and their siblings. */
export type FakeReply = FakeReplyContent & { readonly options: FakeReplyOptions };

export type FakeReplyContent =
  /** Text, reasoning and tool calls in the vendor's protocol: a stream or one JSON object, as the request asks. */
  | { readonly type: 'answer'; readonly answer: FakeAnswer }
  /** Pieces written as they are, with a status and headers. */
  | { readonly type: 'bytes'; readonly pieces: readonly (string | Uint8Array)[] }
  /** Nothing, ever: not even headers. */
  | { readonly type: 'silence' }
  /** The socket is destroyed before any header is sent. */
  | { readonly type: 'refusal' };

export interface FakeAnswer {
  readonly text: readonly string[];
  readonly reasoning: readonly string[];
  readonly toolCalls: readonly FakeToolCall[];
}

export interface FakeToolCall {
  name: string;
  /** Sent as JSON. A string is sent as it is, so that a test can send broken JSON. @default {} */
  input?: unknown;
  /** @default a random `call_…` */
  id?: string;
}

/** What goes wrong, how fast, and what is around the content. All optional. */
export interface FakeReplyOptions {
  /** HTTP status. @default 200 */
  status?: number;
  /** Added to the default headers, or replacing them. */
  headers?: Record<string, string>;
  /** Token counts, replacing single fields of the estimate. `null` sends no usage. */
  usage?: Partial<CompletionUsage> | null;
  /** @default 'tool_calls' with tool calls, else 'stop'. `null` sends no finish reason. */
  finishReason?: string | null;
  /** @default the model of the request */
  model?: string;
  /** Reasoning sent ahead of the text. */
  reasoning?: string | readonly string[];
  /** Characters in one fragment of tool call input. @default 12 */
  inputPieceLength?: number;

  /** Milliseconds before the headers. @default 0 */
  delayMs?: number;
  /** Milliseconds before each piece of the body but the first. @default 0 */
  chunkDelayMs?: number;
  /** SSE comments (`: keep-alive`) sent ahead of the content, `chunkDelayMs` apart. @default 0 */
  comments?: number;
  /** Cuts the body into writes of this many bytes, also inside a character. */
  splitBytes?: number;
  /** After this many pieces nothing more comes, and the socket stays open until `close()`. 0 stalls after the headers. */
  stallAfter?: number;
  /** After this many pieces the socket is destroyed. 0 destroys it after the headers. */
  resetAfter?: number;
  /** After this many pieces the response ends cleanly: no finish reason, no `[DONE]`. */
  endAfter?: number;
  /** Sends `[DONE]`. @default true */
  done?: boolean;
  /** Keeps the response open after the last piece, until `close()` or the client leaves. @default false */
  keepOpen?: boolean;
}

/** Builders of replies. A "piece" is one SSE event of an answer, or one entry of an array given to `sse` or `raw`. */
export const reply = {
  /** Text. A string is cut into words, each one a delta; an array gives the deltas themselves. */
  text(text: string | readonly string[], options: FakeReplyOptions = {}): FakeReply {
    return answer({ text: typeof text === 'string' ? toWords(text) : text }, options);
  },

  /** Tool calls, with `text` ahead of them if given. */
  toolCalls(
    toolCalls: readonly FakeToolCall[],
    options: FakeReplyOptions & { text?: string } = {},
  ): FakeReply {
    const { text, ...rest } = options;
    return answer({ toolCalls, text: text ? toWords(text) : [] }, rest);
  },

  /** An HTTP status with a JSON error body. `body` replaces it: a string is sent as it is. */
  status(status: number, options: FakeReplyOptions & { body?: unknown } = {}): FakeReply {
    const { body = toVendorError(status), ...rest } = options;
    const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
    return bytes([typeof body === 'string' ? body : JSON.stringify(body)], type, {
      ...rest,
      status,
    });
  },

  /** One JSON value, whether or not a stream was asked for. */
  json(value: unknown, options: FakeReplyOptions = {}): FakeReply {
    return bytes([JSON.stringify(value)], 'application/json', options);
  },

  /**
   * Server-sent events. A string is written as it is, for recorded streams; in an array each object becomes
   * `data: {…}` and a blank line, and each string is written as it is. Nothing is added: no role, no `[DONE]`.
   */
  sse(events: string | readonly (string | object)[], options: FakeReplyOptions = {}): FakeReply {
    const pieces = typeof events === 'string' ? cutEvents(events) : events;
    const toText = (event: string | object) =>
      typeof event === 'string' ? event : `data: ${JSON.stringify(event)}\n\n`;
    return bytes(pieces.map(toText), 'text/event-stream; charset=utf-8', options);
  },

  /** Any bytes. Set the content type in `headers`. */
  raw(
    body: string | Uint8Array | readonly (string | Uint8Array)[],
    options: FakeReplyOptions = {},
  ): FakeReply {
    const pieces = typeof body === 'string' || body instanceof Uint8Array ? [body] : body;
    return bytes(pieces, 'application/octet-stream', options);
  },

  /** Takes the request and never answers. The socket stays open until `close()` or until the client leaves. */
  neverRespond(): FakeReply {
    return { type: 'silence', options: {} };
  },

  /** Destroys the socket before any header: the client sees a connection reset. */
  closeSocket(options: Pick<FakeReplyOptions, 'delayMs'> = {}): FakeReply {
    return { type: 'refusal', options };
  },
};

function answer(parts: Partial<FakeAnswer>, options: FakeReplyOptions): FakeReply {
  const { reasoning = [] } = options;
  const content = { text: [], toolCalls: [], reasoning: [reasoning].flat(), ...parts };
  return { type: 'answer', answer: content, options };
}

function bytes(
  pieces: readonly (string | Uint8Array)[],
  contentType: string,
  options: FakeReplyOptions,
): FakeReply {
  const headers = { 'content-type': contentType, ...options.headers };
  return { type: 'bytes', pieces, options: { ...options, headers } };
}

/** Words with the space that follows them; a text without spaces is cut every four characters. */
function toWords(text: string): string[] {
  const words = text.match(/\s*\S+\s*?(?=\s|$)|\s+/gu) ?? [];
  return words.flatMap((word) => (word.length > 24 ? cutText(word, 4) : word));
}

/** Keeps the bytes, and makes each event a piece, so that `stallAfter` and its like count events. */
function cutEvents(text: string): string[] {
  return text.split(/(?<=\r?\n\r?\n)/u);
}

function toVendorError(status: number): object {
  const [type, code, message] = vendorErrors[status] ?? ['server_error', null, `Status ${status}`];
  return { error: { message, type, param: null, code } };
}

const vendorErrors: Record<number, [type: string, code: string | null, message: string]> = {
  400: ['invalid_request_error', 'invalid_value', 'The request is not valid.'],
  401: ['invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.'],
  402: ['insufficient_quota', 'insufficient_balance', 'Insufficient balance.'],
  403: ['insufficient_permissions', 'model_not_allowed', 'The key may not use this model.'],
  404: ['invalid_request_error', 'model_not_found', 'The model does not exist.'],
  413: ['invalid_request_error', 'request_too_large', 'The request is too large.'],
  429: ['requests', 'rate_limit_exceeded', 'Rate limit reached. Try again later.'],
  500: ['server_error', 'internal_error', 'The server had an error.'],
  502: ['upstream_error', null, 'Bad gateway.'],
  503: ['server_error', 'overloaded', 'The model is overloaded.'],
  504: ['upstream_error', 'upstream_timeout', 'The upstream timed out.'],
  529: ['server_error', 'overloaded', 'The model is overloaded.'],
};
