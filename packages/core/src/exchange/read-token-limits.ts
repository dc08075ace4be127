/** How many tokens a vendor counted in a request, and how many it takes. */
export interface TokenLimits {
  countedTokens?: number;
  allowedTokens?: number;
}

/** Finds both counts in the words of a context overflow, as far as they are there. */
export function readTokenLimits(message: string): TokenLimits {
  for (const pattern of patterns) {
    const groups = pattern.exec(message)?.groups;
    if (!groups) continue;
    const counted = toCount(groups['counted']);
    const allowed = toCount(groups['allowed']);
    // What is asked for as the answer counts too.
    const more = toCount(groups['more']) ?? 0;
    return {
      ...(counted !== undefined && { countedTokens: counted + more }),
      ...(allowed !== undefined && { allowedTokens: allowed }),
    };
  }
  return {};
}

/**
 * The first that fits counts. Wordings: recorded (DeepSeek), quoted in public issue threads with the year given, or from the vendors'
 * error pages; those without a year are from general knowledge: unsure.
 */
const patterns: readonly RegExp[] = [
  // vLLM 2026: https://github.com/vllm-project/vllm/issues/42474
  /maximum context length is (?<allowed>[\d,]+) tokens.{0,200}?for a total of at least (?<counted>[\d,]+) tokens/i,
  // vLLM, when the limit of the answer does not fit beside the prompt.
  /maximum context length is (?<allowed>[\d,]+) tokens and your request has (?<counted>[\d,]+) input tokens \((?<more>[\d,]+) >/i,
  /passed (?<counted>[\d,]+) input tokens and requested (?<more>[\d,]+) output tokens.{0,80}?context length is only (?<allowed>[\d,]+)/i,
  /\(length (?<counted>[\d,]+)\) is longer than the maximum model length of (?<allowed>[\d,]+)/i,
  // OpenAI, DeepSeek (recorded), Groq, Together, OpenRouter; SGLang 2026: https://github.com/anomalyco/opencode/pull/25230
  /maximum context length (?:is|of) (?<allowed>[\d,]+) tokens.{0,60}?(?:requested|resulted in|has|contains?)(?: a total of| about| at least)? (?<counted>[\d,]+) (?:input )?tokens/i,
  // SiliconFlow 2025: https://github.com/chatboxai/chatbox/issues/2060
  /prompt_tokens \((?<counted>[\d,]+)\).{0,60}?max_seq_len \((?<allowed>[\d,]+)\)/i,
  // Moonshot 2026: https://github.com/MoonshotAI/kimi-cli/issues/2011
  /model token limit: (?<allowed>[\d,]+)(?: \(re ?quested: (?<counted>[\d,]+)\))?/i,
  // Qwen.
  /range of input length should be \[\d+, ?(?<allowed>[\d,]+)\]/i,
  // llama.cpp.
  /\((?<counted>[\d,]+) tokens\) exceeds the available context size \((?<allowed>[\d,]+) tokens\)/i,
  // Mistral.
  /contains (?<counted>[\d,]+) tokens.{0,60}?too large for model with (?<allowed>[\d,]+) maximum context length/i,
  // Text Generation Inference, also behind Together.
  /must be <= ?(?<allowed>[\d,]+)\. Given: (?<counted>[\d,]+) `inputs` tokens and (?<more>[\d,]+) `max_new_tokens`/i,
  // xAI.
  /maximum prompt length is (?<allowed>[\d,]+) but the request contains (?<counted>[\d,]+) tokens/i,
  // Gemini 2025: https://github.com/arkavo-org/arkavo-edge/issues/371
  /input token count(?: \((?<counted>[\d,]+)\))? exceeds the maximum number of tokens allowed \(?(?<allowed>[\d,]+)/i,
  // Anthropic behind a gateway 2024: https://github.com/entropy-research/Devon/issues/88
  /prompt is too long: (?<counted>[\d,]+) tokens > (?<allowed>[\d,]+) maximum/i,
  /exceed context limit: (?<counted>[\d,]+) \+ (?<more>[\d,]+) > (?<allowed>[\d,]+)/i,
  // Fireworks.
  /prompt is too long: (?<counted>[\d,]+), model maximum context length: (?<allowed>[\d,]+)/i,
  // LM Studio.
  /first (?<counted>[\d,]+) tokens.{0,100}?context length of only (?<allowed>[\d,]+) tokens/i,
  // Poolside, SGLang 2026: https://github.com/earendil-works/pi/issues/5677, /4943, https://github.com/openclaw/openclaw/issues/129352
  /input(?: length)? \(?(?<counted>[\d,]+)(?: tokens)?\)? (?:exceeds|is longer than) (?:the )?(?:model's )?(?:maximum )?(?:allowed )?(?:context|input) length(?: of)? \(?(?<allowed>[\d,]+)/i,
  // Cerebras, Copilot.
  /current length is (?<counted>[\d,]+) while limit is (?<allowed>[\d,]+)/i,
  /token count of (?<counted>[\d,]+) exceeds the limit of (?<allowed>[\d,]+)/i,
  // OpenAI and Groq, a request over the tokens of a whole minute.
  /\bLimit (?<allowed>[\d,]+), Requested (?<counted>[\d,]+)/i,
  /(?:context|prompt|model) length(?: is| of)? (?<allowed>[\d,]+)/i,
];

function toCount(text: string | undefined): number | undefined {
  const count = Number(text?.replaceAll(',', '') || Number.NaN);
  return Number.isSafeInteger(count) && count > 0 ? count : undefined;
}
