import { expect, test } from 'vitest';
import type { ErrorCode, ErrorJson } from '../errors.ts';
import { findProvider } from '../providers/index.ts';
import type { ProviderId } from '../providers/index.ts';
import { classifyFailure } from './classify-failure.ts';

type Facts = Pick<ErrorJson, 'retryAfterMs' | 'requestId' | 'countedTokens' | 'allowedTokens'>;
type Row = readonly [status: number, body: unknown, code: ErrorCode, facts?: Facts];

const retryable: readonly ErrorCode[] = ['rate_limit', 'overloaded', 'upstream_error', 'timeout'];

// Recorded, or https://api-docs.deepseek.com/quick_start/error_codes, 2026-10.
testVendor('deepseek', [
  [402, openai('Insufficient Balance', 'invalid_request_error', 'unknown_error'), 'balance'],
  [401, openai('Authentication Fails, Your api key: ****1234 is invalid'), 'auth'],
  [400, openai('Model Not Exist', 'invalid_request_error'), 'model_not_found'],
  [422, openai('Failed to deserialize the JSON body'), 'bad_request'],
  [429, openai('Too many concurrent requests'), 'rate_limit'],
  [500, openai('Server error'), 'upstream_error'],
  [503, openai('The server is overloaded or not ready yet.'), 'overloaded'],
  [
    400,
    openai(
      "This model's maximum context length is 1048565 tokens. However, you requested 1250025 tokens (1250025 in the messages, 0 in the completion).",
      'invalid_request_error',
    ),
    'context_overflow',
    { countedTokens: 1_250_025, allowedTokens: 1_048_565 },
  ],
  [
    400,
    openai('The `reasoning_content` in the thinking mode must be passed back to the API.'),
    'bad_request',
  ],
]);

// https://www.alibabacloud.com/help/en/model-studio/error-code, 2026-09; the free tier as reported in
// https://github.com/666ghj/BettaFish/issues/609, 2026-03.
testVendor('qwen', [
  [429, openai('Free allocated quota exceeded.', 'insufficient_quota'), 'balance'],
  [
    400,
    { ...openai('Access denied.', 'Arrearage'), request_id: 'r-1' },
    'balance',
    { requestId: 'r-1' },
  ],
  [
    429,
    openai(
      'You exceeded your current quota, please check your plan and billing details.',
      'insufficient_quota',
    ),
    'rate_limit',
  ],
  [
    429,
    openai(
      'Allocated quota exceeded, please increase your quota limit.',
      'Throttling.AllocationQuota',
    ),
    'rate_limit',
  ],
  [
    429,
    native('Throttling.RateQuota', 'Requests rate limit exceeded, please try again later.'),
    'rate_limit',
    { requestId: 'r-2' },
  ],
  [429, openai('Request rate increased too quickly.', 'limit_burst_rate'), 'rate_limit'],
  [
    403,
    openai('The free tier of the model has been exhausted.', 'AllocationQuota.FreeTierOnly'),
    'balance',
  ],
  [
    400,
    openai('The free tier of the model has been exhausted.', 'AllocationQuota.FreeTierOnly'),
    'balance',
  ],
  [401, openai('Incorrect API key provided.', 'invalid_api_key'), 'auth'],
  [403, native('AccessDenied', 'Access denied.'), 'forbidden', { requestId: 'r-2' }],
  [404, openai('The model `qwen-x` does not exist.', 'model_not_found'), 'model_not_found'],
  [
    400,
    native('DataInspectionFailed', 'Input data may contain inappropriate content.'),
    'content_filter',
    { requestId: 'r-2' },
  ],
  [400, openai('Output data may contain it.', 'data_inspection_failed'), 'content_filter'],
  [
    400,
    openai(
      '<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 129024]',
    ),
    'context_overflow',
    { allowedTokens: 129_024 },
  ],
  [
    400,
    openai('Range of max_tokens should be [1, 8192]', 'invalid_parameter_error'),
    'bad_request',
  ],
  [200, native('InvalidParameter', 'The parameter is wrong.'), 'bad_request', { requestId: 'r-2' }],
]);

