import { AnyturnError, toAnyturnError } from '@anyturn/core';
import type { Agent } from '@anyturn/runtime';
import express from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { refuse } from '../http-error.ts';
import { isDemoModel } from '../offered-models.ts';
import type { OfferedModels } from '../offered-models.ts';
import { createPlainEncoder, toRecord } from '../protocol/plain-sse.ts';
import type { PlainFrame } from '../protocol/plain-sse.ts';
import { openSse } from '../protocol/sse-writer.ts';
import type { SseWriterOptions } from '../protocol/sse-writer.ts';
import { parseStreamBody, parseStreamQuery, toRunOptions } from '../stream-request.ts';
import type { StreamRequest } from '../stream-request.ts';

export interface StreamRouteOptions extends SseWriterOptions {
  agents: ReadonlyMap<string, Agent>;
  defaultAgent: string;
  models: OfferedModels;
  /** Ends live runs with an `unavailable` frame when it fires, and refuses new ones. */
  signal: AbortSignal;
}

/** `POST /api/stream`: one run, streamed in the plain protocol. */
export function postStream(options: StreamRouteOptions): RequestHandler[] {
  return [
    requireJson,
    express.json({ limit: '1mb' }),
    (req, res) => streamRun(res, parseStreamBody(req.body), { ...options, withIds: false }),
  ];
}

/**
 * `GET /api/stream?prompt=…`, for `EventSource`. It reconnects by itself after the end, and then sends the id
 * of the last frame: such a request is told to stop, and never starts a second run.
 */
export function getStream(options: StreamRouteOptions): RequestHandler {
  return async (req, res) => {
    if (req.headers['last-event-id'] !== undefined) return void res.status(204).end();
    await streamRun(res, parseStreamQuery(req.query), { ...options, withIds: true });
  };
}

async function streamRun(
  res: Response,
  request: StreamRequest,
  options: StreamRouteOptions & { withIds: boolean },
): Promise<void> {
  const { models, signal, withIds } = options;
  const interruption = (): AnyturnError | undefined => (signal.aborted ? shutDown() : undefined);
  if (signal.aborted) throw shutDown();
  const agent = findAgent(request.agent, options);
  const model = request.model === undefined ? undefined : models.find(request.model, agent);

  const clientLeft = new AbortController();
  res.once('close', () => clientLeft.abort());
  const run = agent.run({
    ...toRunOptions(request),
    ...(model && { model }),
    // A client that asked for text alone knows no frame that takes text back.
    ...(request.events === 'text' && { onCut: 'fail' as const }),
    signal: AbortSignal.any([clientLeft.signal, signal]),
  });

  const sse = openSse(res, options);
  const encoder = createPlainEncoder({ events: request.events, demo: isDemoModel, interruption });
  const send = async (frame: PlainFrame | undefined): Promise<void> => {
    if (frame) await sse.write(toRecord(frame, { withId: withIds }));
  };
  try {
    for await (const event of run) await send(encoder.encode(event));
  } catch (error) {
    // A failed run has told of itself in its last event; then this sends nothing.
    await send(encoder.fail(toAnyturnError(error)));
  }
  sse.end();
}

function findAgent(name: string | undefined, options: StreamRouteOptions): Agent {
  const { agents, defaultAgent } = options;
  const agent = agents.get(name ?? defaultAgent);
  if (agent) return agent;
  throw new AnyturnError({
    code: 'not_found',
    message: `There is no agent of that name here. There is: ${[...agents.keys()].join(', ')}.`,
  });
}

/** Also what stops a foreign page from posting without a preflight: it may not send this content type. */
function requireJson(req: Request, res: Response, next: () => void): void {
  if (req.is(['application/json', 'application/*+json'])) return next();
  // `is` is null for a request without a body, which gets a message about the missing fields.
  if (req.is('*/*') === null && req.headers['content-type'] === undefined) return next();
  refuse(res, {
    code: 'bad_request',
    status: 415,
    message: 'Send JSON, with the header "content-type: application/json".',
  });
}

function shutDown(): AnyturnError {
  return new AnyturnError({
    code: 'unavailable',
    message: 'The server is shutting down. Ask again in a moment.',
  });
}
