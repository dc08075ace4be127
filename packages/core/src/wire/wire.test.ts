import { OpenAICompatibleChatLanguageModel } from '@ai-sdk/openai-compatible';
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider';
import { describe, expect, test } from 'vitest';
import { Wire } from './wire.ts';
import type { WireOptions } from './wire.ts';

/**
 * What the consumer gets is read by the SDK's own parser. Each row: what the vendor sends, what arrives. Rows 1 to 26 of the defects
 * measured on @ai-sdk/openai-compatible 3.0.92, and their relatives.
 */
describe('a vendor that sends', () => {
  test.each<[what: string, events: unknown[], arrives: Partial<Reading>]>([
    [
      'whole tool calls and no word for their end',
      [toolCall('weather', '{"city":"Paris"}'), finish(''), DONE],
      { toolCalls: [paris], finish: 'tool-calls', repairs: { finish_reason_missing: 1 } },
    ],
    [
      'whole tool calls and a word for their end that nobody knows',
      [toolCall('weather', '{"city":"Paris"}'), finish('halted'), DONE],
      { toolCalls: [paris], finish: 'tool-calls', repairs: { finish_reason: 1 } },
    ],
    [
      'whole tool calls and `eos`',
      [toolCall('weather', '{"city":"Paris"}'), finish('eos'), DONE],
      { toolCalls: [paris], finish: 'tool-calls', repairs: { finish_reason: 1 } },
    ],
    [
      'whole tool calls and [DONE] without a finish reason',
      [toolCall('weather', '{"city":"Paris"}'), DONE],
      { toolCalls: [paris], finish: 'tool-calls', repairs: { finish_reason_missing: 1 } },
    ],
    [
      'its usage with `choices: null`',
      [text('Hi'), finish('stop'), { choices: null, usage: tokens(3, 2) }, DONE],
      { text: 'Hi', usage: [3, 0, 2, 0], repairs: { usage_chunk_without_choices: 1 } },
    ],
    [
      'its usage without choices',
      [text('Hi'), finish('stop'), { usage: tokens(3, 2) }, DONE],
      { text: 'Hi', usage: [3, 0, 2, 0], repairs: { usage_chunk_without_choices: 1 } },
    ],
    [
      'its usage as text',
      [
        text('Hi'),
        finish('stop', {
          prompt_tokens: '3',
          completion_tokens: '2',
          total_tokens: '5',
          prompt_tokens_details: { cached_tokens: '1' },
        }),
        DONE,
      ],
      { text: 'Hi', usage: [3, 1, 2, 0], repairs: { usage_as_text: 1 } },
    ],
    [
      'an empty usage after the real one',
      [text('Hi'), finish('stop', tokens(3, 2)), { choices: [], usage: {} }, DONE],
      { text: 'Hi', usage: [3, 0, 2, 0], repairs: { usage_as_text: 1 } },
    ],
    ['[DONE] with spaces', [text('Hi'), finish('stop'), 'data: [DONE]  ', ''], { text: 'Hi' }],
    [
      '[done] in small letters',
      [text('Hi'), finish('stop'), 'data: [done]', ''],
      { text: 'Hi', repairs: { done_spelling: 1 } },
    ],
    [
      'empty data, empty objects and words to keep the connection open',
      ['data:', '', text('Hi'), 'data: {}', '', 'data: ping', '', 'data: "alive"', ''],
      { text: 'Hi', repairs: { heartbeat: 4 } },
    ],
    [
      'a ping object',
      [text('Hi'), { type: 'ping', at: { time: 'now' } }],
      { text: 'Hi', repairs: { heartbeat: 1 } },
    ],
    [
      'tool input as an object',
      [
        delta({
          tool_calls: [
            { index: 0, id: 'a', function: { name: 'weather', arguments: { city: 'Paris' } } },
          ],
        }),
        finish('tool_calls'),
        DONE,
      ],
      { toolCalls: [paris], finish: 'tool-calls', repairs: { tool_input_not_text: 1 } },
    ],
    [
      'a tool call whose function comes later',
      [
        delta({ tool_calls: [{ index: 0, id: 'a', type: 'function' }] }),
        delta({
          tool_calls: [{ index: 0, function: { name: 'weather', arguments: '{"city":"Paris"}' } }],
        }),
        finish('tool_calls'),
        DONE,
      ],
      { toolCalls: [paris], finish: 'tool-calls', repairs: { tool_calls_shape: 1 } },
    ],
    [
      'a tool call without a function around it',
      [
        delta({
          tool_calls: [{ index: '0', id: 7, name: 'weather', arguments: '{"city":"Paris"}' }],
        }),
        finish('tool_calls'),
        DONE,
      ],
      { toolCalls: [paris], finish: 'tool-calls', repairs: { tool_calls_shape: 2 } },
    ],
    [
      'tool calls as an object',
      [
        delta({
          tool_calls: { id: 'a', function: { name: 'weather', arguments: '{"city":"Paris"}' } },
        }),
        finish('tool_calls'),
        DONE,
      ],
      { toolCalls: [paris], finish: 'tool-calls', repairs: { tool_calls_shape: 1 } },
    ],
    [
      'tool calls as an empty object beside text',
      [delta({ content: 'Hi', tool_calls: {} })],
      { text: 'Hi', repairs: { tool_calls_shape: 1 } },
    ],
    [
      'tool calls that say nothing beside text',
      [
        delta({
          content: 'Hi',
          tool_calls: [{ index: 0, function: { name: null, arguments: null } }],
        }),
      ],
      { text: 'Hi', repairs: { tool_calls_shape: 1 } },
    ],
    [
      'the whole tool input so far with every delta',
      [
        toolCall('weather', '{"ci', { id: 'a' }),
        toolCall('weather', '{"city":"Pa', { id: 'a' }),
        toolCall('weather', '{"city":"Paris"}', { id: 'a' }),
        finish('tool_calls'),
        DONE,
      ],
      { toolCalls: [paris], finish: 'tool-calls', repairs: { tool_input_repeated: 2 } },
    ],
    [
      'the whole tool input once more at the end',
      [
        toolCall('weather', '', { id: 'a' }),
        delta({ tool_calls: [{ index: 0, function: { arguments: '{"city":' } }] }),
        delta({ tool_calls: [{ index: 0, function: { arguments: '"Paris"}' } }] }),
        toolCall('weather', '{"city":"Paris"}', { id: 'a' }),
        finish('tool_calls'),
        DONE,
      ],
      { toolCalls: [paris], finish: 'tool-calls', repairs: { tool_input_repeated: 1 } },
    ],
    [
      'a tool call in function_call',
      [
        delta({ function_call: { name: 'weather', arguments: '' } }),
        delta({ function_call: { arguments: '{"city":' } }),
        delta({ function_call: { arguments: '"Paris"}' } }),
        finish('function_call'),
        DONE,
      ],
      { toolCalls: [paris], finish: 'tool-calls', repairs: { function_call: 3 } },
    ],
    [
      'a role other than assistant',
      [delta({ role: 'model', content: 'Hi' }), delta({ role: 'tool', content: ' there' })],
      { text: 'Hi there', repairs: { role_not_assistant: 2 } },
    ],
    [
      'an empty reasoning_content beside reasoning',
      [delta({ reasoning_content: '', reasoning: 'Hm.' }), text('Hi')],
      { reasoning: 'Hm.', text: 'Hi', repairs: { reasoning_under_other_name: 1 } },
    ],
    [
      'reasoning in reasoning_details alone',
      [
        delta({
          content: '',
          reasoning_details: [
            { type: 'reasoning.text', text: 'Hm, ' },
            { type: 'reasoning.encrypted', data: 'x' },
          ],
        }),
        delta({ content: '', reasoning_details: [{ type: 'reasoning.summary', summary: 'yes.' }] }),
        text('Hi'),
      ],
      { reasoning: 'Hm, yes.', text: 'Hi', repairs: { reasoning_under_other_name: 2 } },
    ],
    [
      'reasoning as an object',
      [delta({ reasoning: { content: 'Hm.' } }), delta({ content: 'Hi', reasoning_content: {} })],
      { reasoning: 'Hm.', text: 'Hi', repairs: { reasoning_shape: 2 } },
    ],
    [
      'reasoning between tags that are cut anywhere',
      [text('\n<thi'), text('nk>H'), text('m.</th'), text('ink>'), text('\n\n'), text('\nHi')],
      { reasoning: 'Hm.', text: '\nHi', repairs: { inline_reasoning: 1 } },
    ],
    [
      'a tag further on in the text',
      [text('The tag <think>'), text(' opens.')],
      { text: 'The tag <think> opens.' },
    ],
    ['what only begins like a tag', [text('<'), text('thin'), text('g>')], { text: '<thing>' }],
    [
      'a tag in the text after reasoning of its own',
      [delta({ reasoning_content: 'Hm.' }), text('<think>x</think>')],
      { reasoning: 'Hm.', text: '<think>x</think>' },
    ],
    [
      'cached tokens under a name of its own (DeepSeek)',
      [text('Hi'), finish('stop', { ...tokens(30, 2), prompt_cache_hit_tokens: 20 }), DONE],
      { text: 'Hi', usage: [30, 20, 2, 0], repairs: { usage_names: 1 } },
    ],
    [
      'cached tokens beside the details (Moonshot)',
      [text('Hi'), finish('stop', { ...tokens(30, 2), cached_tokens: 20 }), DONE],
      { text: 'Hi', usage: [30, 20, 2, 0], repairs: { usage_names: 1 } },
    ],
    [
      'cached tokens as num_cached_tokens (Mistral)',
      [text('Hi'), finish('stop', { ...tokens(30, 2), num_cached_tokens: 20 }), DONE],
      { text: 'Hi', usage: [30, 20, 2, 0], repairs: { usage_names: 1 } },
    ],
    [
      'its usage in the choice (Moonshot)',
      [
        text('Hi'),
        { choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage: tokens(30, 2) }] },
        DONE,
      ],
      { text: 'Hi', usage: [30, 0, 2, 0], repairs: { usage_elsewhere: 1 } },
    ],
    [
      'its usage in x_groq',
      [text('Hi'), { ...finish('stop'), x_groq: { id: 'r', usage: tokens(30, 2) } }, DONE],
      { text: 'Hi', usage: [30, 0, 2, 0], repairs: { usage_elsewhere: 1 } },
    ],
    [
      'input_tokens and output_tokens',
      [text('Hi'), finish('stop', { input_tokens: 30, output_tokens: 2 }), DONE],
      { text: 'Hi', usage: [30, 0, 2, 0], repairs: { usage_names: 2 } },
    ],
    [
      'an output without its reasoning (xAI)',
      [
        text('Hi'),
        finish('stop', {
          prompt_tokens: 30,
          completion_tokens: 2,
          total_tokens: 132,
          completion_tokens_details: { reasoning_tokens: 100 },
        }),
        DONE,
      ],
      { text: 'Hi', usage: [30, 0, 102, 100] },
    ],
    [
      'negative counts',
      [
        text('Hi'),
        finish('stop', {
          ...tokens(30, 2),
          prompt_tokens_details: { cached_tokens: -30 },
          completion_tokens_details: { reasoning_tokens: -1 },
        }),
        DONE,
      ],
      { text: 'Hi', usage: [30, 0, 2, 0], repairs: { usage_as_text: 1 } },
    ],
    [
      'a usage without any count that can be read',
      [
        text('Hi'),
        finish('stop', tokens(3, 2)),
        { choices: [], usage: { prompt_tokens: 'many', completion_tokens: -2, total_tokens: 4 } },
        DONE,
      ],
      { text: 'Hi', usage: [3, 0, 2, 0], repairs: { usage_as_text: 2 } },
    ],
    [
      'names that are not safe to read',
      [
        'data: {"__proto__":{"error":{"message":"no"}},"choices":[{"delta":{"\\u005f_proto__":{},"content":"H"}}]}',
        '',
        'data: {"choices":[{"delta":{"constructor":{"prototype":1},"content":"i"}}]}',
        '',
        delta({ content: ' __proto__', constructor: 'x' }),
      ],
      { text: 'Hi __proto__', repairs: { forbidden_field: 2 } },
    ],
    [
      'usage details that are none',
      [
        text('Hi'),
        finish('stop', {
          ...tokens(30, 2),
          prompt_tokens_details: 0,
          completion_tokens_details: [],
        }),
        DONE,
      ],
      { text: 'Hi', usage: [30, 0, 2, 0], repairs: { usage_as_text: 1 } },
    ],
    [
      'control characters as they are',
      ['data: {"choices":[{"delta":{"content":"a\tb\u0001\\n"}}]}', ''],
      { text: 'a\tb\u0001\n', repairs: { control_characters: 1 } },
    ],
    [
      'message instead of delta',
      [{ choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' } }] }],
      { text: 'Hi', repairs: { message_instead_of_delta: 1 } },
    ],
    [
      'the whole message once more at the end',
      [
        text('Hi '),
        text('there'),
        { choices: [{ index: 0, message: { content: 'Hi there' }, finish_reason: 'stop' }] },
        DONE,
      ],
      { text: 'Hi there', repairs: { message_instead_of_delta: 1 } },
    ],
    [
      'the whole message once more, with reasoning between tags and a call written as text',
      [
        text(`<think>Hm.</think>Hi ${written}`),
        {
          choices: [
            { message: { content: `<think>Hm.</think>Hi ${written}` }, finish_reason: 'stop' },
          ],
        },
        DONE,
      ],
      {
        reasoning: 'Hm.',
        text: 'Hi ',
        toolCalls: [paris],
        finish: 'tool-calls',
        repairs: {
          inline_reasoning: 1,
          tool_calls_written_as_text: 1,
          message_instead_of_delta: 1,
          finish_reason: 1,
        },
      },
    ],
    [
      'its tool calls only in the whole message at the end',
      [
        text('Hi'),
        {
          choices: [
            {
              message: {
                content: 'Hi',
                tool_calls: [
                  { id: 'a', function: { name: 'weather', arguments: '{"city":"Paris"}' } },
                ],
              },
              finish_reason: 'tool_calls',
            },
          ],
        },
        DONE,
      ],
      {
        text: 'Hi',
        toolCalls: [paris],
        finish: 'tool-calls',
        repairs: { message_instead_of_delta: 1 },
      },
    ],
    [
      'text as the retired completions do',
      [
        { choices: [{ index: 0, text: 'Hi', finish_reason: null }] },
        { choices: [{ index: 0, text: '', finish_reason: 'stop' }] },
        DONE,
      ],
      { text: 'Hi', repairs: { message_instead_of_delta: 1 } },
    ],
    [
      'a delta that is only text',
      [{ choices: [{ index: 0, delta: 'Hi' }] }],
      { text: 'Hi', repairs: { message_instead_of_delta: 1 } },
    ],
    [
      'several answers at once',
      [
        {
          choices: [
            { index: 0, delta: { content: 'A' } },
            { index: 1, delta: { content: 'B' } },
          ],
        },
        { choices: [{ index: 1, delta: { content: 'b' } }] },
        { choices: [{ index: 0, delta: { content: 'a' } }] },
        { choices: [{ index: 1, delta: {}, finish_reason: 'length' }] },
      ],
      { text: 'Aa', repairs: { other_choice_dropped: 3 } },
    ],
    [
      'the number of its answer as text now and then',
      [
        { choices: [{ index: '0', delta: { content: 'H' } }] },
        { choices: [{ index: 0, delta: { content: 'i' } }] },
      ],
      { text: 'Hi' },
    ],
    [
      'choices as an object',
      [
        { choices: { index: 0, delta: { content: 'Hi' } } },
        { choices: { 0: { index: 0, delta: { content: '!' } } } },
      ],
      { text: 'Hi!', repairs: { choices_not_a_list: 2 } },
    ],
    [
      'id, model and time of the wrong type',
      [{ ...text('Hi'), id: 7, model: ['m'], created: '1700000000' }],
      { text: 'Hi', repairs: { metadata_type: 1 } },
    ],
    [
      'content as an object, a list of texts, or parts of another kind',
      [
        delta({ content: { type: 'text', text: 'a' } }),
        delta({ content: ['b', { type: 'output_text', text: 'c' }, { text: { value: 'd' } }] }),
        delta({ content: {} }),
      ],
      { text: 'abcd', repairs: { content_shape: 3 } },
    ],
    [
      'thinking as text in a list of parts',
      [delta({ content: [{ type: 'thinking', thinking: 'Hm.' }] }), text('Hi')],
      { reasoning: 'Hm.', text: 'Hi', repairs: { content_shape: 1 } },
    ],
    [
      'an empty error field',
      [{ ...text('Hi'), error: null }, { ...finish('stop'), error: {} }, DONE],
      { text: 'Hi', repairs: { empty_error: 2 } },
    ],
    [
      'finish reasons that are no text',
      [
        { choices: [{ delta: { content: 'Hi' }, finish_reason: false }] },
        { choices: [{ delta: {}, finish_reason: { type: 'stop' } }] },
        DONE,
      ],
      { text: 'Hi', repairs: { finish_reason: 2 } },
    ],
    [
      'an empty finish reason after the real one',
      [text('Hi'), finish('stop'), finish(''), DONE],
      { text: 'Hi', repairs: { finish_reason: 1 } },
    ],
    [
      'something unreadable after the finish',
      [text('Hi'), finish('stop'), 'data: {"usage":{', '', DONE],
      { text: 'Hi', repairs: { unreadable_after_finish: 1 } },
    ],
    [
      'an answer that its filter ended',
      [text('I must'), finish('content_filter'), DONE],
      { text: 'I must', finish: 'content-filter' },
    ],
  ])('%s', async (_, events, arrives) => {
    expect(await read(events, { offersTools: true })).toEqual({ ...whole, ...arrives });
  });

  test('single line ends between events is read in full', async () => {
    const lines = [text('Hi'), finish('stop')].map((chunk) => `data: ${JSON.stringify(chunk)}\n`);
    expect(await readText(`${lines.join('')}data: [DONE]\n`)).toEqual({
      ...whole,
      text: 'Hi',
      repairs: { events_not_separated: 1 },
    });
  });

  test('its last event without a blank line is read in full', async () => {
    const sse = `${toSse([text('Hi')])}data: ${JSON.stringify(finish('stop'))}`;
    expect(await readText(sse)).toEqual({ ...whole, text: 'Hi', repairs: { event_not_ended: 1 } });
  });

  test('one event over several data lines is read in full', async () => {
    const event = JSON.stringify(text('Hi'), undefined, 1).replaceAll('\n', '\ndata: ');
    const sse = `data: ${event}\n\ndata: ${JSON.stringify(finish('stop'))}\n\ndata: [DONE]\n\n`;
    expect(await readText(sse)).toEqual({ ...whole, text: 'Hi' });
  });

  test.each([
    ['sensitive', 'content-filter'],
    ['SAFETY', 'content-filter'],
    ['refusal', 'content-filter'],
    ['max_tokens', 'length'],
    ['MAX_TOKENS', 'length'],
    ['model_length', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['eos', 'stop'],
    ['end_turn', 'stop'],
    ['stop-sequence', 'stop'],
    ['FINISH_REASON_STOP', 'stop'],
    ['tool_use', 'tool-calls'],
    ['who knows', 'other'],
  ])('the finish reason %s ends with %s', async (reason, unified) => {
    const reading = await read([text('Hi'), finish(reason), DONE]);
    const repairs = unified === 'other' ? {} : { finish_reason: 1 };
    expect(reading).toEqual({ ...whole, text: 'Hi', finish: unified, repairs });
  });
});

describe('what the SDK reads well passes byte for byte', () => {
  test.each<[what: string, events: unknown[]]>([
    ['no [DONE]', [text('Hi'), finish('stop')]],
    [
      'an empty finish reason on every chunk',
      [{ choices: [{ delta: { content: 'Hi' }, finish_reason: '' }] }, finish('stop'), DONE],
    ],
    [
      'usage in every chunk',
      [
        { ...text('Hi'), usage: tokens(1, 1) },
        { ...text('!'), usage: tokens(1, 2) },
        finish('stop'),
        DONE,
      ],
    ],
    ['usage: null', [{ ...text('Hi'), usage: null }, finish('stop'), DONE]],
    [
      'usage with choices: []',
      [text('Hi'), finish('stop'), { choices: [], usage: tokens(1, 1) }, DONE],
    ],
    [
      'content in parts',
      [
        delta({
          content: [
            { type: 'text', text: 'Hi' },
            { type: 'reference', reference_ids: [1] },
          ],
        }),
        finish('stop'),
        DONE,
      ],
    ],
    ['a refusal', [delta({ refusal: 'No.' }), finish('stop'), DONE]],
    ['whole tool input at once', [toolCall('weather', '{"city":"Paris"}'), finish('stop'), DONE]],
    [
      'two calls with one index',
      [
        toolCall('a', '{}', { id: '1' }),
        toolCall('b', '{}', { id: '2' }),
        finish('tool_calls'),
        DONE,
      ],
    ],
    [
      'one id for two calls',
      [
        toolCall('a', '{"x":1}', { id: '1' }),
        toolCall('a', '{"x":2}', { id: '1', index: 1 }),
        finish('tool_calls'),
        DONE,
      ],
    ],
    [
      'the same call twice without ids',
      [
        toolCall('a', '{"x":1}', { id: '' }),
        toolCall('a', '{"x":1}', { id: '' }),
        finish('tool_calls'),
        DONE,
      ],
    ],
    [
      'no index',
      [
        delta({ tool_calls: [{ id: 'a', function: { name: 'a', arguments: '' } }] }),
        delta({ tool_calls: [{ function: { arguments: '{"x":1}' } }] }),
        finish('tool_calls'),
        DONE,
      ],
    ],
    [
      'a blank name and id on continuations',
      [
        toolCall('a', ''),
        delta({
          tool_calls: [
            { index: 0, id: '', type: null, function: { name: '', arguments: '{"x":1}' } },
          ],
        }),
        finish('tool_calls'),
        DONE,
      ],
    ],
    [
      'a trailing empty delta',
      [
        toolCall('a', '{"x":1}'),
        delta({ tool_calls: [{ index: 0, id: '', function: { arguments: '' } }] }),
        finish('tool_calls'),
        DONE,
      ],
    ],
    [
      'a name that comes second',
      [
        delta({ tool_calls: [{ index: 0, id: 'a', function: { name: null, arguments: '' } }] }),
        toolCall('a', '{"x":1}', { id: 'a' }),
        finish('tool_calls'),
        DONE,
      ],
    ],
    [
      'an input that holds its own beginning',
      [
        toolCall('a', '{"x":"'),
        delta({ tool_calls: [{ index: 0, function: { arguments: '{\\"x\\":\\"' } }] }),
        delta({ tool_calls: [{ index: 0, function: { arguments: '"}' } }] }),
        finish('tool_calls'),
        DONE,
      ],
    ],
    [
      'the finish with the last text',
      [{ choices: [{ delta: { content: 'Hi' }, finish_reason: 'stop' }] }, DONE],
    ],
    [
      'the finish twice, as OpenRouter does',
      [text('Hi'), finish('stop'), { ...finish('stop'), usage: tokens(1, 1) }, DONE],
    ],
    [
      'fields that nobody knows',
      [
        { ...delta({ content: 'Hi', token_id: 5, annotations: [{ url: 'x' }] }), provider: 'X' },
        finish('stop'),
        DONE,
      ],
    ],
  ])('%s', async (_, events) => {
    const sse = toSse(events);
    const wire = new Wire({ facts: { provider: 'test' }, merge: false });
    const passed = wire.read(encode(sse)) + wire.end();
    expect([passed.replace(/data: \[DONE\]\n\n$/, ''), wire.failure, [...wire.repairs]]).toEqual([
      sse.replace(/data: \[DONE\]\n\n$/, ''),
      undefined,
      [],
    ]);
  });

  test('comments, field lines, line ends of all kinds and a BOM change nothing for the reader', async () => {
    const events = [text('Hé '), text('你好 🌍'), finish('stop'), DONE];
    const lf = toSse(events);
    const variants = [
      `\uFEFF${lf}`,
      lf.replaceAll('\n', '\r\n'),
      lf.replaceAll('\n', '\r'),
      lf.replaceAll('data: ', 'data:'),
      lf.replaceAll('data: ', ': keep-alive\n\nevent: message\nid: 1\nretry: 100\ndata: '),
    ];
    expect(await Promise.all(variants.map((sse) => readText(sse)))).toEqual(
      variants.map(() => ({ ...whole, text: 'Hé 你好 🌍' })),
    );
  });
});

describe('merging', () => {
  test('joins text of one kind that came in one read, and nothing else', () => {
    const chunks = [
      delta({ role: 'assistant', content: '' }),
      delta({ reasoning_content: 'H' }),
      delta({ reasoning_content: 'm' }),
      text('a'),
      text('\\"'),
      text('c\n'),
      delta({ content: 'd', token_id: 4 }),
      toolCall('weather', '{'),
      text('e'),
      text('f'),
      toolCall('weather', '}', { id: 'a' }),
      finish('tool_calls'),
      { choices: [], usage: tokens(1, 1) },
    ];
    expect(readCanonical(toSse([...chunks, DONE]))).toEqual([
      delta({ role: 'assistant', content: '' }),
      delta({ reasoning_content: 'Hm' }),
      text('a\\"c\nd'),
      toolCall('weather', '{'),
      text('ef'),
      toolCall('weather', '}', { id: 'a' }),
      finish('tool_calls'),
      { choices: [], usage: tokens(1, 1) },
      '[DONE]',
    ]);
  });

  test.each([
    ['padding', (at: number) => ({ ...text('x'), obfuscation: 'y'.repeat(at % 7) })],
    ['other padding', (at: number) => ({ ...text('x'), p: 'y'.repeat(at % 7) })],
    ['its time', (at: number) => ({ ...text('x'), created: at })],
    [
      'the order of its fields',
      (at: number) => (at % 2 ? { id: 'a', ...text('x') } : { ...text('x'), id: 'a' }),
    ],
    [
      'a copy of the text',
      (at: number) =>
        delta({ reasoning: `x`, reasoning_details: [{ type: 'reasoning.text', text: `${at}` }] }),
    ],
  ])('joins lines that differ in %s', (_, chunkAt) => {
    const chunks = Array.from({ length: 100 }, (__, at) => chunkAt(at));
    const passed = readCanonical(toSse([...chunks, finish('stop'), DONE]));
    expect(passed).toHaveLength(3);
    expect(JSON.stringify(passed[0])).toContain('x'.repeat(100));
  });

  test('waits for no later read', () => {
    const wire = new Wire({ facts: { provider: 'test' } });
    const reads = [text('a'), text('b'), text('c')].map((chunk) =>
      wire.read(encode(toSse([chunk]))),
    );
    expect(reads.map(textOf)).toEqual(['a', 'b', 'c']);
  });

  test('can be left out', () => {
    const sse = toSse([text('a'), text('b'), finish('stop'), DONE]);
    const wire = new Wire({ facts: { provider: 'test' }, merge: false });
    expect(wire.read(encode(sse))).toBe(sse);
  });
});

describe('calls written as text', () => {
  test('become tool calls where tools were offered, however the text is cut', async () => {
    const events = Array.from(`Let me look.\n${written}\n${written}`, (letter) => text(letter));
    expect(await read([...events], { offersTools: true })).toEqual({
      ...whole,
      text: 'Let me look.\n',
      toolCalls: [paris, paris],
      finish: 'tool-calls',
      repairs: { tool_calls_written_as_text: 2, finish_reason: 1 },
    });
  });

  test('are read also where the last tag is missing', async () => {
    const events = [text(written.replace('</tool_call>', '')), finish('stop'), DONE];
    expect(await read(events, { offersTools: true })).toEqual({
      ...whole,
      toolCalls: [paris],
      finish: 'tool-calls',
      repairs: { tool_calls_written_as_text: 1, finish_reason: 1 },
    });
  });

  test('are text where no tools were offered', async () => {
    expect(await read([text(written), finish('stop'), DONE])).toEqual({ ...whole, text: written });
  });

  test.each(['<tool_call>not JSON</tool_call> and on', '1 < 2, <tool', 'a <b> c', '\\u003c is <'])(
    'are text where they only look like calls: %s',
    async (looks) => {
      const events = Array.from(looks, (letter) => text(letter));
      expect(await read([...events], { offersTools: true })).toEqual({
        ...whole,
        text: looks,
      });
    },
  );

  const glm = (fields: string) => `<tool_call>weather${fields}</tool_call>`;
  const kimi = (...calls: string[]) =>
    `<|tool_calls_section_begin|>${calls.join('')}<|tool_calls_section_end|>`;
  const kimiCall = (id: string, input: string) =>
    `<|tool_call_begin|>${id}<|tool_call_argument_begin|>${input}<|tool_call_end|>`;

  test.each<[as: string, written: string, inputs: string[]]>([
    ['GLM', glm('\n<arg_key>city</arg_key>\n<arg_value>Paris</arg_value>\n'), ['{"city":"Paris"}']],
    [
      'GLM, on one line',
      glm('<arg_key>city</arg_key><arg_value>Paris</arg_value>'),
      ['{"city":"Paris"}'],
    ],
    ['GLM, without arguments', glm('\n'), ['{}']],
    [
      'GLM, with values of all kinds',
      glm(
        [
          ['text', ' <b>"a" \\\n'],
          ['quoted', '"7"'],
          ['number', '-7.5'],
          ['list', '[1, "b"]'],
          ['none', 'null'],
          ['code', '012'],
          ['long', '12345678901234567890'],
          ['empty', ''],
          ['__proto__', '{"a": 1}'],
        ]
          .map(([key, value]) => `<arg_key>${key}</arg_key>\n<arg_value>${value}</arg_value>\n`)
          .join(''),
      ),
      [
        '{"text":" <b>\\"a\\" \\\\\\n","quoted":"\\"7\\"","number":-7.5,"list":[1, "b"],"none":null,"code":"012","long":"12345678901234567890","empty":"","__proto__":{"a": 1}}',
      ],
    ],
    [
      'Kimi',
      kimi(kimiCall('functions.weather:0', '{"city": "Paris"}'), kimiCall('weather', '')),
      ['{"city": "Paris"}', '{}'],
    ],
    [
      'Kimi, spread over lines',
      kimi('\n', kimiCall('functions.weather:0 ', '\n{}\n'), '\n'),
      ['{}'],
    ],
  ])('become tool calls as %s writes them', async (_, call, inputs) => {
    const events = Array.from(`So: ${call}\nThat is it.`, (letter) => text(letter));
    const arrives = {
      ...whole,
      text: 'So: That is it.',
      toolCalls: inputs.map((input) => ({ name: 'weather', input })),
      finish: 'tool-calls',
      repairs: { tool_calls_written_as_text: 1, finish_reason: 1 },
    };
    expect(await read([...events], { offersTools: true })).toEqual(arrives);
  });

  test.each([
    glm('\n<arg_key>city</arg_key>'),
    glm('\n<arg_key>city</arg_key>\n<arg_value>Paris'),
    glm('\n<arg_key>city</arg_key> and <arg_value>Paris</arg_value>'),
    glm(' <arg_key></arg_key><arg_value></arg_value>'),
    '<tool_call></tool_call>',
    kimi(),
    kimi('nothing'),
    kimi(kimiCall('functions.weather:0', '{"city": ')),
    kimi(kimiCall('functions.weather:0', '{}'), '<|tool_call_begin|>functions.weather:1'),
    kimi(kimiCall('', '{}')),
    `<|tool_calls_section_begin|>${kimiCall('weather', '{}').replace('<|tool_call_end|>', '')}`,
    '<tool_call>weather\n<arg_key>city</arg_key>\n<arg_value>Paris</arg_value>\n',
  ])('that cannot be read in full stay text: %s', async (looks) => {
    const events = Array.from(`${looks} and on`, (letter) => text(letter));
    expect(await read([...events], { offersTools: true })).toEqual({
      ...whole,
      text: `${looks} and on`,
    });
  });

  test.each([
    '<tool_call>weather\n<arg_key>city</arg_key>\n<arg_value>Paris</arg_value>\n',
    `<|tool_calls_section_begin|>${kimiCall('functions.weather:0', '{"city": "Paris"}')}`,
  ])('that the stream cuts are not run: %s', (begun) => {
    const wire = new Wire({ facts: { provider: 'test' }, offersTools: true });
    const sse = wire.read(encode(toSse([text(`So: ${begun}`)]))) + wire.end();
    expect([textOf(sse), sse.includes('tool_calls'), wire.failure?.code]).toEqual([
      'So: ',
      false,
      'stream_interrupted',
    ]);
  });

  test('are found after a tag that opens none', async () => {
    const events = Array.from(`The tag <tool_call> {: <tool_call>[${written}!`, (each) =>
      text(each),
    );
    expect(await read([...events], { offersTools: true })).toEqual({
      ...whole,
      text: 'The tag <tool_call> {: <tool_call>[!',
      toolCalls: [paris],
      finish: 'tool-calls',
      repairs: { tool_calls_written_as_text: 1, finish_reason: 1 },
    });
  });

  test('hold nothing back that cannot be one', () => {
    const wire = new Wire({ facts: { provider: 'test' }, offersTools: true });
    const texts = ['<tool_call> is a tag', ' and <|tool_calls_section_begin|>', '<|x'].map((each) =>
      textOf(wire.read(encode(toSse([text(each)])))),
    );
    expect(texts).toEqual(['<tool_call> is a tag', ' and ', '<|tool_calls_section_begin|><|x']);
  });

  test('count as received while they are held back', () => {
    const wire = new Wire({ facts: { provider: 'test' }, offersTools: true });
    const begun = 'So: <tool_call>{"name":"wea</tool';
    wire.read(encode(toSse([text(begun)])));
    expect([wire.text, wire.received]).toEqual(['So: ', begun]);
  });

  test('that the output limit cuts end with the limit', () => {
    const wire = new Wire({ facts: { provider: 'test' }, offersTools: true });
    wire.read(encode(toSse([text('So: <tool_call>{"name": "wea'), finish('length'), DONE])));
    expect([wire.text, wire.failure?.code, wire.hasToolCalls]).toEqual([
      'So: ',
      'output_limit',
      true,
    ]);
  });
});

describe('a continued answer', () => {
  const continues = { text: 'The quick brown fox', mayEcho: true };

  test.each([
    [
      'drops the text it continues',
      ['The quick', ' brown fox', ' jumps'],
      ' jumps',
      { echo_dropped: 1 },
    ],
    [
      'drops it also where it goes on in the same delta',
      ['The quick brown fox jumps'],
      ' jumps',
      { echo_dropped: 1 },
    ],
    ['keeps text that only begins like it', ['The qui', 'et one'], 'The quiet one', {}],
    ['keeps text that ends while it looks like it', ['The'], 'The', {}],
    [
      'keeps any other text',
      [' jumps over The quick brown fox'],
      ' jumps over The quick brown fox',
      {},
    ],
    ['takes a tag for text', ['<think>'], '<think>', {}],
  ])('%s', async (_, texts, expected, repairs) => {
    const events = [...texts.map((each) => text(each)), finish('stop'), DONE];
    expect(await read(events, { continues })).toEqual({ ...whole, text: expected, repairs });
  });

  test('drops a long echo of any vendor, and keeps a short one of those that do not echo', () => {
    const long = 'Once upon a time';
    const texts = [long, 'ha'].map((each) => {
      const wire = new Wire({
        facts: { provider: 'test' },
        continues: { text: each, mayEcho: false },
      });
      wire.read(encode(toSse([text(`${each}!`), finish('stop'), DONE])));
      return wire.text;
    });
    expect(texts).toEqual(['!', 'ha!']);
  });
});

describe('how far the answer is', () => {
  const lastText = { choices: [{ delta: { content: 'b' }, finish_reason: 'stop' }] };

  test.each<[after: string, finish: Wire['finish'], events: unknown[]]>([
    ['text alone', 'none', [text('a')]],
    ['a reason by itself', 'sure', [text('a'), finish('stop')]],
    ['a reason with text', 'unsure', [text('a'), lastText]],
    ['a reason with text and usage', 'sure', [{ ...lastText, usage: tokens(1, 1) }]],
    ['usage after a reason with text', 'sure', [lastText, { choices: [], usage: tokens(1, 1) }]],
    ['text after a reason', 'unsure', [text('a'), finish('stop'), text('b')]],
    ['a reason before any content', 'unsure', [delta({ role: 'assistant' }), finish('stop')]],
  ])('after %s the finish is %s', (_, finishState, events) => {
    const wire = new Wire({ facts: { provider: 'test' } });
    wire.read(encode(toSse(events)));
    expect(wire.finish).toBe(finishState);
  });

  test('is told by what was handed on', () => {
    const wire = new Wire({ facts: { provider: 'test' } });
    const state = () => ({
      hasContent: wire.hasContent,
      isDone: wire.isDone,
      text: wire.text,
      hasReasoning: wire.hasReasoning,
      hasToolCalls: wire.hasToolCalls,
      received: wire.received,
    });
    const states = [
      delta({ role: 'assistant', content: '' }),
      delta({ reasoning_content: 'Hm.' }),
      text('Hi'),
      toolCall('weather', '{}'),
      finish('tool_calls'),
      DONE,
    ].map((event) => {
      wire.read(encode(toSse([event])));
      return state();
    });
    const none = {
      hasContent: false,
      isDone: false,
      text: '',
      hasReasoning: false,
      hasToolCalls: false,
      received: '',
    };
    const reasoned = { ...none, hasContent: true, hasReasoning: true, received: 'Hm.' };
    const said = { ...reasoned, text: 'Hi', received: 'HiHm.' };
    const called = { ...said, hasToolCalls: true, received: 'HiHm.{}' };
    expect(states).toEqual([none, reasoned, said, called, called, { ...called, isDone: true }]);
  });
});

describe('strict', () => {
  test('ends with the name of the first repair, after what came before it', () => {
    const wire = new Wire({ facts: { provider: 'test' }, strict: true });
    const sse = wire.read(
      encode(toSse([text('Hi'), finish('stop'), { usage: tokens(1, 1) }, DONE])),
    );
    expect({ text: textOf(sse), failure: wire.failure?.toJSON() }).toEqual({
      text: 'Hi',
      failure: {
        code: 'bad_response',
        retryable: false,
        provider: 'test',
        message: expect.stringContaining('"usage_chunk_without_choices"'),
      },
    });
  });

  test('changes nothing for a stream that needs no repair', () => {
    const sse = toSse([text('Hi'), finish('stop', tokens(1, 1)), DONE]);
    const wire = new Wire({ facts: { provider: 'test' }, strict: true });
    expect([wire.read(encode(sse)), wire.failure]).toEqual([sse, undefined]);
  });

  test('adds the reasoning to the output of a vendor that counts it apart', async () => {
    const usage = {
      prompt_tokens: 30,
      completion_tokens: 2,
      total_tokens: 132,
      completion_tokens_details: { reasoning_tokens: 100 },
    };
    const events = [text('Hi'), finish('stop', usage), DONE];
    expect(await read(events, { strict: true })).toEqual({
      ...whole,
      text: 'Hi',
      usage: [30, 0, 102, 100],
    });
  });
});

describe('a whole answer in place of a stream', () => {
  test('arrives as a stream', async () => {
    const wire = new Wire({ facts: { provider: 'test' } });
    const sse = wire.readCompletion({
      id: 'c-1',
      created: '1700000000',
      model: 'm',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'Hi',
            reasoning_content: 'Hm.',
            tool_calls: [
              {
                id: 'a',
                type: 'function',
                function: { name: 'weather', arguments: '{"city":"Paris"}' },
              },
              {
                id: 'b',
                type: 'function',
                function: { name: 'weather', arguments: { city: 'Paris' } },
              },
            ],
          },
          finish_reason: 'tool_calls',
        },
      ],
      usage: tokens(3, 2),
    });
    expect({
      ...(await readWithSdk(sse)),
      repairs: Object.fromEntries(wire.repairs),
      isDone: wire.isDone,
    }).toEqual({
      ...whole,
      text: 'Hi',
      reasoning: 'Hm.',
      toolCalls: [paris, paris],
      finish: 'tool-calls',
      usage: [3, 0, 2, 0],
      repairs: { completion_instead_of_stream: 1, metadata_type: 1, tool_input_not_text: 1 },
      isDone: true,
    });
  });

  test('that lacks a finish reason has one', async () => {
    const wire = new Wire({ facts: { provider: 'test' } });
    const sse = wire.readCompletion({
      choices: [{ message: { content: 'Hi' }, finish_reason: null }],
    });
    expect(await readWithSdk(sse)).toEqual({ ...whole, text: 'Hi' });
  });

  test.each([
    [{ error: { message: 'Overloaded' } }, 'overloaded'],
    [{ choices: [] }, 'stream_interrupted'],
    [{ choices: [{ message: { content: '' }, finish_reason: null }] }, 'stream_interrupted'],
    ['text', 'bad_response'],
  ])('%j fails with %s', (body, code) => {
    const wire = new Wire({ facts: { provider: 'test' } });
    expect([wire.readCompletion(body), wire.failure?.code]).toEqual([expect.any(String), code]);
  });
});

