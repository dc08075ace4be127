import { describe, expect, test } from 'vitest';
import { Wire } from './wire.ts';

const hole = ['bad_response', true, /would have a hole/] as const;
const cut = ['stream_interrupted', true, /without a finish reason/] as const;
const empty = ['stream_interrupted', true, /before any content/] as const;

/** Every row comes after the text "He", which is handed on. */
describe('a stream ends at', () => {
  test.each<[what: string, failure: Failure, events: unknown[]]>([
    [
      'an error object',
      ['overloaded', true, /Too busy/],
      [{ error: { message: 'Too busy', type: 'overloaded_error' } }],
    ],
    [
      'an error as text',
      ['balance', false, /insufficient_quota/],
      [{ error: 'no more: insufficient_quota' }],
    ],
    [
      'an error beside a choice (OpenRouter)',
      ['overloaded', true, /Provider/],
      [{ ...text(''), error: { code: 502, message: 'Provider returned error' } }],
    ],
    [
      'code and message (DashScope)',
      ['content_filter', false, /Output data/],
      [{ code: 'DataInspectionFailed', message: 'Output data may be bad.', request_id: 'r-1' }],
    ],
    [
      'base_resp (MiniMax)',
      ['balance', false, /insufficient balance/],
      [{ choices: [], base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }],
    ],
    ['detail (FastAPI)', ['upstream_error', true, /Worker died/], [{ detail: 'Worker died' }]],
    [
      'a list of errors (Gemini)',
      ['overloaded', true, /is overloaded/],
      [[{ error: { code: 503, message: 'The model is overloaded.' } }]],
    ],
    [
      'event: error with text',
      ['upstream_error', true, /went away/],
      ['event: error', 'data: the backend went away', ''],
    ],
    [
      'event: error with JSON',
      ['upstream_error', true, /gone/],
      ['event: error', 'data: {"message":"gone"}', ''],
    ],
    [
      'an error without data:',
      ['overloaded', true, /Overloaded/],
      ['{"error":{"message":"Overloaded"}}', ''],
    ],
    [
      'insufficient_system_resource',
      ['overloaded', true, /insufficient_system_resource/],
      [finish('insufficient_system_resource'), DONE],
    ],
    ['network_error', ['upstream_error', true, /network_error/], [finish('network_error'), DONE]],
    [
      'MALFORMED_FUNCTION_CALL',
      ['upstream_error', true, /malformed_function_call/],
      [finish('MALFORMED_FUNCTION_CALL'), DONE],
    ],
    [
      'half a chunk',
      hole,
      ['data: {"choices":[{"delta":{"content":"l', '', text('lo'), finish('stop'), DONE],
    ],
    [
      'half a chunk before a whole one',
      hole,
      ['data: {"choices":[{"delta":{"content":"l', text('lo'), finish('stop'), DONE],
    ],
    ['the end of a chunk', hole, ['data: l"},"finish_reason":null}]}', '', finish('stop'), DONE]],
    ['a chunk without data:', hole, [JSON.stringify(text('llo')), '', finish('stop'), DONE]],
    ['a chunk in a comment', hole, [`: ${JSON.stringify(text('llo'))}`, '', finish('stop'), DONE]],
    [
      'text under an unknown name in the delta',
      hole,
      [delta({ contenu: 'llo' }), finish('stop'), DONE],
    ],
    [
      'text under an unknown name in the choice',
      hole,
      [{ choices: [{ tekst: 'llo' }] }, finish('stop'), DONE],
    ],
    [
      'text below an unknown name',
      hole,
      [{ choices: [{ dolta: { content: 'llo' } }] }, finish('stop'), DONE],
    ],
    ['text outside of choices', hole, [{ output: { text: 'llo' } }, finish('stop'), DONE]],
    ['choices in lists', hole, [{ choices: [[{ delta: { content: 'llo' } }]] }, finish('stop')]],
    ['a number as content', hole, [delta({ content: 110 }), finish('stop'), DONE]],
    [
      'text after what cannot be read',
      hole,
      [finish('stop'), 'data: {"choices":[', '', text('llo'), DONE],
    ],
    ['[DONE] without a finish reason', cut, [DONE]],
    ['its end without a finish reason', cut, []],
    ['half a line', cut, ['data: {"choices":[{"delta":{"con']],
    ['its end after whole tool calls', cut, [toolCall('{"city":"Paris"}')]],
    ['[DONE] after half a tool input', cut, [toolCall('{"city":'), DONE]],
    [
      'its limit after half a tool input',
      ['output_limit', false, /maxOutputTokens/],
      [toolCall('{"city":'), finish('max_tokens'), DONE],
    ],
    [
      'its limit after a whole tool input',
      ['output_limit', false, /maxOutputTokens/],
      [toolCall('{"city":"Paris"}'), finish('length'), DONE],
    ],
    [
      'a tool call without a name',
      ['bad_response', true, /without a name/],
      [
        delta({ tool_calls: [{ index: 0, function: { arguments: '{}' } }] }),
        finish('tool_calls'),
        DONE,
      ],
    ],
    [
      'a line of over 1 MB',
      ['bad_response', false, /1 MB/],
      [text('x'.repeat(1_048_577)), finish('stop'), DONE],
    ],
    [
      'over 1 MB without a line end',
      ['bad_response', false, /1 MB/],
      [`: ${'x'.repeat(1_048_577)}`],
    ],
  ])('%s', (_, [code, retryable, message], events) => {
    const wire = new Wire({ facts: { provider: 'test', model: 'm', attempt: 2 } });
    const sse = wire.read(encode(toSse([text('He'), ...events]))) + wire.end();
    const { failure } = wire;
    expect({
      ...failure?.toJSON(),
      partialText: failure?.partialText,
      text: wire.text,
      sse: sse.replace(/data: .*"finish_reason":"stop".*\n\n/, ''),
      more: wire.read(encode(toSse([text('more')]))) + wire.end(),
    }).toEqual({
      code,
      retryable,
      message: expect.stringMatching(message),
      provider: 'test',
      model: 'm',
      attempt: 2,
      ...(failure?.httpStatus && { httpStatus: 200 }),
      ...(failure?.requestId && { requestId: 'r-1' }),
      partialText: 'He',
      text: 'He',
      sse: expect.stringMatching(
        /^data: [^\n]*"He"[^\n]*\n\n(?:data: [^\n]*"tool_calls"[^\n]*\n\n)?$/,
      ),
      more: '',
    });
  });

  test.each<[what: string, failure: Failure, events: unknown[]]>([
    ['nothing at all', empty, []],
    ['only [DONE]', empty, [DONE]],
    [
      'only comments and a role',
      empty,
      [': wait', '', delta({ role: 'assistant', content: '' }), DONE],
    ],
    [
      'over 8 MB without content',
      ['bad_response', false, /8 MB/],
      [`: ${'x'.repeat(1_000)}\n`.repeat(9_000)],
    ],
  ])('%s', (_, [code, retryable, message], events) => {
    const wire = new Wire({ facts: { provider: 'test' } });
    wire.read(encode(toSse(events)));
    wire.end();
    expect([wire.hasContent, wire.failure?.toJSON()]).toEqual([
      false,
      { code, retryable, message: expect.stringMatching(message), provider: 'test' },
    ]);
  });

  test('its end where every chunk named a finish reason', () => {
    const wire = new Wire({ facts: { provider: 'test' } });
    wire.read(encode(toSse([text('H', 'stop'), text('e', 'stop')])));
    wire.end();
    expect([wire.text, wire.failure?.code]).toEqual(['He', 'stream_interrupted']);
  });
});