// https://www.volcengine.com/docs/82379/1299023, 2025-11; the limit of an answer as reported in
// https://github.com/langgenius/dify/issues/14376, 2025-02.
testVendor('doubao', [
  [400, openai('Input length 140000 exceeds the maximum length 131072'), 'context_overflow'],
  [
    403,
    openai(
      'The request failed because your account has an overdue balance.',
      'AccountOverdueError',
      'Forbidden',
    ),
    'balance',
  ],
  [
    403,
    openai(
      'Operation is denied because your account balance is overdue.',
      'OperationDenied.ServiceOverdue',
    ),
    'balance',
  ],
  [
    403,
    openai('You do not have access to the resource.', 'AccessDenied', 'Forbidden'),
    'forbidden',
  ],
  [
    404,
    openai('The model or endpoint ep-1 does not exist.', 'InvalidEndpointOrModel.NotFound'),
    'model_not_found',
  ],
  [
    404,
    openai('Your account has not activated the model.', 'ModelNotOpen', 'NotFound'),
    'model_not_found',
  ],
  [401, openai('The API key in the request is missing or invalid.', 'AuthenticationError'), 'auth'],
  [429, openai('RPM limit exceeded.', 'RateLimitExceeded.EndpointRPMExceeded'), 'rate_limit'],
  [429, openai('Your account has reached the set inference limit.', 'SetLimitExceeded'), 'balance'],
  [429, openai('The quota is used up.', 'QuotaExceeded'), 'balance'],
  [429, openai('The service is busy.', 'ServerOverloaded'), 'overloaded'],
  [
    400,
    openai('No valid coding plan subscription.', 'InvalidSubscription', 'Forbidden'),
    'balance',
  ],
  [
    400,
    openai(
      'The input text may contain sensitive information.',
      'InputTextSensitiveContentDetected',
    ),
    'content_filter',
  ],
  [
    400,
    openai('Total tokens of image and text exceed max message tokens.', 'OutofContextError'),
    'context_overflow',
  ],
  [
    400,
    openai(
      'The parameter `max_tokens` is not valid: integer above maximum value, expected a value <= 4096, but got 8192 instead.',
      'InvalidParameter',
    ),
    'bad_request',
  ],
  [500, openai('Internal error.', 'InternalServiceError'), 'upstream_error'],
]);

// https://docs.siliconflow.cn/cn/faqs/error-code, 2026-11; the overflow in https://github.com/chatboxai/chatbox/issues/2060.
testVendor('siliconflow', [
  [
    403,
    { code: 30001, message: 'Sorry, your account balance is insufficient', data: null },
    'balance',
  ],
  [403, { code: 1, message: 'Real name needed', data: null }, 'balance'],
  [400, { code: 20012, message: 'Please check it carefully.', data: null }, 'model_not_found'],
  [
    400,
    {
      code: 20015,
      message: 'length of prompt_tokens (68957) must be less than max_seq_len (65536).',
      data: null,
    },
    'context_overflow',
    { countedTokens: 68_957, allowedTokens: 65_536 },
  ],
  [400, { code: 20015, message: 'The parameter is invalid.', data: null }, 'bad_request'],
  [401, 'Invalid token', 'auth'],
  [
    429,
    {
      message: 'Request was rejected due to rate limiting. Details: TPM limit reached.',
      data: null,
    },
    'rate_limit',
  ],
  [
    503,
    { code: 50505, message: 'Model service overloaded. Please try again later.', data: null },
    'overloaded',
  ],
  [504, 'answered with an HTML page', 'overloaded'],
  [404, '404 page not found', 'not_found'],
]);

