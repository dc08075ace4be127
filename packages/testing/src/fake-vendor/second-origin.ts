import type { IncomingMessage, ServerResponse } from 'node:http';
import { listenOnLoopback, readBody, type LoopbackServer } from '../loopback-server.ts';
import { RecordedRequest } from './recorded-request.ts';

/** Where redirects lead: a server that stands for somebody else's, and must not be reached by a careful client. */
export type SecondOrigin = LoopbackServer;

const maxBodyBytes = 1024 * 1024;

/** Starts it on a free port. It answers everything with 200 and an empty object, and keeps what it was sent. */
export function startSecondOrigin(options: {
  host: string;
  /** Takes the requests, up to `maxRequests`. */
  record: RecordedRequest[];
  maxRequests: number;
}): Promise<SecondOrigin> {
  const { host, record, maxRequests } = options;
  let arrived = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const recorded = new RecordedRequest(arrived, request, response);
    arrived += 1;
    if (arrived <= maxRequests) record.push(recorded);
    recorded.body = await readBody(request, maxBodyBytes);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }

  return listenOnLoopback(
    (request, response) => {
      answer(request, response).catch(() => response.destroy());
    },
    { host },
  );
}
