/** The frames of `POST /api/stream` that the page understands. Others may come, and are ignored. */
export type Frame =
  | { type: 'start'; provider: string; model: string; demo?: boolean }
  | { type: 'chunk'; content: string }
  | { type: 'reasoning-delta'; text: string }
  | { type: 'step-start' }
  | { type: 'attempt'; state: string }
  /** The answer of this step was cut and begins anew: what the step has shown so far is void. */
  | { type: 'attempt-reset' }
  | { type: 'tool-call'; toolCallId: string; toolName: string; input: unknown }
  | { type: 'tool-result'; toolCallId: string; output: unknown; durationMs?: number }
  | { type: 'tool-error'; toolCallId: string; error: { message: string }; durationMs?: number }
  | ({ type: 'done'; outcome: string; finishReason: string } & RunFacts)
  | { type: 'error'; code: string; message: string };

/** What a run used, as its last frame says. */
export interface RunFacts {
  usage: { inputTokens: number; outputTokens: number; estimated: boolean };
  cost: { amount: string; currency: string; estimated: boolean } | null;
  durationMs: number;
}
