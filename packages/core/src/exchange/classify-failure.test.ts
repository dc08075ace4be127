import fc from 'fast-check';
import { expect, test } from 'vitest';
import { errorCodes } from '../errors.ts';
import { defineProvider } from '../provider.ts';
import { findProvider, providers } from '../providers/index.ts';
import type { ProviderId } from '../providers/index.ts';
import { classifyFailure, classifyFinishReason, isErrorBody } from './classify-failure.ts';

test.each([
  [{ retryAfterMs: 5_000 }, 'rate_limit', true],
  [{}, 'balance', false],
] as const)(
  'a 402 of OpenRouter with %j, a time to wait, is %s: calls under way hold the credits',
  (facts, code, isRetryable) => {
    const error = classify('openrouter', 402, openai('Payment required', 402), facts);
    expect(error).toMatchObject({ code, retryable: isRetryable, ...facts });
  },
);

test('a header goes before a time in the message', () => {
  const body = openai('Please try again in 20s.');
  expect(classify('openai', 429, body, { retryAfterMs: 700 }).retryAfterMs).toBe(700);
});

test.each(
  Object.values(providers).flatMap(({ id, baseURL }) =>
    typeof baseURL === 'string' ? [] : [[id, Object.keys(baseURL.regions)] as const],
  ),
)('a key that %s refuses may be of another region: all are named', (id, regions) => {
  const body = id === 'zhipu' ? openai('身份验证失败。', '1000') : openai('Invalid key');
  const { message } = classify(id as ProviderId, 401, body);
  for (const region of regions) expect(message).toContain(`${id}@${region}`);
});

test('a key that is missing is told before anything about regions', () => {
  const keyHint = 'Set DASHSCOPE_API_KEY, or pass { apiKey }.';
  const { errors: rules } = findProvider('qwen');
  const error = classifyFailure(
    { httpStatus: 401, body: {}, rules, keyHint },
    { provider: 'qwen' },
  );
  expect(error.message).toBe(`qwen: HTTP 401. No key was sent. ${keyHint}`);
});

test('a provider of one’s own says what its codes mean, before anything else is tried', () => {
  const { errors: rules } = defineProvider({
    id: 'mine',
    name: 'Mine',
    baseURL: 'https://mine.example/v1',
    apiKeyEnv: [],
    errors: [
      { code: 'overloaded', codes: ['77'], remedy: 'Wait for the night.' },
      { code: 'bad_request', words: /rate limit/g, retryable: true },
    ],
  });
  const say = (body: unknown) =>
    classifyFailure({ httpStatus: 400, body, rules }, { provider: 'mine' }).toJSON();
  expect(say({ code: 77, message: 'No.' })).toEqual({
    code: 'overloaded',
    message: 'mine: No. [77]. Wait for the night.',
    retryable: true,
    provider: 'mine',
    httpStatus: 400,
  });
  for (let time = 0; time < 2; time++) {
    expect(say({ message: 'rate limit' })).toMatchObject({ code: 'bad_request', retryable: true });
  }
});

test('the counts of an overflow are shown beside what to do', () => {
  const body = {
    code: 20015,
    message: 'prompt_tokens (68957) over max_seq_len (65536)',
    data: null,
  };
  expect(classify('siliconflow', 400, body).message).toBe(
    'siliconflow: prompt_tokens (68957) over max_seq_len (65536) [20015]. ' +
      '68957 tokens were counted, 65536 are allowed. Shorten the conversation, or use a model with a larger context.',
  );
});

test('what a vendor says at length is cut', () => {
  const { message } = classify('custom', 400, openai('long '.repeat(10_000)));
  expect(message.length).toBeLessThan(700);
});

