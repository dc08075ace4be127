import { errorCodes } from '@anyturn/core';
import { z } from 'zod';

const usageSchema = z.object({
  inputTokens: z.number(),
  cachedInputTokens: z.number(),
  outputTokens: z.number(),
  reasoningTokens: z.number(),
  totalTokens: z.number(),
  estimated: z.boolean(),
});

const costSchema = z.object({
  amount: z.string(),
  currency: z.enum(['CNY', 'USD']),
  estimated: z.boolean(),
});

const errorSchema = z.object({
  code: z.enum(errorCodes),
  message: z.string(),
  retryable: z.boolean(),
  provider: z.string().optional(),
  model: z.string().optional(),
  attempt: z.number().optional(),
  httpStatus: z.number().optional(),
  retryAfterMs: z.number().optional(),
  requestId: z.string().optional(),
  usage: usageSchema.optional(),
  limit: z.string().optional(),
  countedTokens: z.number().optional(),
  allowedTokens: z.number().optional(),
});

const step = z.number();
const toolCall = { step, toolCallId: z.string(), toolName: z.string() };

const bodySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run-start'), provider: z.string(), model: z.string() }),
  z.object({ type: z.literal('step-start'), step }),
  z.object({
    type: z.literal('attempt'),
    step,
    attempt: z.number(),
    state: z.enum(['started', 'waiting', 'failed', 'failover']),
    provider: z.string(),
    model: z.string(),
    delayMs: z.number().optional(),
    error: errorSchema.optional(),
  }),
  z.object({ type: z.literal('text-delta'), step, text: z.string() }),
  z.object({ type: z.literal('reasoning-delta'), step, text: z.string() }),
  // Drop this step's text, reasoning and open calls: another attempt tells them anew.
  z.object({
    type: z.literal('attempt-reset'),
    step,
    attempt: z.number(),
    reason: z.enum(errorCodes),
  }),
  z.object({ type: z.literal('tool-call'), ...toolCall, input: z.unknown() }),
  z.object({ type: z.literal('tool-progress'), ...toolCall, output: z.unknown() }),
  z.object({
    type: z.literal('tool-result'),
    ...toolCall,
    output: z.unknown(),
    durationMs: z.number().optional(),
  }),
  z.object({
    type: z.literal('tool-error'),
    ...toolCall,
    error: errorSchema,
    durationMs: z.number().optional(),
  }),
  z.object({
    type: z.literal('warning'),
    code: z.string(),
    message: z.string(),
    count: z.number(),
  }),
  z.object({
    type: z.literal('step-end'),
    step,
    finishReason: z.string(),
    usage: usageSchema,
    cost: costSchema.nullable(),
  }),
  z.object({
    type: z.literal('run-end'),
    outcome: z.enum(['finished', 'limit', 'paused', 'aborted', 'failed']),
    finishReason: z.string(),
    text: z.string(),
    usage: usageSchema,
    cost: costSchema.nullable(),
    attempts: z.number(),
    durationMs: z.number(),
    error: errorSchema.optional(),
  }),
]);

/** Checks an event that came over a wire. Fields it does not know are dropped, unknown types are refused. */
export const runEventSchema = z.object({ seq: z.number(), runId: z.string() }).and(bodySchema);

/** An event without its place in the run. */
export type RunEventBody = z.infer<typeof bodySchema>;

/**
 * Something that happened in a run. `seq` counts from 0 without gaps; `run-end` is always the last.
 * Events may gain fields and types: ignore what you do not know.
 */
export type RunEvent = { seq: number; runId: string } & RunEventBody;

export type RunOutcome = Extract<RunEventBody, { type: 'run-end' }>['outcome'];
