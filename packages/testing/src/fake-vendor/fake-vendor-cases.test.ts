import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import {
  createFakeVendor,
  fakeVendorCases,
  isFakeVendorCaseName,
  suggestFakeVendorCases,
  type FakeVendor,
  type FakeVendorCaseName,
} from '../index.ts';

const running = new Set<FakeVendor>();

afterEach(async () => {
  await Promise.all([...running].map((vendor) => vendor.close()));
  running.clear();
});

// What requests get in their order; the last one is what all later ones get. See `sumUp` for the notation.
const hello = '200 role "Hello from the fake vendor." stop usage [DONE] end';
const helloAlways = '200 role "Hello from the fake vendor." stop [DONE] end';
const call = '200 role call 0 weather {"city":"Paris"} tool_calls usage [DONE] end';
const limited = 'error rate_limit_exceeded: Rate limit reached. Try again later. end';
const overloaded = 'The model is overloaded.';
const wrongKey = 'error invalid_api_key: Incorrect API key provided.';
const quota =
  'error insufficient_quota: You exceeded your current quota, please check your plan and billing details. end';
const tooLong =
  "400 error context_length_exceeded: This model's maximum context length is 8192 tokens. However, you requested 9001 tokens. Please reduce the length of the messages. end";
const page = '200 <!doctype html><title>Sign in</title><p>Sign in to use this network.</p> end';

