import { casesOf } from '../case.ts';
import { reply, type FakeReplyOptions, type FakeToolCall } from '../reply.ts';
import type { WireChunk, WireToolCall } from '../wire-shape.ts';
import { editDelta, editMessage, editToolCalls } from './edit.ts';
import { hello, untilToolResult, weatherCall } from './steps.ts';

const twoCities = ['Paris', 'Rome'].map((city) => ({ name: 'weather', input: { city } }));

/** Tool calls that are wrong, and such that are oddly written. Once a tool result is there, text follows. */
export const toolCases = casesOf('tool', {
  'unknown-tool': calls('A tool is called that nobody offered.', [
    { name: 'no_such_tool', input: { city: 'Paris' } },
  ]),
  'tool-name-constructor': calls('A tool named constructor is called, which every object has.', [
    { name: 'constructor' },
  ]),
  'invalid-tool-input': calls('The input of a tool call is broken JSON.', [
    { name: 'weather', input: '{"city": "Paris' },
  ]),
  'invalid-tool-input-always': {
    description: 'Every answer is a tool call whose input is broken JSON.',
    script: [reply.toolCalls([{ name: 'weather', input: '{"city": "Paris' }])],
  },
  'tool-input-breaks-schema': calls('The input of a tool call is JSON of another shape.', [
    { name: 'weather', input: { town: 75_001 } },
  ]),
  'tool-input-proto': calls('The input of a tool call has a key __proto__.', [
    { name: 'weather', input: '{"city":"Paris","__proto__":{"polluted":true}}' },
  ]),
  'tool-input-empty': calls('The input of a tool call is the empty string.', [
    { name: 'weather', input: '' },
  ]),
  'tool-input-null': calls(
    'The input of a tool call is null.',
    [{ name: 'weather', input: '' }],
    editToolCalls(withInput(null)),
  ),
  'tool-input-object': calls(
    'The input of a tool call is an object, where JSON text should be.',
    [{ name: 'weather', input: '' }],
    editToolCalls(withInput({ city: 'Paris' })),
  ),
  'tool-input-cumulative': calls('Every piece of the input repeats all before it.', [weatherCall], {
    inputPieceLength: 5,
    editChunks: accumulateInput,
  }),
  'tool-input-one-piece': calls('The input of a tool call comes in one piece.', [weatherCall], {
    inputPieceLength: 1_000,
  }),
  'tool-index-missing': calls(
    'Tool calls have no index.',
    twoCities,
    editToolCalls(({ index: _index, ...call }) => call),
  ),
  'tool-id-missing': calls(
    'Tool calls have no id.',
    [weatherCall],
    editToolCalls(({ id: _id, ...call }) => call),
  ),
  'tool-id-duplicate': calls(
    'Two tool calls have the same id.',
    twoCities.map((call) => ({ ...call, id: 'call_1' })),
  ),
  'tool-delta-without-function': calls(
    'A piece of a tool call has an index and nothing else.',
    [weatherCall],
    {
      editChunks: (chunks) => {
        const [role] = chunks;
        const bare = role && editDelta(role, () => ({ tool_calls: [{ index: 0 }] }));
        return chunks.toSpliced(
          -1 - Number(chunks.at(-1)?.choices.length === 0),
          0,
          ...(bare ? [bare] : []),
        );
      },
    },
  ),
  'legacy-function-call': calls(
    'The call is in function_call, the form before tool_calls.',
    [weatherCall],
    {
      ...editMessage(({ tool_calls: [call] = [], ...message }) =>
        call ? { ...message, function_call: call.function } : message,
      ),
      finishReason: 'function_call',
    },
  ),
  'tool-call-in-text': text(
    'The call is written into the text, as Qwen and Hermes do.',
    '<tool_call>\n{"name": "weather", "arguments": {"city": "Paris"}}\n</tool_call>',
  ),
  'tool-call-in-text-glm': text(
    'The call is written into the text, as GLM does.',
    '<tool_call>weather\n<arg_key>city</arg_key>\n<arg_value>Paris</arg_value>\n</tool_call>',
  ),
  'tool-call-in-text-kimi': text(
    'The call is written into the text, as Kimi does.',
    '<|tool_calls_section_begin|><|tool_call_begin|>functions.weather:0<|tool_call_argument_begin|>{"city": "Paris"}<|tool_call_end|><|tool_calls_section_end|>',
  ),
  'many-tool-calls': calls(
    'The tool weather is called 200 times in one step.',
    Array.from({ length: 200 }, (_, at) => ({
      name: 'weather',
      input: { city: `City ${at + 1}` },
    })),
  ),
  'same-tool-call-forever': {
    description: 'Every answer is the same tool call, whatever the tool says.',
    script: [reply.toolCalls([weatherCall])],
  },
});

function calls(
  description: string,
  toolCalls: readonly FakeToolCall[],
  options: FakeReplyOptions = {},
) {
  return {
    description,
    script: [untilToolResult(reply.toolCalls(toolCalls, options))],
    answer: hello,
  };
}

function text(description: string, call: string) {
  return { description, script: [untilToolResult(reply.text(call))], answer: hello };
}

function withInput(input: unknown): (call: WireToolCall) => WireToolCall {
  return (call) => ({ ...call, function: { ...call.function, arguments: input } });
}

function accumulateInput(chunks: readonly WireChunk[]): WireChunk[] {
  let soFar = '';
  return chunks.map((chunk) =>
    editDelta(chunk, (delta) => {
      const [call] = delta.tool_calls ?? [];
      if (!call) return delta;
      const piece = call.function?.arguments;
      if (typeof piece === 'string') soFar += piece;
      return { ...delta, tool_calls: [withInput(soFar)(call)] };
    }),
  );
}
