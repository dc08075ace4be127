import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import {
  createEnvelope,
  newId,
  toChunks,
  toCompletion,
  toSseEvent,
  type CompletionContent,
  type CompletionUsage,
} from '../completion-chunk.ts';
import { cutConnection } from '../loopback-server.ts';
import type { FakeVendorProfile } from './profile.ts';
import type { RecordedRequest } from './recorded-request.ts';
import type { FakeAnswer, FakeReply, FakeReplyOptions } from './reply.ts';

interface Delivery {
  record: RecordedRequest;
  response: ServerResponse;
  profile: FakeVendorProfile;
}

/** Sends one reply, faults included. Resolves when there is nothing more to do, which for a stall is at once. */
export async function sendReply(reply: FakeReply, delivery: Delivery): Promise<void> {
  const { record, response, profile } = delivery;
  const { options } = reply;
  const left = new AbortController();
  response.once('close', () => left.abort());
  if (response.destroyed || reply.type === 'silence') return;
  if (!(await waitFor(options.delayMs ?? 0, left.signal))) return;
  if (reply.type === 'refusal') return cut(delivery);

  const { contentType, pieces } = toPieces(reply, record, profile);
  response.writeHead(options.status ?? 200, {
    'content-type': contentType,
    'x-request-id': newId('req_'),
    ...profile.headers,
    ...options.headers,
  });
  response.flushHeaders();

  let sent = 0;
  for (const piece of [...pieces, undefined]) {
    if (options.stallAfter === sent) return;
    if (options.resetAfter === sent) return cut(delivery);
    if (piece === undefined || options.endAfter === sent) break;
    if (!(await writePiece(response, piece, options, sent === 0, left.signal))) return;
    sent += 1;
  }
  if (options.keepOpen !== true) response.end();
}

function toPieces(
  reply: Exclude<FakeReply, { type: 'silence' | 'refusal' }>,
  record: RecordedRequest,
  profile: FakeVendorProfile,
): { contentType: string; pieces: readonly (string | Uint8Array)[] } {
  const comments = Array.from({ length: reply.options.comments ?? 0 }, () => ': keep-alive\n\n');
  if (reply.type === 'bytes') {
    return { contentType: 'application/octet-stream', pieces: [...comments, ...reply.pieces] };
  }
  const request = isRecord(record.body) ? record.body : {};
  const { options } = reply;
  const model =
    options.model ?? (typeof request['model'] === 'string' ? request['model'] : 'fake-model');
  const envelope = createEnvelope(model);
  const content = toContent(reply.answer, options, profile);
  const usage =
    options.usage === null ? undefined : estimateUsage(record.body, content, options.usage);
  if (request['stream'] !== true) {
    return {
      contentType: 'application/json',
      pieces: [JSON.stringify(toCompletion(envelope, content, usage))],
    };
  }
  const sendsUsage = asksForUsage(request, profile) ? usage : undefined;
  const { mapChunk = (chunk: object) => chunk, openingComment } = profile;
  const events = [...toChunks(envelope, content, sendsUsage)].flatMap((chunk) =>
    [mapChunk(chunk as Record<string, unknown>)].flat().map(toSseEvent),
  );
  const opening = openingComment === undefined ? [] : [`: ${openingComment}\n\n`];
  const done = options.done === false ? [] : ['data: [DONE]\n\n'];
  return {
    contentType: 'text/event-stream; charset=utf-8',
    pieces: [...opening, ...comments, ...events, ...done],
  };
}

function toContent(
  { text, reasoning, toolCalls }: FakeAnswer,
  { finishReason, inputPieceLength = 12 }: FakeReplyOptions,
  { reasoningField = 'reasoning_content' }: FakeVendorProfile,
): CompletionContent {
  const calls = toolCalls.map(({ name, input = {}, id = newId('call_') }) => {
    return { id, name, arguments: typeof input === 'string' ? input : JSON.stringify(input) };
  });
  const usual = calls.length > 0 ? 'tool_calls' : 'stop';
  return {
    text,
    reasoning,
    reasoningField,
    toolCalls: calls,
    argumentPieceLength: inputPieceLength,
    finishReason: finishReason === undefined ? usual : finishReason,
  };
}

function asksForUsage(
  request: Record<string, unknown>,
  { usage = 'when-asked' }: FakeVendorProfile,
) {
  if (usage !== 'when-asked') return usage === 'always';
  const options = request['stream_options'];
  return isRecord(options) && options['include_usage'] === true;
}

/** A rough count: tests that care about numbers give them. */
function estimateUsage(
  body: unknown,
  { text = [], reasoning = [], toolCalls = [] }: CompletionContent,
  given: Partial<CompletionUsage> = {},
): CompletionUsage {
  const output = [...text, ...reasoning, ...toolCalls.map((call) => call.arguments)].join('');
  const prompt_tokens = given.prompt_tokens ?? Math.ceil(JSON.stringify(body ?? '').length / 4);
  const completion_tokens = given.completion_tokens ?? Math.ceil(output.length / 4);
  const total_tokens = prompt_tokens + completion_tokens;
  return { total_tokens, ...given, prompt_tokens, completion_tokens };
}

/** Resolves to false when the client left meanwhile. */
async function writePiece(
  response: ServerResponse,
  piece: string | Uint8Array,
  { chunkDelayMs = 0, splitBytes }: FakeReplyOptions,
  isFirst: boolean,
  left: AbortSignal,
): Promise<boolean> {
  if (!isFirst && !(await waitFor(chunkDelayMs, left))) return false;
  const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
  const size = splitBytes === undefined ? bytes.length : Math.max(1, splitBytes);
  for (let at = 0; at < bytes.length; at += size) {
    if (!response.write(bytes.subarray(at, at + size)) && !(await drained(response, left))) {
      return false;
    }
    // Separate turns of the event loop keep the writes apart on the wire.
    if (splitBytes !== undefined) await new Promise((resolve) => setImmediate(resolve));
  }
  return !left.aborted;
}

async function drained(response: ServerResponse, signal: AbortSignal): Promise<boolean> {
  return once(response, 'drain', { signal }).then(
    () => true,
    () => false,
  );
}

async function waitFor(delayMs: number, signal: AbortSignal): Promise<boolean> {
  if (delayMs <= 0) return !signal.aborted;
  return wait(delayMs, true, { signal }).catch(() => false);
}

async function cut({ record, response }: Delivery): Promise<void> {
  record.cutByVendor = true;
  await cutConnection(response);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