const behaviours: Partial<Record<FakeVendorCaseName, readonly string[]>> = {
  ok: [hello],
  'tool-call': [call, call, hello],
  'parallel-tool-calls': [
    ...twice(
      '200 role call 0 weather {"city":"Paris"} call 1 weather {"city":"Rome"} tool_calls usage [DONE] end',
    ),
    hello,
  ],

  'rate-limit': [`429 retry-after=1 ${limited}`, hello],
  'rate-limit-ms': [`429 retry-after-ms=250 ${limited}`, hello],
  'rate-limit-zero': [...twice(`429 retry-after=0 ${limited}`), hello],
  'rate-limit-negative': [`429 retry-after=-5 ${limited}`, hello],
  'rate-limit-garbage': [`429 retry-after=soon ${limited}`, hello],
  'rate-limit-no-header': [`429 ${limited}`, hello],
  'rate-limit-reset-header': [`429 x-ratelimit-reset-requests=1s ${limited}`, hello],
  'rate-limit-in-message': [
    '429 error rate_limit_exceeded: Rate limit reached. Please try again in 1.2s. end',
    hello,
  ],
  'rate-limit-long': [`429 retry-after=86400 ${limited}`],
  'rate-limit-always': [`429 retry-after=1 ${limited}`],
  'insufficient-quota': [`429 ${quota}`],

  'server-error': ['500 error internal_error: The server had an error. end', hello],
  'server-error-always': ['500 error internal_error: The server had an error. end'],
  'status-408': ['408 error request_timeout: The request took too long to arrive. end', hello],
  'status-409': ['409 error conflict: Another request is changing the same thing. end', hello],
  'status-502-html': [
    '502 <html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html> end',
    hello,
  ],
  'status-503-empty': ['503 end', hello],
  'status-504-text': ['504 upstream request timeout end', hello],
  'status-529': [`529 error overloaded: ${overloaded} end`, hello],
  'status-400': ['400 error invalid_value: The request is not valid. end'],
  'status-401': [
    '401 error invalid_api_key: Incorrect API key provided: KEY. You can find your API key in your account settings. end',
  ],
  'status-402': ['402 error insufficient_balance: Insufficient balance. end'],
  'status-403': ['403 error model_not_allowed: The key may not use this model. end'],
  'status-404-model': ['404 error model_not_found: The model does not exist. end'],
  'status-413': ['413 error request_too_large: The request is too large. end'],
  'status-422': ['422 error unprocessable: The parameter "temperature" is not valid. end'],
  'context-overflow': [tooLong],
  'context-overflow-once': [tooLong, hello],
  'redirect-302': ['302 location=http://elsewhere/v1/chat/completions end'],
  'redirect-307': ['307 location=http://elsewhere/v1/chat/completions end'],
  'false-gzip': [hello.replace('200', '200 content-encoding=gzip')],
  'wrong-content-type': [hello.replace('200', '200 content-type=text/plain')],

  'first-key-rate-limited': [`429 retry-after=60 ${limited}`],
  'first-key-out-of-quota': [`429 ${quota}`],
  'first-key-invalid': [`401 ${wrongKey} end`],
  'first-key-revoked': [call, `401 ${wrongKey} end`],

  'deepseek-balance': ['402 error invalid_request_error: Insufficient Balance end'],
  'dashscope-native-error': [
    '400 {"code":"InvalidParameter","message":"The parameter top_p is out of range.","request_id":"7f3e0a52-0000-9000-8000-000000000001"} end',
  ],
  'dashscope-arrearage': [
    '400 error Arrearage: Access denied, please make sure your account is in good standing. end',
  ],
  'dashscope-token-quota': [
    '429 error insufficient_quota: Allocated quota exceeded, please increase your quota limit. end',
    hello,
  ],
  'dashscope-error-200': [
    '200 {"code":"Throttling.RateQuota","message":"Requests rate limit exceeded, please try again later.","request_id":"7f3e0a52-0000-9000-8000-000000000004"} end',
    hello,
  ],
  'dashscope-content-filter': [
    '400 error data_inspection_failed: Input data may contain inappropriate content. end',
  ],
  'volcengine-overdue': [
    '403 error AccountOverdueError: The request failed because your account has an overdue balance. end',
  ],
  'zhipu-arrears': ['429 error 1113: 您的账户已欠费，请充值后重试。 end'],
  'zhipu-overloaded': ['429 error 1305: 当前访问量过大，请稍后再试。 end', hello],
  'zhipu-context': ['400 error 1261: Prompt 超长 end'],
  'zhipu-code-only': ['400 {"error":{"code":"1210"}} end'],
  'moonshot-quota': [
    '429 error exceeded_current_quota_error: Your account is suspended, please check your plan and billing details. end',
  ],
  'moonshot-overloaded': [
    '429 error engine_overloaded_error: The engine is currently overloaded, please try again later. end',
    hello,
  ],
  'moonshot-context': [
    '400 error invalid_request_error: Invalid request: Your request exceeded model token limit: 8192 end',
  ],
  'siliconflow-model': [
    '400 {"code":20012,"message":"Model does not exist. Please check it carefully.","data":null} end',
  ],
  'siliconflow-string': ['403 "Sorry, your account balance is insufficient" end'],
  'tokenhub-content-filter': ['451 error 451001: The content was blocked. end'],
  'minimax-error-200': [
    '200 {"base_resp":{"status_code":1002,"status_msg":"rate limit"}} end',
    hello,
  ],
  'xai-wrong-key': ['400 {"code":"invalid-argument","error":"Incorrect API key provided."} end'],
  'mistral-wrong-key': ['401 {"detail":"Invalid API Key"} end'],
  'mistral-invalid': [
    '422 {"detail":[{"type":"less_than_equal","loc":["body","temperature"],"msg":"Input should be less than or equal to 1.5"}]} end',
  ],
  'gemini-error-array': [
    '400 [{"error":{"code":400,"message":"Invalid value at \\"model\\".","status":"INVALID_ARGUMENT"}}] end',
  ],
  'groq-capacity': ['498 error capacity_exceeded: Flex tier capacity exceeded. end', hello],
  'groq-tool-use-failed': [
    "400 error tool_use_failed: Failed to call a function. Please adjust your prompt. See 'failed_generation'. end",
    hello,
  ],

  'reset-before-headers': ['ECONNRESET', hello],
  'close-before-headers': ['closed', hello],
  'reset-after-headers': ['200 ECONNRESET', hello],
  'close-after-headers': ['200 closed', hello],
  'reset-mid-text': ['200 role "Hello from" ECONNRESET', hello],
  'close-mid-text': ['200 role "Hello from" closed', hello],
  'end-mid-text': ['200 role "Hello from" end', hello],
  'cut-mid-stream': ['200 role "Hello from" ECONNRESET'],
  'cut-then-continues': ['200 role "Hello from" ECONNRESET', hello],
  'cut-then-echoes': ['200 role "Hello from" ECONNRESET', hello],
  'reset-mid-tool-call': ['200 role call 0 weather {"city":"P ECONNRESET', call, hello],
  'end-mid-tool-call': ['200 role call 0 weather {"city":"P end', call, hello],
  'end-after-tool-call': ['200 role call 0 weather {"city":"Paris"} end', call, hello],
  'stall-before-headers': ['open'],
  'stall-after-headers': ['200 open'],
  'stall-mid-stream': ['200 role "Hello from" open'],
  'stall-mid-tool-call': ['200 role call 0 weather {"city":"P open'],
  'stall-before-headers-once': ['open', hello],
  'stall-after-headers-once': ['200 open', hello],
  'stall-mid-stream-once': ['200 role "Hello from" open', hello],
  'keep-alive-forever': ['200 : keep-alive : keep-alive : keep-alive open'],
  'keep-alive-mid-stream': ['200 role "Hello from" : keep-alive : keep-alive open'],
  'keep-alive-then-answer': [hello.replace('role', `${': keep-alive '.repeat(10)}role`)],
  'done-but-open': [hello.replace(' end', ' open')],
  'finish-but-open': [hello.replace(' [DONE] end', ' open')],

  'error-200': [`200 error 503: ${overloaded} end`],
  'error-200-once': [`200 error 503: ${overloaded} end`, hello],
  'error-200-final': [`200 ${wrongKey} end`],
  'html-200': [page],
  'html-200-once': [page, hello],
  'completion-200': ['200 whole "Hello from the fake vendor." stop end'],
  'completion-200-tool-call': [
    ...twice('200 whole call weather {"city":"Paris"} tool_calls end'),
    '200 whole "Hello from the fake vendor." stop end',
  ],
  'stream-always': [hello],
  'choices-null': ['200 {"choices":null,"usage":null} [DONE] end'],

  'no-done': [hello.replace(' [DONE]', '')],
  'no-finish-reason': ['200 role "Hello from the fake vendor." [DONE] end'],
  'empty-stream': ['200 end', hello],
  'only-done': ['200 [DONE] end', hello],
  'malformed-chunk': [
    '200 role "Hello from" not JSON {"choices":[{"index":0,"delta":{"content":" the " fake vendor." stop usage [DONE] end',
  ],
  'non-json-event': [
    '200 role "Hello from" not JSON ping " the fake vendor." stop usage [DONE] end',
  ],
  'error-first-chunk': [`200 error 503: ${overloaded} [DONE] end`, hello],
  'error-mid-stream': [`200 role "Hello from" error 503: ${overloaded} end`, hello],
  'error-mid-stream-final': [
    '200 role "Hello from" error account_deactivated: The account has been suspended. end',
  ],
  'error-mid-stream-string': [`200 role "Hello from" {"error":"${overloaded}"} end`, hello],
  'error-mid-stream-native': [
    `200 role "Hello from" {"code":"ServiceUnavailable","message":"${overloaded}","request_id":"7f3e0a52-0000-9000-8000-000000000005"} end`,
    hello,
  ],
  'error-mid-stream-choices': [
    '200 role "Hello from" error 502: Provider returned error end',
    hello,
  ],
  'error-event': [
    `200 role "Hello from" event: error ⏎ data: {"status":"failed","reason":"${overloaded}"} end`,
    hello,
  ],
  'split-bytes': [hello.replace('vendor.', 'vendor. 你好，世界。 Grüße 🙂')],
  'empty-objects': [
    '200 {} role {} "Hello" {} " from" {} " the" {} " fake" {} " vendor." {} stop {} usage {} [DONE] end',
  ],
  'empty-data-lines': [
    '200 role "Hello from" data: data: " the fake vendor." stop usage [DONE] end',
  ],
  'done-with-space': [hello.replace('[DONE]', 'not JSON [DONE] ')],
  'content-parts': [
    '200 {"refusal":null} [{"type":"text","text":"Hello"}] [{"type":"text","text":" from"}] [{"type":"text","text":" the"}] [{"type":"text","text":" fake"}] [{"type":"text","text":" vendor."}] stop usage [DONE] end',
  ],

  'usage-absent': [helloAlways],
  'usage-in-choice': [helloAlways],
  'usage-on-finish-chunk': [helloAlways],

  'finish-length': ['200 role "Hello from" length usage [DONE] end'],
  'finish-length-cut-tool-call': ['200 role call 0 weather {"city":"Pa length usage [DONE] end'],
  'finish-length-whole-tool-call': [call.replace('tool_calls', 'length')],
  'content-filter': ['200 role "Hello from" content_filter usage [DONE] end'],
  'finish-eos': [hello.replace('stop', 'eos')],
  'finish-empty': [hello.replace('stop', '""')],
  'finish-eos-tool-call': [...twice(call.replace('tool_calls', 'eos')), hello],
  'finish-empty-tool-call': [...twice(call.replace('tool_calls', '""')), hello],
  'finish-stop-tool-call': [...twice(call.replace('tool_calls', 'stop')), hello],
  'finish-null-tool-call': [...twice(call.replace('tool_calls ', '')), hello],
  'finish-insufficient-system-resource': [
    '200 role insufficient_system_resource usage [DONE] end',
    hello,
  ],
  'finish-insufficient-system-resource-mid-text': [
    '200 role "Hello from" insufficient_system_resource usage [DONE] end',
    hello,
  ],
  'finish-network-error': ['200 role "Hello from" network_error usage [DONE] end', hello],
  'finish-sensitive': ['200 role "Hello from" sensitive usage [DONE] end'],
  'finish-model-length': ['200 role "Hello from" model_length usage [DONE] end'],
  'finish-repetition-truncation': ['200 role "Hello from" repetition_truncation usage [DONE] end'],
  'finish-error': ['200 role error usage [DONE] end', hello],

  'unknown-tool': [...twice(call.replace('weather', 'no_such_tool')), hello],
  'tool-name-constructor': [...twice(calling('constructor {}')), hello],
  'invalid-tool-input': [...twice(calling('weather {"city": "Paris')), hello],
  'invalid-tool-input-always': [calling('weather {"city": "Paris')],
  'tool-input-breaks-schema': [...twice(calling('weather {"town":75001}')), hello],
  'tool-input-proto': [
    ...twice(calling('weather {"city":"Paris","__proto__":{"polluted":true}}')),
    hello,
  ],
  'tool-input-empty': [...twice(calling('weather')), hello],
  'tool-input-cumulative': [
    ...twice(calling('weather {"cit{"city":"P{"city":"Paris"{"city":"Paris"}')),
    hello,
  ],
  'tool-input-one-piece': [call, call, hello],
  'legacy-function-call': [
    ...twice(
      '200 role {"function_call":{"name":"weather","arguments":""}} {"function_call":{"arguments":"{\\"city\\":\\"Par"}} {"function_call":{"arguments":"is\\"}"}} function_call usage [DONE] end',
    ),
    hello,
  ],
  'tool-call-in-text': [
    ...twice(
      hello.replace(
        /".*"/u,
        '"<tool_call>\n{"name": "weather", "arguments": {"city": "Paris"}}\n</tool_call>"',
      ),
    ),
    hello,
  ],
  'tool-call-in-text-glm': [
    ...twice(
      hello.replace(
        /".*"/u,
        '"<tool_call>weather\n<arg_key>city</arg_key>\n<arg_value>Paris</arg_value>\n</tool_call>"',
      ),
    ),
    hello,
  ],
  'tool-call-in-text-kimi': [
    ...twice(
      hello.replace(
        /".*"/u,
        '"<|tool_calls_section_begin|><|tool_call_begin|>functions.weather:0<|tool_call_argument_begin|>{"city": "Paris"}<|tool_call_end|><|tool_calls_section_end|>"',
      ),
    ),
    hello,
  ],
  'same-tool-call-forever': [call],

  reasoning: [
    '200 role {"reasoning_content":"They"} {"reasoning_content":" want"} {"reasoning_content":" a"} {"reasoning_content":" greeting."} "Hello from the fake vendor." stop usage [DONE] end',
  ],
  'reasoning-without-text': [
    '200 role {"reasoning_content":"They"} {"reasoning_content":" want"} {"reasoning_content":" a"} {"reasoning_content":" greeting."} stop usage [DONE] end',
  ],
  'think-tags': [hello.replace('Hello', '<think>They want a greeting.</think>\n\nHello')],
  'think-tags-split': [hello.replace('Hello', '<think>They want a greeting.</think>\n\nHello')],

  'echo-secrets-html': [
    '502 x-request-id=req_Bearer KEY How is the weather? <!doctype html><title>Bad gateway</title><pre>Bearer KEY How is the weather?</pre> end',
  ],
  'echo-secrets-redirect': [
    '307 location=http://127.0.0.1:9/?secrets=Bearer%20KEY%20How%20is%20the%20weather%3F end',
  ],
  'echo-secrets-200': [
    '200 x-request-id=req_Bearer KEY How is the weather? error echo: Bad request: Bearer KEY How is the weather? end',
  ],
  'echo-secrets-rate-limit': [
    '429 x-request-id=req_Bearer KEY How is the weather? retry-after=1 error echo: Bad request: Bearer KEY How is the weather? end',
  ],
  'echo-secrets-first-chunk': [
    '200 x-request-id=req_Bearer KEY How is the weather? error echo: Bad request: Bearer KEY How is the weather? [DONE] end',
  ],
  'echo-secrets-malformed': [
    '200 role "Hello" not JSON Bearer KEY How is the weather? " from the fake vendor." stop usage [DONE] end',
  ],
};

