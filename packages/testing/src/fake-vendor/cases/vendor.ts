import { casesOf } from '../case.ts';
import { reply, type FakeReply } from '../reply.ts';
import { answerHello, hello } from './steps.ts';

const refuse = (status: number, body: unknown): FakeReply => reply.status(status, { body });
const always = (description: string, ...script: FakeReply[]) => ({ description, script });
const once = (description: string, fault: FakeReply) => ({
  description: `${description}; later requests are answered.`,
  script: [fault, answerHello],
  answer: hello,
});

/** Errors in the words and shapes of single vendors. */
export const vendorCases = casesOf('vendor', {
  // https://api-docs.deepseek.com/quick_start/error_codes, 2026-10; the body was recorded.
  'deepseek-balance': always(
    'DeepSeek: 402 Insufficient Balance, whose code is invalid_request_error.',
    refuse(402, {
      error: {
        message: 'Insufficient Balance',
        type: 'unknown_error',
        param: null,
        code: 'invalid_request_error',
      },
    }),
  ),
  // DashScope error codes, Alibaba Cloud Model Studio documentation, 2026-09.
  'dashscope-native-error': always(
    'DashScope: 400 with code and message at the top, not inside error.',
    refuse(400, {
      code: 'InvalidParameter',
      message: 'The parameter top_p is out of range.',
      request_id: '7f3e0a52-0000-9000-8000-000000000001',
    }),
  ),
  'dashscope-arrearage': always(
    'DashScope: 400 Arrearage, the account is overdue.',
    refuse(400, {
      error: {
        message: 'Access denied, please make sure your account is in good standing.',
        type: 'Arrearage',
        param: null,
        code: 'Arrearage',
      },
      request_id: '7f3e0a52-0000-9000-8000-000000000002',
    }),
  ),
  'dashscope-token-quota': once(
    'DashScope: the first request gets 429 insufficient_quota, which there means tokens per minute and passes',
    refuse(429, {
      error: {
        message: 'Allocated quota exceeded, please increase your quota limit.',
        type: 'insufficient_quota',
        param: null,
        code: 'insufficient_quota',
      },
      request_id: '7f3e0a52-0000-9000-8000-000000000003',
    }),
  ),
  'dashscope-error-200': once(
    'DashScope: the first request gets status 200 with a rate limit as {code, message, request_id}',
    reply.json({
      code: 'Throttling.RateQuota',
      message: 'Requests rate limit exceeded, please try again later.',
      request_id: '7f3e0a52-0000-9000-8000-000000000004',
    }),
  ),
  'dashscope-content-filter': always(
    'DashScope: 400 data_inspection_failed, the input was held to be improper.',
    refuse(400, {
      error: {
        message: 'Input data may contain inappropriate content.',
        type: 'data_inspection_failed',
        param: null,
        code: 'data_inspection_failed',
      },
    }),
  ),
  // Volcengine Ark error codes, 2025-04.
  'volcengine-overdue': always(
    'Volcengine: 403 AccountOverdueError, the account is overdue.',
    refuse(403, {
      error: {
        code: 'AccountOverdueError',
        message: 'The request failed because your account has an overdue balance.',
        param: '',
        type: 'Forbidden',
      },
    }),
  ),
  // Zhipu (bigmodel.cn) error codes, 2026.
  'zhipu-arrears': always(
    'Zhipu: 429 with code 1113, which is no rate limit but an account in arrears.',
    refuse(429, { error: { code: '1113', message: '您的账户已欠费，请充值后重试。' } }),
  ),
  'zhipu-overloaded': once(
    'Zhipu: the first request gets 429 with code 1305, the platform is overloaded',
    refuse(429, { error: { code: '1305', message: '当前访问量过大，请稍后再试。' } }),
  ),
  'zhipu-context': always(
    'Zhipu: 400 with code 1261, the prompt is too long.',
    refuse(400, { error: { code: '1261', message: 'Prompt 超长' } }),
  ),
  'zhipu-code-only': always(
    'Zhipu: 400 with a code and no message.',
    refuse(400, { error: { code: '1210' } }),
  ),
  // Moonshot error codes, https://platform.moonshot.cn/docs, 2026.
  'moonshot-quota': always(
    'Moonshot: 429 exceeded_current_quota_error, the balance is used up.',
    refuse(429, {
      error: {
        message: 'Your account is suspended, please check your plan and billing details.',
        type: 'exceeded_current_quota_error',
      },
    }),
  ),
  'moonshot-overloaded': once(
    'Moonshot: the first request gets 429 engine_overloaded_error',
    refuse(429, {
      error: {
        message: 'The engine is currently overloaded, please try again later.',
        type: 'engine_overloaded_error',
      },
    }),
  ),
  'moonshot-context': always(
    'Moonshot: 400, the tokens exceed the limit of the model.',
    refuse(400, {
      error: {
        message: 'Invalid request: Your request exceeded model token limit: 8192',
        type: 'invalid_request_error',
      },
    }),
  ),
  // SiliconFlow documentation, 2026; a bare string is known from reports of users.
  'siliconflow-model': always(
    'SiliconFlow: 400 with code 20012, there is no such model.',
    refuse(400, {
      code: 20012,
      message: 'Model does not exist. Please check it carefully.',
      data: null,
    }),
  ),
  'siliconflow-string': always(
    'SiliconFlow: 403 whose body is a bare JSON string.',
    reply.status(403, {
      body: JSON.stringify('Sorry, your account balance is insufficient'),
      headers: { 'content-type': 'application/json' },
    }),
  ),
  // Tencent TokenHub documentation, 2026-05.
  'tokenhub-content-filter': always(
    'TokenHub: 451 content_filter_error.',
    refuse(451, {
      error: {
        message: 'The content was blocked.',
        type: 'content_filter_error',
        code: '451001',
        source: 'upstream',
      },
    }),
  ),
  // MiniMax: base_resp codes from its documentation, not verified.
  'minimax-error-200': once(
    'MiniMax: the first request gets status 200 with base_resp 1002, a rate limit',
    reply.json({ base_resp: { status_code: 1002, status_msg: 'rate limit' } }),
  ),
  // xAI, recorded 2026.
  'xai-wrong-key': always(
    'Grok (xAI): a wrong key gets 400 with {code, error: "text"}.',
    refuse(400, { code: 'invalid-argument', error: 'Incorrect API key provided.' }),
  ),
  // Mistral, recorded 2026.
  'mistral-wrong-key': always(
    'Mistral: 401 with {detail: "text"}.',
    refuse(401, { detail: 'Invalid API Key' }),
  ),
  'mistral-invalid': always(
    'Mistral: 422 with a list of details.',
    refuse(422, {
      detail: [
        {
          type: 'less_than_equal',
          loc: ['body', 'temperature'],
          msg: 'Input should be less than or equal to 1.5',
        },
      ],
    }),
  ),
  // Gemini's OpenAI endpoint, not verified.
  'gemini-error-array': always(
    'Gemini: 400 whose body is an array of one error.',
    refuse(400, [
      { error: { code: 400, message: 'Invalid value at "model".', status: 'INVALID_ARGUMENT' } },
    ]),
  ),
  // Groq documentation and recordings, 2026.
  'groq-capacity': once(
    'Groq: the first request gets 498, no capacity on the flex tier',
    refuse(498, {
      error: { message: 'Flex tier capacity exceeded.', type: 'capacity_exceeded' },
    }),
  ),
  'groq-tool-use-failed': once(
    'Groq: the first request gets 400 tool_use_failed, the model wrote a call that cannot be parsed',
    refuse(400, {
      error: {
        message: "Failed to call a function. Please adjust your prompt. See 'failed_generation'.",
        type: 'invalid_request_error',
        code: 'tool_use_failed',
        failed_generation: '<function=weather{"city": "Par',
      },
    }),
  ),
});
