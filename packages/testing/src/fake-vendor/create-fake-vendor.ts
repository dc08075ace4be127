import type { IncomingMessage, ServerResponse } from 'node:http';
import { newId } from '../completion-chunk.ts';
import { listenOnLoopback, readBody } from '../loopback-server.ts';
import { fakeVendorCases, type FakeVendorCase, type FakeVendorCaseName } from './case.ts';
import type { FakeVendorProfile } from './profile.ts';
import { RecordedRequest, type FakeVendorRequest } from './recorded-request.ts';
import { reply, type FakeReply } from './reply.ts';
import { sendReply } from './send-reply.ts';

/** What the fake vendor answers: one reply per request in order, or a function that sees the request. */
export type FakeVendorScript =
  | readonly FakeReply[]
  | ((request: FakeVendorRequest) => FakeReply | Promise<FakeReply>);

export interface FakeVendorOptions {
  /**
   * Replies, one per request in the order of arrival. When they are used up, further requests get a 500 whose message
   * says so. `GET …/models` is answered with one model and takes no reply from a list; a function sees it too.
   */
  script?: FakeVendorScript;
  /** A named situation instead of a script; its last reply repeats. @default 'ok' */
  case?: FakeVendorCaseName;
  /** How the protocol differs from OpenAI's. */
  profile?: FakeVendorProfile;
  /** 0 takes a free one. @default 0 */
  port?: number;
  /** @default '127.0.0.1' */
  host?: string;
}

export interface FakeVendor {
  /** For example `http://127.0.0.1:41234/v1`. */
  readonly baseURL: string;
  /** A made-up key. Any key is taken: what a wrong one leads to is for the script to say. */
  readonly apiKey: string;
  /** The model of `GET /models`. Any model is taken. */
  readonly modelId: 'fake-model';
  /** Every request in the order of arrival, the first 10,000. */
  readonly requests: readonly FakeVendorRequest[];
  /** Resolves to the request with this index (0 for the first) as soon as it has arrived with its body. Rejects on `close()`. */
  waitForRequest: (index: number) => Promise<FakeVendorRequest>;
  /** Replaces the script from the next request on. */
  setScript: (script: FakeVendorScript) => void;
  /** Stops listening and closes open sockets, also stalled ones. */
  close: () => Promise<void>;
}

const maxRequests = 10_000;
const maxBodyBytes = 16 * 1024 * 1024;

/**
 * Starts a scripted OpenAI-compatible vendor on a random loopback port, for tests of code that calls one.
 *
 * It speaks real HTTP and SSE, records what it was asked, and fails in the ways real vendors do when told to:
 * statuses, stalls, resets, bodies that are not the protocol.
 */
export async function createFakeVendor(options: FakeVendorOptions = {}): Promise<FakeVendor> {
  const { script, case: caseName = 'ok', profile = {}, port = 0, host = '127.0.0.1' } = options;
  const requests: RecordedRequest[] = [];
  const waiting = new Set<{ index: number; resolve: () => void; reject: (error: Error) => void }>();
  let nextReply = toReplies(script ?? findCase(caseName));
  let arrived = 0;

  const server = await listenOnLoopback(
    (request, response) => {
      // A socket that breaks while we write is the client's leaving, which the record shows.
      answer(request, response).catch(() => response.destroy());
    },
    { host, port },
  );

  return {
    baseURL: `${server.origin}/v1`,
    apiKey: newId('fake-'),
    modelId: 'fake-model',
    requests,
    waitForRequest: (index) =>
      new Promise((resolve, reject) => {
        const waiter = {
          index,
          resolve: () => resolve(requests[index] as RecordedRequest),
          reject,
        };
        waiting.add(waiter);
        wakeWaiters();
      }),
    setScript: (next) => {
      nextReply = toReplies(next);
    },
    close: async () => {
      for (const request of requests) request.cutByVendor ||= request.end === undefined;
      await server.close();
      for (const { index, reject } of waiting) reject(new Error(closedMessage(index, arrived)));
      waiting.clear();
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const record = new RecordedRequest(arrived, request, response);
    arrived += 1;
    if (record.index < maxRequests) requests.push(record);
    const body = await readBody(request, maxBodyBytes);
    record.body = parseBody(body);
    record.hasBody = true;
    wakeWaiters();
    const next = body === undefined ? reply.status(413) : await nextReply(record);
    await sendReply(next, { record, response, profile });
  }

  function wakeWaiters(): void {
    for (const waiter of waiting) {
      if (requests[waiter.index]?.hasBody) {
        waiting.delete(waiter);
        waiter.resolve();
      }
    }
  }
}

type NextReply = (request: FakeVendorRequest) => FakeReply | Promise<FakeReply>;

function toReplies(script: FakeVendorScript | FakeVendorCase): NextReply {
  if (typeof script === 'function') return script;
  const repeats = 'script' in script;
  const replies = repeats ? script.script : script;
  let used = 0;
  return ({ method, path, index }) => {
    if (method === 'GET' && /\/models\/?(?:\?|$)/u.test(path)) return modelList;
    const next = replies[used] ?? (repeats ? replies.at(-1) : undefined);
    used += 1;
    return next ?? scriptExhausted(replies.length, index);
  };
}

function findCase(name: string): FakeVendorCase {
  const cases: Record<string, FakeVendorCase> = fakeVendorCases;
  const found = Object.hasOwn(cases, name) ? cases[name] : undefined;
  if (found) return found;
  throw new TypeError(`No fake vendor case "${name}". Known: ${Object.keys(cases).join(', ')}.`);
}

const modelList = reply.json({
  object: 'list',
  data: [{ id: 'fake-model', object: 'model', created: 0, owned_by: 'fake-vendor' }],
});

function scriptExhausted(length: number, index: number): FakeReply {
  const message = `The fake vendor's script has ${length} replies, and this is request ${index + 1}.`;
  const error = { message, type: 'server_error', param: null, code: 'script_exhausted' };
  return reply.status(500, { body: { error }, headers: { 'x-should-retry': 'false' } });
}

function parseBody(text: string | undefined): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function closedMessage(index: number, arrived: number): string {
  return `The fake vendor was closed before request ${index} came; it had ${arrived} in all.`;
}
