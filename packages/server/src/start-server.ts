import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { AnyturnError } from '@anyturn/core';
import express from 'express';
import type { Express, RequestHandler } from 'express';
import { createAgentRouter } from './agent-router.ts';
import type { AgentRouterOptions } from './agent-router.ts';
import { answerBrokenRequests } from './broken-request.ts';
import { checkHost } from './host-check.ts';
import { errorHandler, methodNotAllowed, refuse } from './http-error.ts';
import { getHealth } from './routes/health.ts';
import { servePage } from './routes/page.ts';

export interface ServerOptions extends Omit<AgentRouterOptions, 'signal'> {
  /** 0 takes any free port. @default 8787 */
  port?: number;
  /** Address to listen on. Anything but a loopback address opens the server to the network. @default '127.0.0.1' */
  host?: string;
  /** Folder of the page to serve at `/`; without it there is no page. */
  pageRoot?: string | URL;
  /** Facts to show in `details` of `GET /health`. @default {} */
  info?: Readonly<Record<string, unknown>>;
  /** Milliseconds that live runs may go on after `close()` before they are ended. @default 1_000 */
  graceMs?: number;
}

export interface RunningServer {
  /** Where a browser on this machine reaches the server, without a slash at the end. */
  readonly url: string;
  /**
   * Takes no new requests, lets live runs go on for `graceMs`, then ends them with an `unavailable` frame.
   * Resolves when every connection is closed, at most a second after that. Calling it again waits for the same end.
   */
  close(): Promise<void>;
}

/**
 * Starts a server with the routes of `createAgentRouter`, `GET /health`, and the page when there is one.
 * Everything else is answered with a JSON error.
 *
 * @throws {AnyturnError} code `conflict` when the port is taken, `config` when the address or page cannot be used.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { port = 8787, host = '127.0.0.1', graceMs = 1_000 } = options;
  const stopping = new AbortController();
  const state: ServerState = {
    isStopping: false,
    openRequests: 0,
    startedMs: Date.now(),
    onRequestEnd: () => {},
  };
  const app = createApp(options, state, stopping.signal);
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, app);
  answerBrokenRequests(server);
  // Longer than the idle time of usual load balancers, which otherwise reuse a socket that is just closing.
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = 66_000;
  server.requestTimeout = 60_000;
  await listen(server, port, host);

  let closing: Promise<void> | undefined;
  return {
    url: toUrl(server.address() as AddressInfo, host),
    close: () => (closing ??= stop(server, state, { stopping, graceMs })),
  };
}

/** A prompt in a query may be long. */
const MAX_HEADER_BYTES = 65_536;

interface ServerState {
  isStopping: boolean;
  openRequests: number;
  startedMs: number;
  onRequestEnd: () => void;
}

/** Addresses to listen on that are no address to be reached at. */
const wildcards = ['0.0.0.0', '::'];

/** How long streams get to write their last frame once they were told to end. */
const LAST_FRAME_MS = 500;

function createApp(options: ServerOptions, state: ServerState, signal: AbortSignal): Express {
  const { pageRoot, host = '127.0.0.1', allowedHosts = [], agents, info = {} } = options;
  const ownHosts = wildcards.includes(host) ? [] : [host];
  const access = { ...options, allowedHosts: [...ownHosts, ...allowedHosts] };
  const health = getHealth(() => ({
    isStopping: state.isStopping,
    details: {
      agents: Object.keys(agents),
      // This request is one of them.
      openRequests: state.openRequests - 1,
      uptimeMs: Date.now() - state.startedMs,
      ...info,
    },
  }));

  const app = express();
  app.disable('x-powered-by');
  app.use(countRequests(state), checkHost(access));
  app.route('/health').get(health).all(methodNotAllowed('GET'));
  app.use(refuseWhileStopping(state));
  app.use(createAgentRouter({ ...access, signal }));
  if (pageRoot !== undefined) app.use(servePage(pageRoot));
  app.use((_req, res) =>
    refuse(res, {
      code: 'not_found',
      message: 'There is nothing at this path. Try POST /api/stream, GET /api/models, GET /health.',
    }),
  );
  app.use(errorHandler);
  return app;
}

function countRequests(state: ServerState): RequestHandler {
  return (_req, res, next) => {
    state.openRequests++;
    res.once('close', () => {
      state.openRequests--;
      state.onRequestEnd();
    });
    next();
  };
}

/** Sockets that were kept open can still bring requests after the server stopped listening. */
function refuseWhileStopping(state: ServerState): RequestHandler {
  return (_req, res, next) => {
    if (!state.isStopping) return next();
    refuse(res, {
      code: 'unavailable',
      message: 'The server is shutting down. Ask again in a moment.',
      headers: { connection: 'close' },
    });
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => reject(toListenError(error, port, host));
    server.once('error', fail);
    try {
      server.listen(port, host, resolve);
    } catch (error) {
      fail(error as Error); // a port out of range is thrown at once
    }
  });
}

function toListenError(error: NodeJS.ErrnoException, port: number, host: string): AnyturnError {
  if (error.code === 'EADDRINUSE') {
    return new AnyturnError({
      code: 'conflict',
      message: `Port ${port} is in use. Stop what is using it, or choose another port (0 takes any free one).`,
      cause: error,
    });
  }
  const hint =
    error.code === 'EACCES'
      ? 'Ports below 1024 need special rights: choose a higher one.'
      : 'Choose a port from 0 to 65535 and an address of this machine, such as 127.0.0.1.';
  return new AnyturnError({
    code: 'config',
    message: `Cannot listen on ${host}, port ${port}. ${hint}`,
    cause: error,
  });
}

async function stop(
  server: Server,
  state: ServerState,
  options: { stopping: AbortController; graceMs: number },
): Promise<void> {
  const { stopping, graceMs } = options;
  state.isStopping = true;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // A connection whose request just ended is kept open by its client, and counts as idle a moment later.
  state.onRequestEnd = () => setImmediate(() => server.closeIdleConnections());
  const hasClosed = (ms: number): Promise<unknown> =>
    Promise.race([closed, delay(ms, undefined, { ref: false })]);

  if (state.openRequests > 0) await hasClosed(graceMs);
  stopping.abort();
  if (state.openRequests > 0) await hasClosed(LAST_FRAME_MS);
  server.closeAllConnections();
  await closed;
}

function toUrl({ address, port, family }: AddressInfo, host: string): string {
  if (wildcards.includes(address)) return `http://localhost:${port}`;
  const name = family === 'IPv6' ? `[${address}]` : host === 'localhost' ? host : address;
  return `http://${name}:${port}`;
}
