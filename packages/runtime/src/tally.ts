import { addCosts, addUsage, estimateTokens, noUsage, toAnyturnError } from '@anyturn/core';
import type { Cost, ErrorJson, ModelEvent, Usage } from '@anyturn/core';
import type { FinishReason, LanguageModelUsage, ModelMessage, ProviderMetadata } from 'ai';
import type { RunEventBody, RunOutcome } from './run-event.ts';
import type { Attempt, RunResult, RunToolCall, Step } from './run-result.ts';

interface TallyStart {
  runId: string;
  provider: string;
  model: string;
  messages: readonly ModelMessage[];
}

interface FinishedStep {
  finishReason: FinishReason;
  usage: LanguageModelUsage;
  providerMetadata: ProviderMetadata | undefined;
}

/**
 * The books of one run. Every method takes something that happened and gives the event that tells of it, so that what the
 * consumer sees and what the result says cannot differ.
 */
export class Tally {
  readonly #start: TallyStart;
  readonly #startedAt = performance.now();
  readonly #stepMessages = new Map<number, readonly ModelMessage[]>();
  readonly #steps: Step[] = [];
  readonly #calls: RunToolCall[] = [];
  readonly #attempts: Attempt[] = [];
  /** How long the tools took, told before their results pass. */
  readonly #durations = new Map<string, number>();
  #text = '';
  #usage: Usage = noUsage;
  /** Undefined until something was priced; null once something could not be. */
  #cost: Cost | null | undefined;
  #finishReason = 'other';
  #open: { step: number; text: string; reasoning: string } | undefined;

  constructor(start: TallyStart) {
    this.#start = start;
  }

  get stepCount(): number {
    return this.#steps.length;
  }

  get lastStep(): Step | undefined {
    return this.#steps.at(-1);
  }

  runStart(): RunEventBody {
    const { provider, model } = this.#start;
    return { type: 'run-start', provider, model };
  }

