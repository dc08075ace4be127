import { randomBytes } from 'node:crypto';

/** Token counts in the words of the chat completions protocol. Vendors add fields of their own. */
export interface CompletionUsage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
  [field: string]: unknown;
}

/** One tool call as it is sent: `arguments` is JSON text, and may be broken on purpose. */
interface WireToolCall {
  id: string;
  name: string;
  arguments: string;
}

/** What one answer says, before it is cut into chunks or put into one JSON object. */
export interface CompletionContent {
  /** Pieces of text; each one becomes a delta. */
  text?: readonly string[];
  /** Pieces of reasoning; each one becomes a delta ahead of the text. */
  reasoning?: readonly string[];
  /** The field that carries reasoning. @default 'reasoning_content' */
  reasoningField?: string;
  toolCalls?: readonly WireToolCall[];
  /** Length of one piece of tool call arguments, in characters. @default 12 */
  argumentPieceLength?: number;
  /** `null` leaves the finish chunk out of a stream. */
  finishReason: string | null;
}

/** What is the same on every chunk of one answer. */
export interface CompletionEnvelope {
  id: string;
  created: number;
  model: string;
}

export function createEnvelope(model: string): CompletionEnvelope {
  return { id: newId('chatcmpl-'), created: Math.floor(Date.now() / 1000), model };
}

/** A random id such as `call_5f0c…`. */
export function newId(prefix: string): string {
  return prefix + randomBytes(12).toString('hex');
}

/**
 * Cuts an answer into stream chunks: role, reasoning, text, tool calls with fragmented arguments, finish reason.
 * With `usage` a last chunk follows whose `choices` is empty.
 */
export function* toChunks(
  envelope: CompletionEnvelope,
  content: CompletionContent,
  usage?: CompletionUsage,
): Generator<object> {
  const { reasoningField = 'reasoning_content', argumentPieceLength = 12 } = content;
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    id: envelope.id,
    object: 'chat.completion.chunk',
    created: envelope.created,
    model: envelope.model,
    choices: [{ index: 0, delta, logprobs: null, finish_reason }],
    ...(usage && { usage: null }),
  });

  yield chunk({ role: 'assistant', content: '', refusal: null });
  for (const piece of content.reasoning ?? []) yield chunk({ [reasoningField]: piece });
  for (const piece of content.text ?? []) yield chunk({ content: piece });
  for (const [index, call] of (content.toolCalls ?? []).entries()) {
    const { id, name } = call;
    yield chunk({
      tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }],
    });
    for (const piece of cutText(call.arguments, argumentPieceLength)) {
      yield chunk({ tool_calls: [{ index, function: { arguments: piece } }] });
    }
  }
  if (content.finishReason !== null) yield chunk({}, content.finishReason);
  if (usage) yield { ...chunk({}), choices: [], usage };
}

/** The same answer as one JSON object, for requests without `stream`. */
export function toCompletion(
  { id, created, model }: CompletionEnvelope,
  content: CompletionContent,
  usage?: CompletionUsage,
): object {
  const { text, reasoning, reasoningField = 'reasoning_content', toolCalls = [] } = content;
  const message = {
    role: 'assistant',
    content: text?.length ? text.join('') : null,
    refusal: null,
    ...(reasoning?.length && { [reasoningField]: reasoning.join('') }),
    ...(toolCalls.length > 0 && { tool_calls: toolCalls.map(toWireCall) }),
  };
  const choice = { index: 0, message, logprobs: null, finish_reason: content.finishReason };
  return {
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [choice],
    ...(usage && { usage }),
  };
}

/** One server-sent event with a JSON value. */
export function toSseEvent(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}

/** The body of an error, as OpenAI sends it. */
export function toErrorBody(
  message: string,
  {
    type = 'invalid_request_error',
    code = null as string | null,
    param = null as string | null,
  } = {},
): object {
  return { error: { message, type, param, code } };
}

/** Cuts text into pieces of at most `length` characters, never inside a character. */
export function cutText(text: string, length: number): string[] {
  const characters = Array.from(text);
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; at += length) {
    pieces.push(characters.slice(at, at + length).join(''));
  }
  return pieces;
}

function toWireCall({ id, name, arguments: text }: WireToolCall): object {
  return { id, type: 'function', function: { name, arguments: text } };
}