interface Reading {
  text: string;
  reasoning: string;
  toolCalls: { name: string; input: string }[];
  finish: string | undefined;
  /** Input, cached, output, reasoning. */
  usage: (number | undefined)[];
  errors: unknown[];
  repairs: Record<string, number>;
}

const whole: Reading = {
  text: '',
  reasoning: '',
  toolCalls: [],
  finish: 'stop',
  usage: [undefined, undefined, undefined, undefined],
  errors: [],
  repairs: {},
};

const DONE = 'data: [DONE]\n';
const written = '<tool_call>\n{"name":"weather","arguments":{"city":"Paris"}}\n</tool_call>';
const paris = { name: 'weather', input: '{"city":"Paris"}' };

function delta(fields: object) {
  return { choices: [{ index: 0, delta: fields, finish_reason: null }] };
}

function text(content: string) {
  return delta({ content });
}

function toolCall(name: string, input: string, { id = `call_${name}`, index = 0 } = {}) {
  return delta({
    tool_calls: [{ index, id, type: 'function', function: { name, arguments: input } }],
  });
}

function finish(reason: string, usage?: object) {
  return { choices: [{ index: 0, delta: {}, finish_reason: reason }], ...(usage && { usage }) };
}

function tokens(prompt: number, completion: number) {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
  };
}

