export { createAgent } from './agent.ts';
export type { Agent, AgentModel, AgentSettings, RunOptions } from './agent.ts';
export type { Run, RunError } from './run.ts';
export { runEventSchema } from './run-event.ts';
export type { RunEvent, RunEventBody, RunOutcome } from './run-event.ts';
export type { Attempt, RunResult, RunToolCall, Step } from './run-result.ts';
export type { ToolDefaults } from './tool-runner.ts';