// https://cloud.tencent.com/document/product/1823, 2026-05.
testVendor('hunyuan', [
  [
    402,
    { error: { code: '401007', message: 'The model is not opened', request_id: 'r-3' } },
    'balance',
    { requestId: 'r-3' },
  ],
  [200, { error: { code: 403004, message: 'Free quota is used up' } }, 'balance'],
  [401, openai('bad key', '401002'), 'auth'],
  [429, openai('rate limit exceeded on dimension: rpm', '429001'), 'rate_limit'],
  [200, openai('on dimension: rpm', '429001'), 'rate_limit'],
  [451, openai('blocked', '451001', 'content_filter_error'), 'content_filter'],
  [502, { error: { code: '502001', message: 'bad gateway', source: 'upstream' } }, 'overloaded'],
]);

// https://platform.moonshot.cn/docs, 2026-11; times to wait in https://github.com/LLM-Red-Team/kimi-cc/issues/16, 2025-07, the
// overflow in https://github.com/MoonshotAI/kimi-cli/issues/2011, 2026-04.
testVendor('moonshot', [
  [
    429,
    openai(
      'Your account org-1<ak-x1> is suspended, please check your plan',
      undefined,
      'exceeded_current_quota_error',
    ),
    'balance',
  ],
  [
    429,
    openai(
      'The engine is currently overloaded, please try again later',
      undefined,
      'engine_overloaded_error',
    ),
    'overloaded',
  ],
  [
    429,
    openai(
      'request reached max organization concurrency: 1, please try again after 1 seconds',
      undefined,
      'rate_limit_reached_error',
    ),
    'rate_limit',
    { retryAfterMs: 1_000 },
  ],
  [403, openai('insufficient balance'), 'balance'],
  [403, openai('no permission', undefined, 'permission_denied_error'), 'forbidden'],
  [
    400,
    openai('The request was rejected because it was considered high risk', 'content_filter'),
    'content_filter',
  ],
  [401, openai('Invalid Authentication', undefined, 'invalid_authentication_error'), 'auth'],
  [
    400,
    openai('Invalid request: Your request exceeded model token limit: 262144 (requested: 274586)'),
    'context_overflow',
    { countedTokens: 274_586, allowedTokens: 262_144 },
  ],
  [
    404,
    openai(
      'Not found the model kimi-x or Permission denied',
      undefined,
      'resource_not_found_error',
    ),
    'model_not_found',
  ],
]);

// https://docs.bigmodel.cn/cn/api/api-code and https://docs.z.ai/api-reference/api-code, 2026-11.
testVendor('zhipu', [
  [429, openai('您的账户已欠费，请充值后重试', '1113'), 'balance'],
  [429, openai('您的账户已达到速率限制，请您控制请求频率', '1302'), 'rate_limit'],
  [429, openai('frequency', '1303'), 'rate_limit'],
  [429, openai('daily limit', '1304'), 'balance'],
  [429, openai('该模型当前访问量过大，请您稍后再试', '1305'), 'overloaded'],
  [200, openai('该模型当前访问量过大，请您稍后再试', '1305'), 'overloaded'],
  [
    429,
    openai('已达到 5 小时的使用上限。您的限额将在 2026-08-25 07:41:44 重置。', '1308'),
    'balance',
  ],
  [429, openai('weekly', '1310'), 'balance'],
  [429, openai('plan expired', '1309'), 'balance'],
  [429, openai('busy', '1312'), 'overloaded'],
  [
    429,
    openai(
      "Your account's current usage pattern does not comply with the Fair Usage Policy",
      '1313',
    ),
    'forbidden',
  ],
  [429, openai('locked', '1112'), 'forbidden'],
  [
    400,
    { ...openai('可能包含不安全或敏感内容', '1301'), contentFilter: [{ role: 'user', level: 1 }] },
    'content_filter',
  ],
  [400, openai('Prompt exceeds max length', '1261'), 'context_overflow'],
  [400, openai('模型不存在，请检查模型代码。', '1211'), 'model_not_found'],
  [400, openai('API 调用参数有误，请检查文档。', '1210'), 'bad_request'],
  [401, openai('身份验证失败。', '1000'), 'auth'],
  [500, openai('内部错误', '500'), 'upstream_error'],
  [434, openai('no API permission'), 'forbidden'],
  [435, openai('file over 100 MB'), 'too_large'],
  [200, { code: 500, msg: '404 NOT_FOUND', success: false }, 'not_found'],
]);

