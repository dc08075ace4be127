import { request as sendRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';

/** A `fetch` that sends every request to one Unix socket, whatever the host of its URL. Redirects are not followed. */
export function createSocketFetch(socketPath: string): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const { method, headers, signal } = request;
    const { pathname, search } = new URL(request.url);
    const body = Buffer.from(await request.arrayBuffer());
    return new Promise((resolve, reject) => {
      sendRequest({
        socketPath,
        method,
        path: `${pathname}${search}`,
        headers: { ...Object.fromEntries(headers), 'content-length': body.length },
        signal,
        agent: false,
      })
        .once('response', (response) => resolve(toResponse(response)))
        .once('error', (error) =>
          reject(signal.aborted ? signal.reason : new TypeError('fetch failed', { cause: error })),
        )
        .end(body);
    });
  };
}

function toResponse(response: IncomingMessage): Response {
  const { statusCode: status = 200, headers } = response;
  const pairs = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one): [string, string] => [name, one]),
  );
  // The types of Node's own web streams and the global ones differ in name alone.
  return new Response(Readable.toWeb(response) as ReadableStream, { status, headers: pairs });
}
