import type { RunOptions } from '@anyturn/runtime';

/** The flags that shape a run. */
export interface RunFlags {
  model?: string;
  system?: string;
  temperature?: number;
  topP?: number;
  maxTokens?: number;
  maxSteps?: number;
  seed?: number;
  /** Seconds. */
  timeout?: number;
  tools?: boolean;
}

export function toRunOptions(flags: RunFlags): Omit<RunOptions, 'prompt' | 'messages'> {
  const { system, temperature, topP, maxTokens, maxSteps, seed, timeout } = flags;
  return {
    ...(system !== undefined && { instructions: system }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(maxTokens !== undefined && { maxOutputTokens: maxTokens }),
    ...(maxSteps !== undefined && { maxSteps }),
    ...(seed !== undefined && { seed }),
    ...(timeout !== undefined && { timeoutMs: timeout * 1_000 }),
  };
}