// https://openrouter.ai/docs/api/reference/errors-and-debugging, 2026-11, and recorded answers.
testVendor('openrouter', [
  [
    402,
    openai(
      'This request requires more credits, or fewer max_tokens. You requested up to 65536 tokens, but can only afford 30104.',
      402,
    ),
    'balance',
  ],
  [
    403,
    openai('Your chosen model requires moderation and your input was flagged', 403),
    'content_filter',
  ],
  [403, openai('Key limit exceeded (total limit).', 403), 'balance'],
  [408, openai('Your request timed out', 408), 'timeout'],
  [
    429,
    openai(
      'Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day',
      429,
    ),
    'balance',
  ],
  [
    429,
    {
      error: {
        code: 429,
        message: 'Provider returned error',
        metadata: {
          provider_name: 'Google',
          raw: 'x:free is temporarily rate-limited upstream. Please retry in 20s.',
        },
      },
    },
    'rate_limit',
    { retryAfterMs: 20_000 },
  ],
  [
    400,
    {
      error: {
        code: 400,
        message: 'Provider returned error',
        metadata: {
          raw: '{"error":{"message":"prompt is too long: 215000 tokens > 200000 maximum"}}',
        },
      },
    },
    'context_overflow',
    { countedTokens: 215_000, allowedTokens: 200_000 },
  ],
  [502, openai('Provider returned error', 502), 'overloaded'],
  [503, openai('No provider meets your routing requirements', 503), 'overloaded'],
  [
    200,
    {
      id: 'gen-1',
      error: { code: 400, message: 'Token limit reached' },
      choices: [{ delta: {}, finish_reason: null }],
    },
    'bad_request',
    { requestId: 'gen-1' },
  ],
]);

// Recorded, and https://platform.openai.com/docs/guides/error-codes, 2026-11.
testVendor('openai', [
  [
    429,
    openai(
      'You exceeded your current quota, please check your plan and billing details.',
      'insufficient_quota',
      'insufficient_quota',
    ),
    'balance',
  ],
  [
    429,
    openai(
      'Rate limit reached for m on tokens per min (TPM): Limit 30000, Used 29000, Requested 2000. Please try again in 2s.',
      'rate_limit_exceeded',
      'tokens',
    ),
    'rate_limit',
    { retryAfterMs: 2_000 },
  ],
  [
    429,
    openai(
      'Rate limit reached for m on requests per day (RPD): Limit 200. Please try again in 6m0s.',
      'rate_limit_exceeded',
      'requests',
    ),
    'rate_limit',
    { retryAfterMs: 360_000 },
  ],
  [
    429,
    openai(
      'Request too large for m on tokens per min (TPM): Limit 30000, Requested 40000.',
      'rate_limit_exceeded',
      'tokens',
    ),
    'too_large',
    { countedTokens: 40_000, allowedTokens: 30_000 },
  ],
  [401, openai('Incorrect API key provided: sk-abcd1234efgh.', 'invalid_api_key'), 'auth'],
  [
    403,
    openai('Country, region, or territory not supported', 'unsupported_country_region_territory'),
    'forbidden',
  ],
  [
    404,
    openai('The model `m` does not exist or you do not have access to it.', 'model_not_found'),
    'model_not_found',
  ],
  [404, openai('Invalid URL (POST /v1/chat)', null), 'not_found'],
  [
    400,
    openai(
      "Unsupported parameter: 'max_tokens' is not supported with this model.",
      'unsupported_parameter',
    ),
    'bad_request',
  ],
  [
    400,
    openai('Your input exceeds the context window of this model.', 'context_length_exceeded'),
    'context_overflow',
  ],
]);