/** Objects as events; strings as the lines they are. */
function toSse(events: readonly unknown[]): string {
  return events
    .map((event) =>
      typeof event === 'string' ? `${event}\n` : `data: ${JSON.stringify(event)}\n\n`,
    )
    .join('');
}

const encode = (sse: string) => new TextEncoder().encode(sse);

/** The joined answer text of canonical SSE. */
function textOf(sse: string): string {
  return readEvents(sse)
    .map((chunk) => chunk.choices?.[0]?.delta?.content ?? '')
    .join('');
}

function readEvents(sse: string) {
  const events = sse.split('\n\n').filter((event) => event.startsWith('data: {'));
  return events.map((event): { choices?: { delta?: { content?: string } }[] } =>
    JSON.parse(event.slice('data: '.length)),
  );
}

function readCanonical(sse: string): unknown[] {
  const wire = new Wire({ facts: { provider: 'test' } });
  const passed = wire.read(encode(sse)) + wire.end();
  return passed.endsWith('data: [DONE]\n\n')
    ? [...readEvents(passed), '[DONE]']
    : readEvents(passed);
}

/** What does not end with `[DONE]` is ended with `stop` and `[DONE]`. */
function read(events: readonly unknown[], options?: Partial<WireOptions>): Promise<Reading> {
  const end = events.at(-1) === DONE ? [] : [finish('stop'), DONE];
  return readText(toSse([...events, ...end]), options);
}

