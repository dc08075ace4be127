import type { Agent } from '@anyturn/runtime';
import express from 'express';
import type { Router } from 'express';
import { answerPreflight, checkHost, refuseCrossSite } from './host-check.ts';
import type { HostCheckOptions } from './host-check.ts';
import { errorHandler, methodNotAllowed } from './http-error.ts';
import { offerModels } from './offered-models.ts';
import type { ModelChoice } from './offered-models.ts';
import { getModels } from './routes/models.ts';
import { getStream, postStream } from './routes/stream.ts';

export interface AgentRouterOptions extends HostCheckOptions {
  /** The agents that may be asked, by the name that requests use. At least one. */
  agents: Readonly<Record<string, Agent>>;
  /** Who answers a request that names no agent. @default the first of `agents` */
  defaultAgent?: string;
  /**
   * Models that a request may name besides the agent's own, which is always offered as `provider/model-id`.
   * References are opened on first use, so a missing key only fails the requests that need it.
   * @default {}
   */
  models?: Readonly<Record<string, ModelChoice>>;
  /** Milliseconds between the comments that keep a silent stream open. @default 15_000 */
  heartbeatMs?: number;
  /** Milliseconds that a client may stop reading before it is cut off and its run aborted. @default 30_000 */
  slowReaderMs?: number;
  /** Ends live runs with an `unavailable` error frame when it fires; later requests get 503. */
  signal?: AbortSignal;
}

/**
 * Makes an Express router that runs agents over HTTP: `POST /api/stream`, `GET /api/stream?prompt=…` for
 * `EventSource`, and `GET /api/models`. Mount it anywhere in an existing app: it answers these paths only,
 * and works with or without a body parser before it. Mount it before one: a parser that comes first sets its own size limit
 * and answers bad JSON in its own way, by default with HTML.
 *
 * A client that leaves aborts its run. Requests with a foreign `Host` or `Origin` get 403.
 *
 * @throws {TypeError} when `agents` is empty or `defaultAgent` is not one of them.
 */
export function createAgentRouter(options: AgentRouterOptions): Router {
  const {
    agents: agentsByName,
    models: modelsByName = {},
    heartbeatMs = 15_000,
    slowReaderMs = 30_000,
    signal = new AbortController().signal,
  } = options;
  const agents = new Map(Object.entries(agentsByName));
  const defaultAgent = options.defaultAgent ?? [...agents.keys()][0] ?? '';
  if (!agents.has(defaultAgent)) {
    throw new TypeError(
      agents.size === 0 ? 'agents must not be empty' : 'defaultAgent must be one of agents',
    );
  }
  const models = offerModels(modelsByName);
  const streamOptions = { agents, defaultAgent, models, heartbeatMs, slowReaderMs, signal };

  const router = express.Router();
  router.all(['/api/stream', '/api/models'], checkHost(options), refuseCrossSite);
  router
    .route('/api/stream')
    // Express would answer HEAD by running GET, which starts a run that nobody reads.
    .head(methodNotAllowed('GET, POST'))
    .get(getStream(streamOptions))
    .post(...postStream(streamOptions))
    .options(answerPreflight('GET, POST'))
    .all(methodNotAllowed('GET, POST'));
  router
    .route('/api/models')
    .get(getModels({ agents, defaultAgent, models }))
    .options(answerPreflight('GET'))
    .all(methodNotAllowed('GET'));
  router.use(errorHandler);
  return router;
}
