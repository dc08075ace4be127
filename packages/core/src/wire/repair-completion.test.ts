import { OpenAICompatibleChatLanguageModel } from '@ai-sdk/openai-compatible';
import { describe, expect, test } from 'vitest';
import { repairCompletion } from './repair-completion.ts';

const facts = { provider: 'test' };
const parisCall = {
  id: 'a',
  type: 'function',
  function: { name: 'weather', arguments: '{"city":"Paris"}' },
};
const paris = {
  type: 'tool-call',
  toolCallId: 'a',
  toolName: 'weather',
  input: '{"city":"Paris"}',
};
const hi = { type: 'text', text: 'Hi' };

describe('a whole answer', () => {
  test.each<[what: string, body: Record<string, unknown>, arrives: object]>([
    ['that needs no repair', answer({ content: 'Hi' }), { content: [hi] }],
    [
      'with tool calls and no finish reason',
      answer({ content: null, tool_calls: [parisCall] }, null),
      { content: [paris], finish: 'tool-calls', repairs: { finish_reason_missing: 1 } },
    ],
    [
      'with text and no finish reason',
      answer({ content: 'Hi' }, ''),
      { content: [hi], repairs: { finish_reason_missing: 1 } },
    ],
    [
      'with tool calls and a reason that nobody knows',
      answer({ content: '', tool_calls: [parisCall] }, 'eos'),
      { content: [paris], finish: 'tool-calls', repairs: { finish_reason: 1 } },
    ],
    [
      'that the vendor calls sensitive',
      answer({ content: 'Hi' }, 'sensitive'),
      { content: [hi], finish: 'content-filter', repairs: { finish_reason: 1 } },
    ],
    [
      'whose tool input is an object',
      answer(
        {
          tool_calls: [
            { ...parisCall, function: { name: 'weather', arguments: { city: 'Paris' } } },
          ],
        },
        'tool_calls',
      ),
      { content: [paris], finish: 'tool-calls', repairs: { tool_input_not_text: 1 } },
    ],
    [
      'whose tool input is null',
      answer(
        { tool_calls: [{ ...parisCall, function: { name: 'weather', arguments: null } }] },
        'tool_calls',
      ),
      {
        content: [{ ...paris, input: '{}' }],
        finish: 'tool-calls',
        repairs: { tool_calls_shape: 1 },
      },
    ],
    [
      'with function_call',
      answer({ function_call: { name: 'weather', arguments: '{}' } }, 'function_call'),
      {
        content: [{ ...paris, toolCallId: expect.any(String), input: '{}' }],
        finish: 'tool-calls',
        repairs: { function_call: 1 },
      },
    ],
    [
      'with counts as text',
      { ...answer({ content: 'Hi' }), usage: { prompt_tokens: '3', completion_tokens: '2' } },
      { content: [hi], usage: [3, 0, 2], repairs: { usage_as_text: 1 } },
    ],
    [
      'with cached tokens under a name of its own',
      {
        ...answer({ content: 'Hi' }),
        usage: { prompt_tokens: 3, completion_tokens: 2, prompt_cache_hit_tokens: 1 },
      },
      { content: [hi], usage: [3, 1, 2], repairs: { usage_names: 1 } },
    ],
    [
      'with its time as text',
      { ...answer({ content: 'Hi' }), created: '1700000000' },
      { content: [hi], repairs: { metadata_type: 1 } },
    ],
    [
      'with reasoning between tags',
      answer({ content: '<think>Hm.</think>\n\nHi' }),
      { content: [{ type: 'reasoning', text: 'Hm.' }, hi], repairs: { inline_reasoning: 1 } },
    ],
    [
      'with reasoning in details alone',
      answer({ content: 'Hi', reasoning_details: [{ type: 'reasoning.text', text: 'Hm.' }] }),
      {
        content: [{ type: 'reasoning', text: 'Hm.' }, hi],
        repairs: { reasoning_under_other_name: 1 },
      },
    ],
    [
      'with a call written as text',
      answer({
        content: 'Hi<tool_call>{"name":"weather","arguments":{"city":"Paris"}}</tool_call>',
      }),
      {
        content: [hi, { ...paris, toolCallId: expect.any(String) }],
        finish: 'tool-calls',
        repairs: { tool_calls_written_as_text: 1, finish_reason: 1 },
      },
    ],
    [
      'with a call written as GLM does',
      answer({
        content:
          '<tool_call>weather\n<arg_key>city</arg_key>\n<arg_value>Paris</arg_value></tool_call>',
      }),
      {
        content: [{ ...paris, toolCallId: expect.any(String) }],
        finish: 'tool-calls',
        repairs: { tool_calls_written_as_text: 1, finish_reason: 1 },
      },
    ],
    [
      'with a call written as Kimi does',
      answer({
        content:
          'Hi<|tool_calls_section_begin|><|tool_call_begin|>functions.weather:0<|tool_call_argument_begin|>{"city":"Paris"}<|tool_call_end|><|tool_calls_section_end|>',
      }),
      {
        content: [hi, { ...paris, toolCallId: expect.any(String) }],
        finish: 'tool-calls',
        repairs: { tool_calls_written_as_text: 1, finish_reason: 1 },
      },
    ],
    [
      'in delta instead of message',
      { choices: [{ delta: { content: 'Hi' }, finish_reason: 'stop' }] },
      { content: [hi], repairs: { message_instead_of_delta: 1 } },
    ],
    [
      'as the retired completions',
      { choices: [{ text: 'Hi', finish_reason: 'stop' }] },
      { content: [hi], repairs: { message_instead_of_delta: 1 } },
    ],
    [
      'with a role other than assistant',
      answer({ role: 'model', content: 'Hi' }),
      { content: [hi], repairs: { role_not_assistant: 1 } },
    ],
    [
      'with choices as an object',
      { choices: { index: 0, message: { content: 'Hi' }, finish_reason: 'stop' } },
      { content: [hi], repairs: { choices_not_a_list: 1 } },
    ],
    [
      'with a code and a message of success',
      { ...answer({ content: 'Hi' }), code: 0, message: 'Success', base_resp: { status_code: 0 } },
      { content: [hi] },
    ],
  ])('%s arrives', async (_, body, arrives) => {
    const repaired = repairCompletion(body, { facts, offersTools: true });
    const { content, finishReason, usage } = await sdkModel().convertResponse({
      body: repaired.body,
    });
    expect({
      content,
      finish: finishReason.unified,
      usage: [usage.inputTokens.total, usage.inputTokens.cacheRead, usage.outputTokens.total],
      repairs: Object.fromEntries(repaired.repairs),
    }).toEqual({
      finish: 'stop',
      usage: [undefined, undefined, undefined],
      repairs: {},
      ...arrives,
    });
  });

  test.each<[what: string, body: Record<string, unknown>, code: string, message: RegExp]>([
    ['an error', { error: { message: 'Overloaded' } }, 'overloaded', /Overloaded/],
    [
      'base_resp',
      { choices: null, base_resp: { status_code: 1008, status_msg: 'insufficient balance' } },
      'balance',
      /insufficient balance/,
    ],
    ['code and message', { code: 'Arrearage', message: 'Overdue' }, 'balance', /Overdue/],
    ['no choices', { id: 'x' }, 'bad_response', /without an answer/],
    [
      'a choice without a message',
      { choices: [{ finish_reason: 'stop' }] },
      'bad_response',
      /without an answer/,
    ],
    [
      'insufficient_system_resource',
      answer({ content: 'Hi' }, 'insufficient_system_resource'),
      'overloaded',
      /insufficient_system_resource/,
    ],
    [
      'half a tool input at its limit',
      answer({ tool_calls: [{ function: { name: 'a', arguments: '{"x":' } }] }, 'length'),
      'output_limit',
      /maxOutputTokens/,
    ],
    [
      'a whole tool input at its limit',
      answer({ content: 'Hi', tool_calls: [parisCall] }, 'max_tokens'),
      'output_limit',
      /maxOutputTokens/,
    ],
    [
      'half a call written as text at its limit',
      answer({ content: 'Hi<tool_call>{"name":"wea' }, 'length'),
      'output_limit',
      /maxOutputTokens/,
    ],
    [
      'a tool call without a name',
      answer({ tool_calls: [{ function: { arguments: '{}' } }] }, 'tool_calls'),
      'bad_response',
      /without a name/,
    ],
    ['text that nobody can read', answer({ content: 7 }), 'bad_response', /cannot be read/],
  ])('that holds %s fails', (_, body, code, message) => {
    expect(() => repairCompletion(body, { facts, offersTools: true })).toThrow(
      expect.objectContaining({ code, provider: 'test', message: expect.stringMatching(message) }),
    );
  });

  test('that needs a repair fails where repairs are off, with the name of the repair', () => {
    const body = { ...answer({ content: 'Hi' }), id: 7 };
    expect(() => repairCompletion(body, { facts, strict: true })).toThrow(
      expect.objectContaining({
        code: 'bad_response',
        retryable: false,
        message: expect.stringContaining('"metadata_type"'),
      }),
    );
  });
});

function answer(message: object, reason: string | null = 'stop') {
  return { choices: [{ index: 0, message, finish_reason: reason }] };
}

function sdkModel() {
  return new OpenAICompatibleChatLanguageModel('m', {
    provider: 'test',
    url: () => 'http://127.0.0.1/chat/completions',
    headers: () => ({}),
  });
}