test.each(Object.entries(behaviours))(
  'case %s answers in turn as it says',
  async (name, expected) => {
    const vendor = await start(name as FakeVendorCaseName);
    const seen: string[] = [];
    for (const [at, messages] of [[question], [question], [question, toolResult]].entries()) {
      const wanted = expected[Math.min(at, expected.length - 1)] ?? '';
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as a client that tries again
      seen.push(sumUp(await exchange(vendor, stream(messages), wanted)));
    }

    expect(seen.slice(0, expected.length)).toEqual(expected);
    expect(seen.at(-1)).toBe(expected.at(-1));
  },
);

// What is odd about a stream, as it is on the wire.
const oddities: Partial<Record<FakeVendorCaseName, RegExp>> = {
  'no-final-blank-line': /"finish_reason":"stop"\}\],"usage":\{[^}]*\}\}$/u,
  'split-surrogates': /"content":" \\ud83d"[^]*"content":"\\ude42"/u,
  'byte-order-mark': /^\ufeffdata: \{/u,
  crlf: /^(?:data: [^\n]*\r\n\r\n)+$/u,
  'no-space-after-data': /^(?:data:[{[][^\n]*\n\n)+$/u,
  'single-newlines': /^(?:data: [^\n]+\n)+$/u,
  'comments-and-fields':
    /^(?:: ping\nevent: message\nid: 7\nretry: 3000\ndata: [^\n]*\n\n)+data: \[DONE\]\n\n$/u,
  'invalid-utf-8': /"content":"Hello\ufffd"/u,
  'long-line': /\n\ndata: \{"padding":"x\*10485760"[^\n]*"content":" from"/u,
  'endless-line':
    /"content":" from"[^\n]*\n\ndata: \{"choices":\[\{"index":0,"delta":\{"content":" x\*67108864$/u,
  'wrong-role': /^(?:data: [^\n]*("role":"model"|"choices":\[\])[^\n]*\n\n)+data: \[DONE\]/u,
  'role-everywhere':
    /^(?:data: [^\n]*("role":"assistant"|"choices":\[\])[^\n]*\n\n)+data: \[DONE\]/u,
  'message-instead-of-delta': /^(?:data: (?![^\n]*"delta")[^\n]*\n\n)+$/u,
  'interleaved-choices':
    /"index":0,"delta":\{"content":" from"\}[^\n]*\n\n[^\n]*"index":1,"delta":\{"content":" Other"\}/u,
  'finish-reason-empty-until-end':
    /^(?:data: [^\n]*"finish_reason":""[^\n]*\n\n)+data: [^\n]*"finish_reason":"stop"/u,
  'created-string': /"created":"2026-11-01T00:00:00Z"/u,
  'usage-strings':
    /"usage":\{"total_tokens":"\d+","prompt_tokens":"\d+","completion_tokens":"\d+"\}/u,
  'usage-null': /^(?:data: (?![^\n]*"usage":\{)[^\n]*\n\n)+$/u,
  'usage-without-choices': /"model":"m","usage":\{[^\n]*\n\ndata: \[DONE\]/u,
  'usage-choices-null': /"choices":null,"usage":\{/u,
  'usage-in-choice': /"finish_reason":"stop","usage":\{[^}]*\}\}\]\}\n\ndata: \[DONE\]/u,
  'usage-on-finish-chunk': /"finish_reason":"stop"\}\],"usage":\{[^}]*\}\}\n\ndata: \[DONE\]/u,
  'usage-on-every-chunk': /^(?:data: [^\n]*"usage":\{[^\n]*\n\n)+data: \[DONE\]/u,
  'usage-cache-hit': /"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36/u,
  'usage-cached-tokens': /"usage":\{[^}]*"cached_tokens":64/u,
  'tool-input-null': /"name":"weather","arguments":null/u,
  'tool-input-object': /"name":"weather","arguments":\{"city":"Paris"\}/u,
  'tool-index-missing': /"tool_calls":\[\{"id":"call_[^]*"tool_calls":\[\{"function":/u,
  'tool-id-missing': /"tool_calls":\[\{"index":0,"type":"function"/u,
  'tool-id-duplicate': /"index":0,"id":"call_1"[^]*"index":1,"id":"call_1"/u,
  'tool-delta-without-function':
    /"tool_calls":\[\{"index":0\}\]\}[^\n]*\n\n[^\n]*"finish_reason":"tool_calls"/u,
  'many-tool-calls':
    /"index":199,"id":"call_[0-9a-f]+","type":"function","function":\{"name":"weather"/u,
  'reasoning-field': /"delta":\{"reasoning":"They"\}/u,
  'reasoning-empty-twin': /"delta":\{"reasoning_content":"","reasoning":"They"\}/u,
  'reasoning-details':
    /"delta":\{"reasoning_details":\[\{"type":"reasoning.text","text":"They","index":0\}\]\}/u,
  'rate-limit-date': /"code":"rate_limit_exceeded"/u,
  'echo-secrets-status': /"message":"Bad request: Bearer KEY How is the weather\?"/u,
  'echo-secrets-mid-stream':
    /"content":" from"[^\n]*\n\nevent: error\ndata: \{"error":\{"message":"Bad request: Bearer KEY How is the weather\?"/u,
};

test.each(Object.entries(oddities))('case %s is odd in the way it says', async (name, pattern) => {
  const vendor = await start(name as FakeVendorCaseName);
  const { body } = await exchange(vendor, stream([question]));
  const text = body.replaceAll(/x+/gu, (padding) =>
    padding.length > 1_000 ? `x*${padding.length}` : padding,
  );

  expect(text).toMatch(pattern);
});

test('every case is in one of the two tables and has a sentence', () => {
  const shown = new Set([...Object.keys(behaviours), ...Object.keys(oddities)]);
  const cases = Object.entries(fakeVendorCases);

  expect(cases.map(([name]) => name).filter((name) => !shown.has(name))).toEqual([]);
  expect(cases.filter(([, { description }]) => !/^[A-Z].*\.$/su.test(description))).toEqual([]);
});

test('a case that ends with the answer says which one', () => {
  const answered = Object.entries(behaviours).filter(([, expected]) => expected.at(-1) === hello);
  const answers = answered.map(([name]) => fakeVendorCases[name as FakeVendorCaseName].answer);

  expect(new Set(answers)).toEqual(new Set(['Hello from the fake vendor.']));
});

test.each<[FakeVendorCaseName, object]>([
  ['usage-strings', { usage: { completion_tokens: '7' } }],
  ['usage-null', { usage: null }],
  ['created-string', { created: '2026-11-01T00:00:00Z' }],
  ['choices-null', { choices: null }],
  ['wrong-role', { choices: [{ message: { role: 'model' } }] }],
  ['finish-null-tool-call', { choices: [{ finish_reason: null }] }],
  ['tool-input-object', toolMessage({ arguments: { city: 'Paris' } })],
  ['tool-input-null', toolMessage({ arguments: null })],
  ['legacy-function-call', { choices: [{ message: { function_call: { name: 'weather' } } }] }],
  ['reasoning-field', { choices: [{ message: { reasoning: 'They want a greeting.' } }] }],
])('case %s is as odd without a stream', async (name, expected) => {
  const vendor = await start(name);
  const { body } = await exchange(vendor, { model: 'm', messages: [question] });

  expect(JSON.parse(body)).toMatchObject(expected);
});

test('a rate limit with a date names one three seconds ahead', async () => {
  const before = Date.now();
  const { head } = await exchange(await start('rate-limit-date'), stream([question]));
  const [, date = ''] = /^retry-after: (.*)$/imu.exec(head) ?? [];

  // A date has no fractions of a second.
  expect(Date.parse(date)).toBeGreaterThan(before + 2_000 - 1);
  expect(Date.parse(date)).toBeLessThanOrEqual(Date.now() + 3_000);
});

test('a case that echoes secrets has them in its status text and headers too', async () => {
  const { head } = await exchange(await start('echo-secrets-status'), stream([question]));

  expect(head.split('\r\n')[0]).toBe('HTTP/1.1 400 Bearer KEY How is the weather?');
  expect(head).toContain('x-request-id: req_Bearer KEY How is the weather?');
});

test.each<[string, string[]]>([
  ['stall-mid-steam', ['stall-mid-stream']],
  ['stall_mid_stream', ['stall-mid-stream']],
  ['html', ['html-200']],
  ['ratelimit', ['rate-limit']],
  ['503', ['status-503-empty']],
  ['', []],
  ['zzz', []],
])('for the name %j the closest case is suggested', (name, expected) => {
  expect(isFakeVendorCaseName(name)).toBe(false);
  expect(suggestFakeVendorCases(name).slice(0, 1)).toEqual(expected);
});

test('no case leaves anything behind that keeps a process alive after close()', async () => {
  const index = new URL('../index.ts', import.meta.url).href;
  const script = `
    const { createFakeVendor, fakeVendorCases } = await import(${JSON.stringify(index)});
    const { connect } = await import('node:net');
    const { once } = await import('node:events');
    const body = JSON.stringify({ stream: true, messages: [{ role: 'user', content: 'Hi' }] });
    for (const name of Object.keys(fakeVendorCases)) {
      const vendor = await createFakeVendor({ case: name });
      const { hostname, port } = new URL(vendor.baseURL);
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {}).resume();
      socket.write('POST /v1/chat/completions HTTP/1.1\\r\\nhost: x\\r\\ncontent-length: ' + body.length + '\\r\\n\\r\\n' + body);
      await vendor.waitForRequest(0);
      await new Promise((resolve) => setImmediate(resolve));
      await vendor.close();
    }
    console.log('closed', Object.keys(fakeVendorCases).length);
  `;
  const child = spawn(
    process.execPath,
    ['--conditions=@anyturn/source', '--input-type=module', '--eval', script],
    { stdio: ['ignore', 'pipe', 'inherit'], timeout: 25_000 },
  );
  let output = '';
  child.stdout.on('data', (text) => (output += text));
  const [code, signal] = await once(child, 'close');

  expect({ code, signal, output }).toEqual({
    code: 0,
    signal: null,
    output: `closed ${Object.keys(fakeVendorCases).length}\n`,
  });
});

const question = { role: 'user', content: 'How is the weather?' };
const toolResult = { role: 'tool', tool_call_id: 'call_1', content: '' };

function stream(messages: readonly object[]): object {
  return { model: 'm', stream: true, stream_options: { include_usage: true }, messages };
}

function twice(text: string): [string, string] {
  return [text, text];
}

function calling(what: string): string {
  return `200 role call 0 ${what} tool_calls usage [DONE] end`;
}

function toolMessage(called: object): object {
  return { choices: [{ message: { tool_calls: [{ function: { name: 'weather', ...called } }] } }] };
}

async function start(name: FakeVendorCaseName): Promise<FakeVendor> {
  const vendor = await createFakeVendor({
    case: name,
    keepAliveMs: 1,
    redirectTo: 'http://elsewhere/',
  });
  running.add(vendor);
  return vendor;
}

interface RawAnswer {
  head: string;
  body: string;
  /** `end` of a whole response, `closed` in the middle of one, `open`, or the error code of the socket. */
  ending: string;
}

/**
 * Sends one request over a bare socket and gathers what comes until the connection ends. When it is expected to stay
 * open, until all is there that is expected.
 */
async function exchange(
  { baseURL, apiKey, requests, waitForRequest }: FakeVendor,
  request: object,
  expected = 'end',
): Promise<RawAnswer> {
  const { hostname, port, pathname } = new URL(`${baseURL}/chat/completions`);
  const text = JSON.stringify(request);
  const socket = connect(Number(port), hostname);
  const pieces: Buffer[] = [];
  const index = requests.length;
  const answer = new Promise<RawAnswer>((resolve) => {
    const end = (how: string) => {
      socket.destroy();
      resolve(toAnswer(Buffer.concat(pieces), how, apiKey));
    };
    const look = () => {
      if (!expected.endsWith('open')) return;
      const isAll = sumUp(toAnswer(Buffer.concat(pieces), 'open', apiKey)).startsWith(
        expected.replace(/ ?open$/u, ''),
      );
      if (isAll) setImmediate(() => end(requests[index]?.end ?? 'open'));
    };
    socket.on('data', (piece) => {
      pieces.push(piece);
      look();
    });
    socket.on('end', () => end('closed'));
    socket.on('error', ({ code = 'error' }: NodeJS.ErrnoException) => end(code));
    void waitForRequest(index).then(look, () => {});
  });
  socket.write(
    `POST ${pathname} HTTP/1.1\r\nhost: ${hostname}\r\nconnection: close\r\nauthorization: Bearer ${apiKey}\r\n` +
      `content-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
  return answer;
}

function toAnswer(bytes: Buffer, how: string, apiKey: string): RawAnswer {
  const [head, chunked] = splitOnce(bytes.toString('latin1'), '\r\n\r\n');
  const { text, isWhole } = unchunk(chunked);
  const body = Buffer.from(text, 'latin1').toString('utf8').replaceAll(apiKey, 'KEY');
  return {
    head: head.replaceAll(apiKey, 'KEY'),
    body,
    ending: how === 'closed' && isWhole ? 'end' : how,
  };
}

function unchunk(body: string): { text: string; isWhole: boolean } {
  const pieces: string[] = [];
  for (let at = 0; ;) {
    const [size] = splitOnce(body.slice(at, at + 20), '\r\n');
    const start = at + size.length + 2;
    const length = Number.parseInt(size, 16);
    if (length === 0 || Number.isNaN(length) || start > body.length) {
      return { text: pieces.join(''), isWhole: length === 0 };
    }
    pieces.push(body.slice(start, start + length));
    at = start + length + 2;
  }
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

/**
 * An answer in one line: the status, the headers that matter, the body, the ending. Of a stream: `role`, the text in
 * quotes, `call` with index, name and input, the finish reason, `usage`, and whatever else there is as it is.
 */
function sumUp({ head, body, ending }: RawAnswer): string {
  const status = /^HTTP\/1\.1 (\d+)/u.exec(head)?.[1] ?? '';
  const headers = [
    ...head.matchAll(
      /^(retry-after|retry-after-ms|location|content-encoding|x-ratelimit-reset-requests|content-type(?=: text\/plain\r)|x-request-id(?=: req_Bearer)): (.*)\r?$/gimu,
    ),
  ];
  const isStream = /^content-type: text\/event-stream|^data: /imu.test(`${head}\n${body}`);
  const words = isStream ? sumUpStream(body) : [sumUpJson(body)];
  return [status, ...headers.map(([, name, value]) => `${name}=${value?.trim()}`), ...words, ending]
    .filter((word) => word !== '')
    .join(' ');
}

function sumUpStream(body: string): string[] {
  const words: string[] = [];
  for (const event of body.split('\n\n')) {
    const word = sumUpEvent(event);
    const last = words.at(-1) ?? '';
    if (word.startsWith('"') && last.startsWith('"') && last.length > 1 && word !== '""') {
      words.splice(-1, 1, `${last.slice(0, -1)}${word.slice(1)}`);
    } else if (word.startsWith('input ')) {
      const isFirst = /^call \d+ \S+$/u.test(last);
      words.splice(-1, 1, `${last}${isFirst ? ' ' : ''}${word.slice('input '.length)}`);
    } else {
      words.push(word);
    }
  }
  return words;
}

function sumUpEvent(event: string): string {
  if (!event.startsWith('data: ')) return event.trim().replaceAll('\n', ' ⏎ ');
  const text = event.slice('data: '.length);
  if (text === '[DONE]' || text === '') return text === '' ? 'data:' : text;
  const json = parse(text);
  if (json === undefined) return `not JSON ${text}`;
  if (json.error || !json.choices) return sumUpJson(text);
  const [choice] = json.choices;
  if (!choice) return 'usage';
  if (typeof choice.finish_reason === 'string') return choice.finish_reason || '""';
  const { role, content, tool_calls: [called] = [], ...rest } = choice.delta ?? {};
  if (called?.function?.name) return `call ${called.index} ${called.function.name}`;
  if (called) return `input ${called.function?.arguments}`;
  if (role !== undefined && content === '') return 'role';
  return typeof content === 'string' ? `"${content}"` : JSON.stringify(content ?? rest);
}

function sumUpJson(text: string): string {
  const json = parse(text);
  if (json?.error?.message !== undefined) {
    const { code, type, message } = json.error;
    return `error ${code ?? type}: ${message}`;
  }
  const [choice] = json?.choices ?? [];
  if (!choice?.message) {
    return text.replaceAll(/"(?:id|object|model|created)":(?:"[^"]*"|\d+),?/gu, '').trim();
  }
  const { content, tool_calls: [called] = [] } = choice.message;
  const said = called
    ? `call ${called.function?.name} ${called.function?.arguments}`
    : JSON.stringify(content);
  return `whole ${said} ${choice.finish_reason}`;
}

interface AnyAnswer {
  error?: { message?: string; code?: string; type?: string };
  choices?: {
    delta?: Message;
    message?: Message;
    finish_reason?: string | null;
  }[];
}

interface Message {
  role?: string;
  content?: unknown;
  tool_calls?: { index?: number; function?: { name?: string; arguments?: string } }[];
}

function parse(text: string): AnyAnswer | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