  /** Opens the next step; undefined when it is open already, because its first attempt was told before its first part. */
  stepStart(): RunEventBody | undefined {
    if (this.#open) return undefined;
    this.#open = { step: this.#steps.length + 1, text: '', reasoning: '' };
    return { type: 'step-start', step: this.#open.step };
  }

  /** True while an earlier step than the one named is still open. */
  isBefore(step: unknown): boolean {
    return this.#open !== undefined && typeof step === 'number' && step > this.#open.step;
  }

  text(text: string): RunEventBody {
    this.#text += text;
    if (this.#open) this.#open.text += text;
    return { type: 'text-delta', step: this.#step, text };
  }

  reasoning(text: string): RunEventBody {
    if (this.#open) this.#open.reasoning += text;
    return { type: 'reasoning-delta', step: this.#step, text };
  }

  toolCall(part: { toolCallId: string; toolName: string; input: unknown }): RunEventBody {
    const { toolCallId, toolName, input } = part;
    this.#calls.push({ step: this.#step, toolCallId, toolName, input });
    return { type: 'tool-call', step: this.#step, toolCallId, toolName, input };
  }

  toolDuration(toolCallId: string, durationMs: number): void {
    this.#durations.set(toolCallId, durationMs);
  }

  toolResult(part: {
    toolCallId: string;
    toolName: string;
    output: unknown;
    preliminary?: boolean | undefined;
  }): RunEventBody {
    const { toolCallId, toolName, output, preliminary } = part;
    const call = { step: this.#step, toolCallId, toolName };
    if (preliminary) return { type: 'tool-progress', ...call, output };
    const durationMs = this.#durations.get(toolCallId);
    const end = { output, ...(durationMs !== undefined && { durationMs }) };
    Object.assign(this.#calls.findLast((known) => known.toolCallId === toolCallId) ?? {}, end);
    return { type: 'tool-result', ...call, ...end };
  }

  toolError(part: { toolCallId: string; toolName: string; error: unknown }): RunEventBody {
    const { toolCallId, toolName } = part;
    const error = toAnyturnError(part.error, { code: 'tool_failed' }).toJSON();
    const durationMs = this.#durations.get(toolCallId);
    const end = { error, ...(durationMs !== undefined && { durationMs }) };
    Object.assign(this.#calls.findLast((known) => known.toolCallId === toolCallId) ?? {}, end);
    return { type: 'tool-error', step: this.#step, toolCallId, toolName, ...end };
  }

  stepEnd({ finishReason, usage: reported, providerMetadata }: FinishedStep): RunEventBody {
    const step = this.#step;
    const { text = '', reasoning = '' } = this.#open ?? {};
    this.#open = undefined;
    const usage = this.#usageOf(reported, text + reasoning, step);
    const cost = (providerMetadata?.['anyturn']?.['cost'] ?? null) as Cost | null; // Written by our own model.
    const toolCalls = this.#calls.filter((call) => call.step === step);
    this.#steps.push({ step, text, reasoning, toolCalls, finishReason, usage, cost });
    this.#finishReason = finishReason;
    this.#pay(usage, cost);
    return { type: 'step-end', step, finishReason, usage, cost };
  }

  /** The messages that a step added to the conversation, as the SDK made them. */
  stepMessages(step: number, messages: readonly ModelMessage[]): void {
    this.#stepMessages.set(step, messages);
  }

  /** The event that tells of a model event; undefined for those that a run has no event for. */
  modelEvent(event: ModelEvent): RunEventBody | undefined {
    const step = this.#step;
    switch (event.type) {
      case 'warning':
        return { type: 'warning', code: event.code, message: event.message, count: event.count };
      case 'attempt-start':
      case 'attempt-wait': {
        const { attempt, provider, model } = event;
        const facts = { type: 'attempt' as const, step, attempt, provider, model };
        if (event.type === 'attempt-start') return { ...facts, state: 'started' };
        return { ...facts, state: 'waiting', delayMs: event.delayMs, error: event.error };
      }
      case 'attempt-end': {
        const { attempt, provider, model, outcome, durationMs, usage, error } = event;
        this.#attempts.push({
          step,
          attempt,
          provider,
          model,
          outcome,
          durationMs,
          ...(usage && { usage }),
          ...(error && { error }),
        });
        // A finished attempt is paid with its step.
        if (outcome !== 'finished' && usage) this.#pay(usage, event.cost ?? null);
        if (outcome !== 'failed') return undefined;
        return {
          type: 'attempt',
          step,
          attempt,
          state: 'failed',
          provider,
          model,
          ...(error && { error }),
        };
      }
    }
  }

  runEnd(outcome: RunOutcome, error?: ErrorJson): RunEventBody {
    const { text, finishReason, usage, cost, attempts, durationMs } = this.result(outcome);
    return {
      type: 'run-end',
      outcome,
      finishReason,
      text,
      usage,
      cost,
      attempts: attempts.length,
      durationMs,
      ...(error && { error }),
    };
  }

  result(outcome: RunOutcome): RunResult {
    const { runId, provider, model, messages } = this.#start;
    return {
      runId,
      outcome,
      text: this.#text,
      finishReason: this.#finishReasonOf(outcome),
      steps: [...this.#steps],
      toolCalls: [...this.#calls],
      usage: this.#usage,
      cost: this.#cost ?? null,
      attempts: [...this.#attempts],
      provider,
      model,
      messages: [
        ...messages,
        ...this.#steps.flatMap((step) => this.#messagesOf(step)),
        ...asMessage(this.#open?.text),
      ],
      durationMs: Math.round(performance.now() - this.#startedAt),
    };
  }

  /** A call without its result would be refused by every vendor, so of such a step only the text is kept. */
  #messagesOf({ step, text, toolCalls }: Step): readonly ModelMessage[] {
    const answered = toolCalls.every((call) => 'output' in call || call.error);
    return (answered ? this.#stepMessages.get(step) : undefined) ?? asMessage(text);
  }

  #finishReasonOf(outcome: RunOutcome): string {
    if (outcome === 'failed') return 'error';
    return this.#open || outcome === 'aborted' ? 'interrupted' : this.#finishReason;
  }

  get #step(): number {
    return this.#open?.step ?? Math.max(1, this.#steps.length);
  }

  #pay(usage: Usage, cost: Cost | null): void {
    this.#usage = addUsage(this.#usage, usage);
    this.#cost = this.#cost === undefined ? cost : addCosts(this.#cost, cost);
  }

  #usageOf(reported: LanguageModelUsage, answer: string, step: number): Usage {
    // Our own models count for themselves when the vendor does not, and tell it by their last attempt.
    const attempt = this.#attempts.findLast((candidate) => candidate.step === step);
    if (attempt?.outcome === 'finished' && attempt.usage) return attempt.usage;
    const { inputTokens, outputTokens } = reported;
    const estimated = inputTokens === undefined || outputTokens === undefined;
    const input = inputTokens ?? 0;
    const output = outputTokens ?? estimateTokens(answer);
    return {
      inputTokens: input,
      cachedInputTokens: reported.inputTokenDetails.cacheReadTokens ?? 0,
      outputTokens: output,
      reasoningTokens: reported.outputTokenDetails.reasoningTokens ?? 0,
      totalTokens: input + output,
      estimated,
    };
  }
}

function asMessage(text: string | undefined): ModelMessage[] {
  return text ? [{ role: 'assistant', content: text }] : [];
}
