import type { LanguageModelV4Usage } from '@ai-sdk/provider';

/** Token counts of one call, one step or one run. */
export interface Usage {
  /** All tokens of the prompt, cached ones included. */
  inputTokens: number;
  /** The part of `inputTokens` that the vendor read from its cache. */
  cachedInputTokens: number;
  /** All tokens of the answer, reasoning included. */
  outputTokens: number;
  /** The part of `outputTokens` spent on reasoning. */
  reasoningTokens: number;
  totalTokens: number;
  /** True when any figure was counted by us because the vendor reported none. */
  estimated: boolean;
}

export const noUsage: Usage = Object.freeze({
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  totalTokens: 0,
  estimated: false,
});

export function addUsage(a: Usage, b: Usage): Usage {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    totalTokens: a.totalTokens + b.totalTokens,
    estimated: a.estimated || b.estimated,
  };
}

/** The SDK's counts in our words; undefined when the vendor reported none. */
export function fromSdkUsage({
  inputTokens,
  outputTokens,
  raw,
}: LanguageModelV4Usage): Usage | undefined {
  if (inputTokens.total === undefined && outputTokens.total === undefined) return undefined;
  const input = inputTokens.total ?? 0;
  const output = outputTokens.total ?? 0;
  return {
    inputTokens: input,
    cachedInputTokens: inputTokens.cacheRead ?? 0,
    outputTokens: output,
    reasoningTokens: outputTokens.reasoning ?? 0,
    totalTokens: input + output,
    // Some servers say themselves that they only guess, the offline demo among them.
    estimated: raw?.['estimated'] === true,
  };
}

/** The SDK's counts with ours added, for an answer that took more than one attempt. */
export function addToSdkUsage(usage: LanguageModelV4Usage, added: Usage): LanguageModelV4Usage {
  const { inputTokens: input, outputTokens: output } = usage;
  return {
    ...usage,
    inputTokens: {
      ...input,
      total: (input.total ?? 0) + added.inputTokens,
      noCache: (input.noCache ?? 0) + added.inputTokens,
    },
    outputTokens: {
      ...output,
      total: (output.total ?? 0) + added.outputTokens,
      text: (output.text ?? 0) + added.outputTokens,
    },
  };
}
