import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dynamicTool, jsonSchema } from 'ai';
import { openModel } from '@anyturn/core';
import { createFakeVendor, reply } from '@anyturn/testing';
import { expect, onTestFinished, test } from 'vitest';
import { createAgent } from './index.ts';

/**
 * Streams recorded from real vendors, served as the upstream of an agent. The recordings are not part of the repository; where
 * they are missing these tests are skipped.
 */
const folder = new URL('../../../../shared/fixtures/streams/', import.meta.url);

/** What each recording must at least show, so that an empty reading cannot pass. */
const recordings: [vendor: string, file: string, carries: string][] = [
  ['DeepSeek', 'raw/ai__deepseek__deepseek-text.chunks.txt', 'text usage'],
  ['DeepSeek', 'raw/ai__deepseek__deepseek-reasoning.chunks.txt', 'reasoning text usage'],
  ['DeepSeek', 'raw/ai__deepseek__deepseek-tool-call.chunks.txt', 'toolCalls usage'],
  ['Qwen', 'raw/ai__alibaba__alibaba-reasoning.chunks.txt', 'reasoning text usage'],
  ['Qwen', 'raw/ai__alibaba__alibaba-tool-call.chunks.txt', 'toolCalls usage'],
  [
    'GLM',
    'extracted/pydantic-ai__test_zai_test_zai_thinking_stream.0.200.sse',
    'reasoning text usage',
  ],
  [
    'GLM',
    'extracted/fantasy__TestOpenAICompatibleCommon_zai-glm-4-7-flash_tool_streaming.0.200.sse',
    'reasoning toolCalls usage',
  ],
  ['Groq', 'raw/ai__groq__groq-text.chunks.txt', 'text usage'],
  ['Groq', 'raw/ai__groq__groq-tool-call.chunks.txt', 'toolCalls usage'],
  [
    'Groq (Kimi)',
    'extracted/fantasy__TestOpenAICompatibleCommon_groq-kimi-k2_tool_streaming.0.200.sse',
    'toolCalls usage',
  ],
  ['xAI', 'raw/ai__xai__xai-text.chunks.txt', 'text usage'],
  ['xAI', 'raw/ai__openai-compatible__xai-tool-call.chunks.txt', 'reasoning toolCalls usage'],
  [
    'xAI',
    'extracted/fantasy__TestOpenAICompatibleCommon_xai-grok-4-fast_multi_tool_streaming.0.200.sse',
    'toolCalls usage',
  ],
  ['Mistral', 'raw/ai__mistral__mistral-text.chunks.txt', 'text usage'],
  ['Mistral', 'raw/ai__mistral__mistral-tool-call.chunks.txt', 'toolCalls usage'],
  ['Mistral', 'raw/ai__mistral__mistral-incremental-tool-call.chunks.txt', 'toolCalls usage'],
  [
    'Ollama',
    'extracted/ruby_llm__chat_streaming_responses_ollama_qwen3_supports_streaming_responses.0.200.sse',
    'reasoning text usage',
  ],
  [
    'llama.cpp',
    'extracted/fantasy__TestOpenAICompatibleCommon_llama-cpp-gpt-oss_simple_streaming.0.200.sse',
    'reasoning text usage',
  ],
  ['OpenAI', 'raw/ai__openai__openai-text.chunks.txt', 'text usage'],
  ['OpenAI', 'extracted/ai-gateway__chat-streaming.0.200.sse', 'text'],
];

