import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { AnyturnError } from '@anyturn/core';

/** Answers with JSON what Node cannot read as a request, instead of its empty answers, and closes the connection. */
export function answerBrokenRequests(server: Server): void {
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (req, res) => answers.set(req.socket, res));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const answer = answers.get(socket);
    // A second answer must not end up inside one that is being sent.
    const isBusy = answer !== undefined && answer.headersSent && !answer.writableFinished;
    if (!socket.writable || isBusy) return void socket.destroy();
    const { status, code, message } = toProblem(error);
    const body = JSON.stringify({ error: new AnyturnError({ code, message }) });
    const head = [
      `HTTP/1.1 ${status}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'cache-control: no-store',
      'x-content-type-options: nosniff',
      'connection: close',
    ];
    // Waits for the bytes only: a client that never closes its side would keep the socket.
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
  });
}

function toProblem({ code }: NodeJS.ErrnoException) {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return {
        status: '431 Request Header Fields Too Large',
        code: 'too_large',
        message: 'The address and headers are larger than 64 KB. Send a long prompt with POST.',
      } as const;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return {
        status: '408 Request Timeout',
        code: 'timeout',
        message: 'The request did not arrive in time. Send it again.',
      } as const;
    default:
      return {
        status: '400 Bad Request',
        code: 'bad_request',
        message: 'This is no HTTP request that can be read. Check its address and headers.',
      } as const;
  }
}
