export { createAgentRouter } from './agent-router.ts';
export type { AgentRouterOptions } from './agent-router.ts';
export type { OfferedModel } from './offered-models.ts';
export type { PlainFrame } from './protocol/plain-sse.ts';
export { openServerWarning, serverOptionsFromEnv } from './server-options-from-env.ts';
export { startServer } from './start-server.ts';
export type { RunningServer, ServerOptions } from './start-server.ts';