test.skipIf(!existsSync(folder)).each(recordings)(
  'a recorded stream of %s gives all it carries: %s',
  async (_, file, carries) => {
    const sse = readRecording(file);
    const expected = readChunks(sse);
    const shown = Object.entries(expected).filter(([, value]) => JSON.stringify(value)?.length > 2);
    expect(shown.map(([key]) => key)).toEqual(expect.arrayContaining(carries.split(' ')));

    const vendor = await createFakeVendor({ script: [reply.sse(sse), reply.text('')] });
    onTestFinished(() => vendor.close());
    const agent = createAgent({
      model: { baseURL: vendor.baseURL, model: 'recorded' },
      tools: Object.fromEntries(expected.toolCalls.map(({ name }) => [name, anyTool])),
    });
    const { steps } = await agent.run({ prompt: 'Play it again.' }).result;

    expect({
      text: steps[0]?.text,
      reasoning: steps[0]?.reasoning,
      toolCalls: steps[0]?.toolCalls.map(({ toolName, input }) => ({ name: toolName, input })),
      usage: steps[0]?.usage,
    }).toEqual({
      ...expected,
      usage: expected.usage ?? { ...steps[0]?.usage, estimated: true },
    });
  },
);

test.skipIf(!existsSync(folder))('a recorded stream of OpenRouter tells what it cost', async () => {
  const file = 'extracted/fantasy__TestOpenRouterCommon_kimi_tool_streaming.1.200.sse';
  const sse = readRecording(file);
  const cost = /"cost":([\d.]+)/.exec(sse)?.[1];
  const vendor = await createFakeVendor({ script: [reply.sse(sse)] });
  onTestFinished(() => vendor.close());
  const model = openModel('openrouter', { baseURL: vendor.baseURL, apiKey: 'any-key', env: {} });
  const result = await createAgent({ model }).run({ prompt: 'Play it again.' }).result;
  expect(result.cost).toEqual({ amount: cost, currency: 'USD', estimated: false });
});

test.skipIf(!existsSync(folder))('the recordings named here exist', () => {
  const names = ['raw', 'extracted'].flatMap((name) =>
    readdirSync(new URL(`${name}/`, folder)).map((file) => `${name}/${file}`),
  );
  expect(names).toEqual(expect.arrayContaining(recordings.map(([, file]) => file)));
});

const anyTool = dynamicTool({
  description: 'Takes anything.',
  inputSchema: jsonSchema({ type: 'object' }),
  execute: async () => 'done',
});

function readRecording(file: string): string {
  const text = readFileSync(new URL(file, folder), 'utf8');
  if (!file.endsWith('.chunks.txt')) return text;
  const lines = text.trim().split('\n');
  return [...lines, '[DONE]'].map((line) => `data: ${line}\n\n`).join('');
}

/** A second, plain reading of the same bytes, to compare with. */
function readChunks(sse: string) {
  let text = '';
  let reasoning = '';
  let usage: object | undefined;
  const calls: { key: unknown; name: string; input: string }[] = [];
  for (const line of sse.split('\n')) {
    if (!line.startsWith('data: {')) continue;
    const chunk = JSON.parse(line.slice('data: '.length));
    const delta = chunk.choices?.[0]?.delta ?? {};
    for (const part of [delta.content ?? []].flat()) text += part.text ?? part;
    reasoning += delta.reasoning_content ?? delta.reasoning ?? '';
    for (const call of delta.tool_calls ?? []) {
      const key = call.index ?? call.id;
      const known = calls.find((candidate) => candidate.key === key);
      if (known) known.input += call.function.arguments ?? '';
      else calls.push({ key, name: call.function.name, input: call.function.arguments ?? '' });
    }
    if (chunk.usage) {
      const { prompt_tokens, completion_tokens, prompt_tokens_details, completion_tokens_details } =
        chunk.usage;
      const reasoningTokens = completion_tokens_details?.reasoning_tokens ?? 0;
      // xAI counts reasoning beside the answer; its total says so.
      const isBeside =
        chunk.usage.total_tokens === prompt_tokens + completion_tokens + reasoningTokens;
      const output = completion_tokens + (isBeside ? reasoningTokens : 0);
      usage = {
        inputTokens: prompt_tokens,
        cachedInputTokens: prompt_tokens_details?.cached_tokens ?? 0,
        outputTokens: output,
        reasoningTokens,
        totalTokens: prompt_tokens + output,
        estimated: false,
      };
    }
  }
  const toolCalls = calls.map(({ name, input }) => ({ name, input: JSON.parse(input || '{}') }));
  return { text, reasoning, toolCalls, usage };
}