test('a tool call after the output limit is not handed on as a whole answer', () => {
  const wire = new Wire({ facts: { provider: 'test' } });
  const sse = wire.read(encode(toSse([text('He', 'length'), toolCall('{}'), DONE])));
  expect([wire.failure?.code, wire.isDone, sse.includes('[DONE]')]).toEqual([
    'output_limit',
    false,
    false,
  ]);
});

test('the vendor’s words are kept without the keys in use', () => {
  const wire = new Wire({ facts: { provider: 'test', secrets: ['topsecret'] } });
  wire.read(encode(toSse([{ error: { message: 'Bad key topsecret' } }])));
  expect(wire.failure?.message).toContain('Bad key [redacted]');
});

test('a preset says what its vendor means', () => {
  const rules = [{ code: 'rate_limit', codes: ['zzz'] }] as const;
  const failures = [finish('zzz'), { error: { code: 'zzz', message: 'No.' } }].map((event) => {
    const wire = new Wire({ facts: { provider: 'test' }, rules });
    wire.read(encode(toSse([event])));
    return wire.failure?.code;
  });
  expect(failures).toEqual(['rate_limit', 'rate_limit']);
});

type Failure = readonly [code: string, retryable: boolean, message: RegExp];

const DONE = 'data: [DONE]\n';

function delta(fields: object, finishReason: string | null = null) {
  return { choices: [{ index: 0, delta: fields, finish_reason: finishReason }] };
}

function text(content: string, finishReason: string | null = null) {
  return delta({ content }, finishReason);
}

function toolCall(input: string) {
  return delta({
    tool_calls: [{ index: 0, id: 'a', function: { name: 'weather', arguments: input } }],
  });
}

function finish(reason: string) {
  return delta({}, reason);
}

/** Objects as events; strings as the lines they are. */
function toSse(events: readonly unknown[]): string {
  return events
    .map((event) =>
      typeof event === 'string' ? `${event}\n` : `data: ${JSON.stringify(event)}\n\n`,
    )
    .join('');
}

function encode(sse: string): Uint8Array {
  return new TextEncoder().encode(sse);
}
