import { expect, test } from 'vitest';
import { isErrorBody, readErrorBody } from './read-error-body.ts';

test.each<[string, unknown, string]>([
  [
    'what a gateway’s upstream said',
    {
      error: {
        message: 'Provider returned error',
        metadata: { raw: '{"error":{"message":"No tool x"}}' },
      },
    },
    'Provider returned error: No tool x',
  ],
  [
    'JSON inside a message',
    openai(
      'litellm.BadRequestError: OpenAIException - {"error":{"message":"No tool x","code":"1"}}',
    ),
    'litellm.BadRequestError: OpenAIException: No tool x',
  ],
  [
    'a Python dictionary inside a message',
    openai("Error code: 400 - {'error': {'message': 'No tool x', 'type': 'y'}}"),
    'Error code: 400: No tool x',
  ],
  [
    'JSON that was cut',
    openai('upstream: {"error":{"message":"No tool x","param":{"a":'),
    'upstream: No tool x',
  ],
  [
    'an error inside an error',
    { error: { error: { message: 'No tool x' }, code: 400 } },
    'No tool x',
  ],
  ['a text that is JSON', '{"detail":"No tool x"}', 'No tool x'],
  ['a list of texts', { message: ['No tool x', 'No tool y'] }, 'No tool x; No tool y'],
  [
    'a word and its explanation',
    { error: 'Bad Request', message: 'No tool x' },
    'No tool x: Bad Request',
  ],
  ['the same twice', { message: 'No tool x', error: { message: 'No tool x' } }, 'No tool x'],
  ['a code in brackets that is no JSON', openai('[1210][No tool x]'), '[1210][No tool x]'],
  ['what holds no words', { data: { message: 'mine' }, choices: [{ message: 'mine' }] }, ''],
])('%s is told in plain words', (_, body, words) => {
  expect(readErrorBody(body).message).toBe(words);
});

test.each<[string, unknown, object]>([
  ['TokenHub', { error: { message: 'no', request_id: 'r-1' } }, { requestId: 'r-1' }],
  ['DashScope', { code: 'x', message: 'no', request_id: 'r-1', id: 'c' }, { requestId: 'r-1' }],
  ['Qianfan', { error: { message: 'no' }, id: 'as-1' }, { requestId: 'as-1' }],
  ['Spring', { status: 404, error: 'no', id: 7 }, { status: 404 }],
  ['OpenRouter', { error: { code: 503, message: 'no' } }, { code: '503', status: 503 }],
  [
    'llama.cpp',
    { error: { message: 'no', n_prompt_tokens: 9, n_ctx: 8 } },
    { countedTokens: 9, allowedTokens: 8 },
  ],
  [
    'Gemini',
    [{ error: { message: 'no', details: [{ reason: 'x' }, { retryDelay: '1.5s' }] } }],
    { waitMs: 1_500 },
  ],
])('the facts beside the words of %s are read', (_, body, facts) => {
  expect(readErrorBody(body)).toMatchObject({ message: 'no', ...facts });
});

test('values that refuse to be text are passed over', () => {
  const odd = JSON.parse('{"toString":1,"valueOf":1}') as unknown;
  const fields = ['message', 'code', 'type', 'status', 'request_id', 'n_ctx', 'loc', 'error'];
  const body = Object.fromEntries(fields.map((field) => [field, odd]));
  const said = readErrorBody({ ...body, details: [{ retryDelay: odd }], loc: [odd] });
  expect(said).toMatchObject({ message: '', codes: [] });
});

const prompt = 'my private diary of Tuesday';

test.each<[string, unknown, string]>([
  [
    'FastAPI',
    {
      detail: [
        {
          type: 'missing',
          loc: ['body', 'messages', 0, 'role'],
          msg: 'Field required',
          input: { content: prompt },
        },
      ],
    },
    'body.messages.0.role: Field required',
  ],
  [
    'Mistral',
    {
      object: 'error',
      message: { detail: [{ loc: ['body', 'tools'], msg: 'Bad tool', input: prompt }] },
    },
    'body.tools: Bad tool',
  ],
  [
    // https://github.com/vllm-project/vllm/issues/49239, 2026-07.
    'vLLM',
    openai(
      `[{'type': 'missing', 'loc': ('body', 'messages'), 'msg': 'Field required', 'input': {'message': '${prompt}'}}]`,
    ),
    "'msg': 'Field required'…",
  ],
  [
    'pydantic',
    openai(
      `1 validation error for ChatCompletionRequest\nmessages.0.content\n  Input should be a string [type=string_type, input_value='${prompt}', input_type=dict]`,
    ),
    'Input should be a string [type=string_type…',
  ],
  [
    'a tool call that failed',
    { error: { message: 'Failed to call a function.', failed_generation: prompt } },
    'Failed to call',
  ],
  ['a gateway', openai(`bad: {"messages":[{"role":"user","content":"${prompt}"}]}`), 'bad: …'],
  ['moderation', { error: { message: 'Flagged', metadata: { flagged_input: prompt } } }, 'Flagged'],
])('the input that %s repeats in its answer is not told on', (_, body, words) => {
  const { message } = readErrorBody(body);
  expect(message).toContain(words);
  expect(message).not.toContain(prompt);
});

test.each<[unknown, boolean]>([
  [{ error: { message: 'no' } }, true],
  [{ error: 'no' }, true],
  [{ error: { message: '', code: 'server_error' } }, true],
  [{ error: { message: 'no' }, choices: [{ delta: {} }] }, true],
  [[{ error: { code: 400, message: 'no' } }], true],
  [{ code: 'InvalidParameter', message: 'no', request_id: 'r' }, true],
  [{ code: 'rpm_rate_limit_exceeded', msg: 'no' }, true],
  [{ code: 20012, message: 'no', data: null }, true],
  [{ code: 1305, message: 'busy', choices: [] }, true],
  [{ object: 'error', message: 'no' }, true],
  [{ choices: null, base_resp: { status_code: 1008, status_msg: 'no' } }, true],
  [{ choices: [{ delta: {} }], base_resp: { status_code: 1027, status_msg: 'no' } }, true],
  [{ error: null }, false],
  [{ error: '' }, false],
  [{ error: { message: '', type: '', param: '', code: null }, choices: [] }, false],
  [{ code: 200, message: 'ok' }, false],
  [{ code: 'Success', message: 'done' }, false],
  [{ code: 0, message: 'Success', sid: 's', choices: [] }, false],
  [{ code: '', message: '', output: {} }, false],
  [{ code: 10, message: 'odd', choices: [{ delta: {} }] }, false],
  [{ choices: [{ delta: {} }], base_resp: { status_code: 0, status_msg: '' } }, false],
  [{ choices: [] }, false],
  [{}, false],
  [[], false],
  ['error', false],
  [null, false],
])('whether %j is an error: %s', (body, expected) => {
  expect(isErrorBody(body)).toBe(expected);
});

function openai(message: string) {
  return { error: { message, type: 'invalid_request_error', param: null, code: null } };
}
