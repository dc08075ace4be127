import type { Cost, Usage } from '@anyturn/core';
import type { RunResult } from '@anyturn/runtime';

/** `2 model calls in 3 attempts, 412 tokens in + 58 out (estimated), CNY 0.0012, 1.3 s` */
export function usageLine(
  {
    attempts,
    usage,
    cost,
    durationMs,
  }: Pick<RunResult, 'attempts' | 'usage' | 'cost' | 'durationMs'>,
  isDemo: boolean,
): string {
  const callCount = new Set(attempts.map(({ step }) => step)).size;
  const tries = attempts.length > callCount ? ` in ${attempts.length} attempts` : '';
  const calls = `${callCount} model call${callCount === 1 ? '' : 's'}${tries}`;
  const price = isDemo ? 'no cost: demo model' : costText(cost);
  return [calls, tokensText(usage), price, `${(durationMs / 1_000).toFixed(1)} s`].join(', ');
}

/** Tokens in and out, with what is known about them. */
export function tokensText(usage: Usage): string {
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens, estimated } = usage;
  const cached = cachedInputTokens > 0 ? ` (${cachedInputTokens} cached)` : '';
  const reasoning = reasoningTokens > 0 ? ` (${reasoningTokens} reasoning)` : '';
  const mark = estimated ? ' (estimated)' : '';
  return `${inputTokens} tokens in${cached} + ${outputTokens} out${reasoning}${mark}`;
}

/** The price of it; unknown is not free. */
export function costText(cost: Cost | null): string {
  if (cost === null) return 'cost unknown';
  return `${cost.currency} ${cost.amount}${cost.estimated ? ' (estimated)' : ''}`;
}