test.each([
  ['insufficient_system_resource', 'overloaded', true],
  ['sensitive', 'content_filter', false],
  ['content_filter', 'content_filter', false],
  ['network_error', 'upstream_error', true],
  ['error', 'upstream_error', true],
  ['repetition_truncation', 'upstream_error', true],
  ['model_context_window_exceeded', 'context_overflow', false],
  ['model_length', 'context_overflow', false],
])('an answer that ends with the reason %s is a failure: %s', (reason, code, isRetryable) => {
  const error = classifyFinishReason(reason, undefined, { provider: 'custom' });
  expect(error).toMatchObject({ code, retryable: isRetryable });
  expect(error?.message).toMatch(/^custom: the answer ended with the reason "\w+"\. [A-Z].*\.$/);
});

test.each(['stop', 'length', 'tool_calls', 'function_call', 'eos', '', 'constructor'])(
  'an answer that ends with the reason "%s" is none',
  (reason) => {
    expect(classifyFinishReason(reason, undefined, { provider: 'custom' })).toBeUndefined();
  },
);

test('a preset says what a finish reason means at its vendor', () => {
  const rules = [{ code: 'timeout', codes: ['eos'] }] as const;
  expect(classifyFinishReason('eos', rules, { provider: 'custom' })?.code).toBe('timeout');
});

const numRuns = process.env['ANYTURN_TEST_FULL'] === '1' ? 5_000 : 300;

test('whatever a server answers becomes an error of bounded length, with a code', () => {
  fc.assert(
    fc.property(status(), anyBody(), (httpStatus, body) => {
      isErrorBody(body);
      const error = classify('zhipu', httpStatus, body);
      expect(errorCodes).toContain(error.code);
      expect(error.message.length).toBeLessThan(900);
      expect(error.message).not.toMatch(/[\n\r]/);
    }),
    { numRuns },
  );
});

test('no secret in use survives, wherever a server repeats it', () => {
  const secret = fc.stringMatching(/^[A-Za-z0-9._-]{8,40}$/);
  fc.assert(
    fc.property(status(), secret, fc.nat(600), (httpStatus, key, padding) => {
      const said = `${'x '.repeat(padding)}key ${key} is wrong`;
      const bodies = [
        said,
        openai(said, key, key),
        { ...openai(said), request_id: key, id: key },
        { detail: [{ loc: [key], msg: said }] },
        openai(`upstream: ${JSON.stringify(openai(said, key))}`),
        { error: { message: 'e', metadata: { raw: JSON.stringify(openai(said)) } } },
      ];
      for (const body of bodies) {
        const error = classify('custom', httpStatus, body, { secrets: [key] });
        expect(JSON.stringify(error) + error.message).not.toContain(key);
      }
    }),
    { numRuns },
  );
});

function classify(id: ProviderId, httpStatus: number, body: unknown, facts: object = {}) {
  const { errors: rules } = findProvider(id);
  return classifyFailure({ httpStatus, body, rules }, { provider: id, ...facts });
}

function openai(message: string, code?: string | number | null, type?: string) {
  return {
    error: { message, param: null, ...(code !== undefined && { code }), ...(type && { type }) },
  };
}

function status() {
  return fc.oneof(
    fc.constantFrom(0, 200, 400, 401, 403, 404, 429, 500, 503),
    fc.integer({ min: 100, max: 599 }),
  );
}

/** Bodies that look like errors, with anything where something is expected, and bodies that are anything. */
function anyBody() {
  const { body } = fc.letrec((tie) => ({
    text: fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.constantFrom(
        '余额不足',
        '{"error":',
        "{'message': '",
        'try again in 9999999d',
        '\n[{"',
        '。',
      ),
    ),
    record: fc.dictionary(
      fc.constantFrom(
        'error',
        'message',
        'msg',
        'code',
        'type',
        'status',
        'detail',
        'loc',
        'base_resp',
        'status_code',
        'metadata',
        'raw',
        'request_id',
        'details',
        'errors',
        'n_ctx',
        'choices',
        'retryDelay',
        'toString',
        '__proto__',
      ),
      tie('body'),
    ),
    body: fc.oneof(
      { maxDepth: 4 },
      tie('text'),
      fc.jsonValue(),
      fc.integer(),
      fc.constantFrom(null, undefined, Number.NaN),
      tie('record'),
      fc.array(tie('body'), { maxLength: 4 }),
    ),
  }));
  return body;
}
