import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { newId } from '../completion-chunk.ts';
import { cutConnection } from '../loopback-server.ts';
import type { FakeVendorProfile } from './profile.ts';
import type { RecordedRequest } from './recorded-request.ts';
import { toReplyBody, type ReplyBody } from './reply-body.ts';
import type { FakeReply, FakeReplyOptions } from './reply.ts';

interface Delivery {
  record: RecordedRequest;
  response: ServerResponse;
  profile: FakeVendorProfile;
  /** Replaces the interval of replies that send keep-alive comments. */
  keepAliveMs: number | undefined;
  /** Where a redirect leads, without the path. */
  redirectOrigin: () => Promise<string>;
}

/** Sends one reply, faults included. Resolves when there is nothing more to do, which for a stall is at once. */
export async function sendReply(reply: FakeReply, delivery: Delivery): Promise<void> {
  const { response, profile } = delivery;
  const { options } = reply;
  const left = new AbortController();
  response.once('close', () => left.abort());
  if (response.destroyed || reply.type === 'silence') return;
  if (!(await waitFor(options.delayMs ?? 0, left.signal))) return;
  if (reply.type === 'refusal') return cut(delivery, reply.cut);

  const { headers, pieces } = await toResponse(reply, delivery);
  const { status = 200, statusText } = options;
  if (statusText !== undefined) response.statusMessage = statusText;
  response.writeHead(status, {
    ...headers,
    'x-request-id': newId('req_'),
    ...profile.headers,
    ...options.headers,
  });
  response.flushHeaders();

  let sent = 0;
  for (const piece of withEnd(pieces)) {
    if (options.stallAfter === sent) return keepAlive(delivery, options, left.signal);
    if (options.resetAfter === sent) return cut(delivery, 'reset');
    if (options.closeAfter === sent) return cut(delivery, 'close');
    if (piece === undefined || options.endAfter === sent) break;
    if (!(await writePiece(response, piece, options, sent === 0, left.signal))) return;
    sent += 1;
  }
  if (options.keepOpen === true) return keepAlive(delivery, options, left.signal);
  response.end();
}

async function toResponse(
  reply: Extract<FakeReply, { type: 'answer' | 'bytes' | 'redirect' }>,
  { record, profile, redirectOrigin }: Delivery,
): Promise<{ headers: Record<string, string>; pieces: ReplyBody['pieces'] }> {
  if (reply.type !== 'redirect') {
    const { contentType, pieces } = toReplyBody(reply, record.body, profile);
    return { headers: { 'content-type': contentType }, pieces };
  }
  const given = reply.options.headers?.['location'];
  const location = given ?? `${await redirectOrigin()}${record.path}`;
  return { headers: { location }, pieces: [] };
}

function* withEnd<T>(pieces: Iterable<T>): Generator<T | undefined> {
  yield* pieces;
  yield undefined;
}

/** Until the client leaves. Does nothing for replies that stall in silence. */
async function keepAlive(
  { record, response, keepAliveMs }: Delivery,
  options: FakeReplyOptions,
  left: AbortSignal,
): Promise<void> {
  if (options.keepAliveMs === undefined) return;
  const { stream } = Object(record.body) as { stream?: unknown };
  // DeepSeek sends these to requests that queue: comments in a stream, else blank lines
  // (https://api-docs.deepseek.com/quick_start/rate_limit, 2026-10).
  const sign = stream === true ? ': keep-alive\n\n' : '\n';
  const intervalMs = Math.max(1, keepAliveMs ?? options.keepAliveMs);
  while (await waitFor(intervalMs, left)) {
    if (!(await writePiece(response, sign, {}, true, left))) return;
  }
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
    if (splitBytes !== undefined) await nextTurn();
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

async function cut({ record, response }: Delivery, how: 'reset' | 'close'): Promise<void> {
  record.cutByVendor = true;
  if (how === 'close') return cutConnection(response);
  await nextTurn(); // Node holds writes back until the end of the turn.
  const { socket } = response;
  if (!socket || socket.destroyed) return;
  // A reset throws away what the system has not taken yet.
  await new Promise((resolve) => socket.write('', resolve));
  socket.resetAndDestroy();
}
