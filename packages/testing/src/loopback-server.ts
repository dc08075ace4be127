import { mkdtemp, rm } from 'node:fs/promises';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { connect, type AddressInfo, type ListenOptions, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSocketFetch } from './socket-fetch.ts';

export interface LoopbackServer {
  /** For example `http://127.0.0.1:41234`, without a slash at the end. */
  readonly origin: string;
  /** Stops listening and closes every open socket. Safe to call twice. */
  close: () => Promise<void>;
}

/** A server that can only be reached with its own `fetch`. */
export interface SocketServer extends LoopbackServer {
  readonly fetch: typeof globalThis.fetch;
}

/** Serves HTTP on one address. Port 0 takes a free one. Rejects when the port is in use. */
export async function listenOnLoopback(
  listener: RequestListener,
  { host = '127.0.0.1', port = 0 }: { host?: string; port?: number } = {},
): Promise<LoopbackServer> {
  const { address, close } = await listen(listener, { host, port });
  return { origin: toOrigin(address as AddressInfo), close };
}

/** Serves HTTP on a Unix socket that only this user can open, for machines whose loopback network is down. */
export async function listenOnSocket(listener: RequestListener): Promise<SocketServer> {
  const folder = await mkdtemp(join(tmpdir(), 'anyturn-'));
  const path = join(folder, 'http.sock');
  const { close } = await listen(listener, { path });
  return {
    origin: 'http://localhost',
    fetch: createSocketFetch(path),
    close: async () => {
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Whether the server answers on its address. It does not where the loopback network is down. */
export function canConnect({ origin }: LoopbackServer): Promise<boolean> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname.replaceAll(/[[\]]/g, ''));
    const end = (isReachable: boolean) => {
      socket.destroy();
      resolve(isReachable);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}

async function listen(
  listener: RequestListener,
  where: ListenOptions,
): Promise<{ address: AddressInfo | string | null; close: () => Promise<void> }> {
  const server = createServer(listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    // A small write must leave at once, or a stream looks as if it came in bursts.
    socket.setNoDelay(true);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      resolve();
    });
  });

  let closing: Promise<void> | undefined;
  return {
    address: server.address(),
    close: () => {
      closing ??= new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      });
      return closing;
    },
  };
}

/**
 * Reads a whole request body as text.
 *
 * Resolves to `undefined` when it is longer than `maxBytes`; the rest is then read and thrown away, so that the
 * client gets to see the answer. Rejects when the client leaves before the end.
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<string | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    request.resume();
    return undefined;
  }
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length <= maxBytes) pieces.push(piece);
    else pieces.length = 0;
  }
  return length <= maxBytes ? Buffer.concat(pieces).toString('utf8') : undefined;
}

/** Destroys the socket of a response in the middle of its body, once everything written so far is on its way. */
export async function cutConnection(response: ServerResponse): Promise<void> {
  // Node holds writes back until the end of the turn; without this they would be thrown away with the socket.
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise<unknown>((resolve) => {
    if (!response.socket || response.socket.destroyed) resolve(undefined);
    else response.socket.write('', resolve);
  });
  response.destroy();
}

function toOrigin({ address, family, port }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