async function readText(sse: string, options?: Partial<WireOptions>): Promise<Reading> {
  const wire = new Wire({ facts: { provider: 'test' }, ...options });
  const passed = wire.read(encode(sse)) + wire.end();
  const errors = wire.failure ? [wire.failure] : [];
  const reading = await readWithSdk(passed);
  return {
    ...reading,
    errors: [...reading.errors, ...errors],
    repairs: Object.fromEntries(wire.repairs),
  };
}

async function readWithSdk(sse: string): Promise<Reading> {
  const model = new OpenAICompatibleChatLanguageModel('m', {
    provider: 'test',
    url: () => 'http://127.0.0.1/chat/completions',
    headers: () => ({}),
    includeUsage: true,
    fetch: async () => new Response(sse, { headers: { 'content-type': 'text/event-stream' } }),
  });
  const { stream } = await model.doStream({
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
  });
  const reading: Reading = structuredClone(whole);
  for await (const part of stream) take(reading, part);
  return reading;
}

function take(reading: Reading, part: LanguageModelV4StreamPart): void {
  switch (part.type) {
    case 'text-delta':
      reading.text += part.delta;
      break;
    case 'reasoning-delta':
      reading.reasoning += part.delta;
      break;
    case 'tool-call':
      reading.toolCalls.push({ name: part.toolName, input: part.input });
      break;
    case 'error':
      reading.errors.push(part.error);
      break;
    case 'finish': {
      const { inputTokens, outputTokens } = part.usage;
      reading.finish = part.finishReason.unified;
      reading.usage = [
        inputTokens.total,
        inputTokens.cacheRead,
        outputTokens.total,
        outputTokens.reasoning,
      ];
    }
  }
}