// Vendors and servers without rules of their own, and vendors with them behind a base URL that is not theirs.
testVendor('custom', [
  // Groq: recorded, and https://console.groq.com/docs/errors, 2026-11.
  [
    400,
    {
      error: {
        message: 'Tool call validation failed',
        code: 'tool_use_failed',
        failed_generation: '{}',
      },
    },
    'upstream_error',
  ],
  [
    429,
    openai(
      'Rate limit reached. Please try again in 5.289s. Need more tokens? Visit https://console.groq.com/settings/billing',
      'rate_limit_exceeded',
      'tokens',
    ),
    'rate_limit',
    { retryAfterMs: 5_289 },
  ],
  [
    413,
    openai(
      'Request too large for model `m` on tokens per minute (TPM): Limit 6000, Requested 9000, please reduce your message size',
      'rate_limit_exceeded',
    ),
    'too_large',
    { countedTokens: 9_000, allowedTokens: 6_000 },
  ],
  [498, openai('capacity_exceeded'), 'overloaded'],
  // xAI and Mistral: recorded.
  [400, { code: 'invalid-argument', error: 'Incorrect API key provided: 12***34.' }, 'auth'],
  [401, { detail: 'Invalid API Key' }, 'auth'],
  [
    400,
    { object: 'error', message: 'Invalid model: x', type: 'invalid_model', code: '1500' },
    'model_not_found',
  ],
  [
    429,
    { object: 'error', message: 'Service tier capacity exceeded for this model.', code: '3505' },
    'overloaded',
  ],
  // Gemini: https://ai.google.dev/gemini-api/docs/troubleshooting, 2026-11; the quota in google-gemini/gemini-cli-action#36.
  [
    429,
    [
      {
        error: {
          code: 429,
          message: 'You exceeded your current quota, please check your plan.',
          status: 'RESOURCE_EXHAUSTED',
          details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '36.5s' }],
        },
      },
    ],
    'rate_limit',
    { retryAfterMs: 36_500 },
  ],
  [
    429,
    openai('You exceeded your current quota. Please retry in 56.4s.'),
    'rate_limit',
    { retryAfterMs: 56_400 },
  ],
  [
    429,
    openai('You exceeded your current quota, please check your plan and billing details.'),
    'balance',
  ],
  [
    400,
    [
      {
        error: {
          code: 400,
          message: 'API key not valid. Please pass a valid API key.',
          status: 'INVALID_ARGUMENT',
        },
      },
    ],
    'auth',
  ],
  [
    404,
    [
      {
        error: {
          code: 404,
          message: 'models/x is not found for API version v1beta',
          status: 'NOT_FOUND',
        },
      },
    ],
    'model_not_found',
  ],
  // Anthropic behind a gateway.
  [
    529,
    { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
    'overloaded',
  ],
  [
    400,
    {
      type: 'error',
      error: {
        type: 'invalid_request_error',
        message: 'Your credit balance is too low to access the API.',
      },
    },
    'balance',
  ],
  [0, { type: 'error', error: { type: 'authentication_error', message: 'no' } }, 'auth'],
  // MiniMax: its numbers are for a preset; its words are plain.
  [
    200,
    { choices: null, base_resp: { status_code: 1008, status_msg: 'insufficient balance' } },
    'balance',
  ],
  [
    200,
    { choices: null, base_resp: { status_code: 1026, status_msg: 'input new_sensitive' } },
    'content_filter',
  ],
  [
    200,
    {
      choices: null,
      base_resp: { status_code: 2013, status_msg: 'invalid params, context window exceeds limit' },
    },
    'context_overflow',
  ],
  // Qianfan: https://cloud.baidu.com/doc/qianfan-api, 2026-11.
  [
    400,
    {
      error: { code: 'tokens_too_long', message: 'too long', type: 'invalid_request_error' },
      id: 'as-1',
    },
    'context_overflow',
    { requestId: 'as-1' },
  ],
  [401, openai('no permission', 'invalid_model'), 'model_not_found'],
  [200, { code: 'rpm_rate_limit_exceeded', msg: 'Rate limit reached for RPM' }, 'rate_limit'],
  [400, openai('the content is unsafe', 'unsafe_request'), 'content_filter'],
  [403, { detail: 'Quota exceeded and account balance is $0.0' }, 'balance'],
  [400, openai('You have reached your specified API usage limits.'), 'balance'],
  [400, openai('string too long', 'string_above_max_length'), 'too_large'],
  [400, openai('Invalid model name passed in model=m'), 'model_not_found'],
  [400, openai('Invalid model parameters'), 'bad_request'],
  // one-api and new-api.
  [
    403,
    openai('用户额度不足, 剩余额度: ¥0', 'insufficient_user_quota', 'new_api_error'),
    'balance',
  ],
  [401, openai('无效的令牌 (request id: 20260101)', '', 'new_api_error'), 'auth'],
  [503, openai('当前分组 default 下对于模型 m 无可用渠道', 'model_not_found'), 'model_not_found'],
  [429, openai('当前分组上游负载已饱和，请稍后再试'), 'overloaded'],
  // Chinese vendors without their preset.
  [429, openai('余额不足或无可用资源包,请充值。', '1113'), 'balance'],
  [
    429,
    openai('已达到 5 小时的使用上限。您的限额将在 2026-08-25 07:41:44 重置。', '1308'),
    'balance',
  ],
  [429, openai('当前并发数过高，请 5 秒后重试'), 'rate_limit', { retryAfterMs: 5_000 }],
  [0, openai('触发限流'), 'rate_limit'],
  [400, openai('输入内容包含敏感词'), 'content_filter'],
  [400, openai('模型不存在'), 'model_not_found'],
  [400, openai('上下文长度超过限制'), 'context_overflow'],
  [429, openai('每分钟 token 数已超过限制'), 'rate_limit'],
  [400, openai('参数大小写敏感'), 'bad_request'],
  // Local servers.
  [
    404,
    { error: { message: 'model "qwen3" not found, try pulling it first', type: 'api_error' } },
    'model_not_found',
  ],
  [
    503,
    { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } },
    'overloaded',
  ],
  [200, { error: 'Unexpected endpoint or method. (POST /chat/completions)' }, 'not_found'],
  [404, { detail: 'Not Found' }, 'not_found'],
  [404, { timestamp: '2026-01-01', status: 404, error: 'Not Found', path: '/v1' }, 'not_found'],
  [
    400,
    {
      error: {
        code: 400,
        message: 'the request exceeds the available context size',
        type: 'exceed_context_size_error',
        n_prompt_tokens: 14_429,
        n_ctx: 8_192,
      },
    },
    'context_overflow',
    { countedTokens: 14_429, allowedTokens: 8_192 },
  ],
  // A status alone.
  [400, '', 'bad_request'],
  [404, {}, 'model_not_found'],
  [404, '', 'not_found'],
  [408, null, 'timeout'],
  [409, undefined, 'rate_limit'],
  [413, [], 'too_large'],
  [418, 7, 'bad_request'],
  [451, {}, 'content_filter'],
  [500, true, 'upstream_error'],
  [0, {}, 'upstream_error'],
]);

function testVendor(id: ProviderId, rows: readonly Row[]): void {
  test.each(rows.map((row) => [row[0], sayShortly(row[1]), row[2], row] as const))(
    `${id} answers %i %s: %s`,
    (_, __, ___, [httpStatus, body, code, facts = {}]) => {
      const { errors: rules } = findProvider(id);
      const error = classifyFailure({ httpStatus, body, rules }, { provider: id });
      const { provider, message, ...told } = error.toJSON();
      expect(told).toEqual({
        code,
        retryable: retryable.includes(code),
        ...(httpStatus > 0 && { httpStatus }),
        ...facts,
      });
      expect(message).toMatch(new RegExp(`^${provider}: \\S[^]*[.] [A-Z][^]*[.]$`));
    },
  );
}

function openai(message: string, code?: string | number | null, type?: string) {
  return {
    error: { message, param: null, ...(code !== undefined && { code }), ...(type && { type }) },
  };
}

function native(code: string, message: string) {
  return { code, message, request_id: 'r-2' };
}

function sayShortly(body: unknown): string {
  return (JSON.stringify(body) ?? 'nothing').slice(0, 90);
}
