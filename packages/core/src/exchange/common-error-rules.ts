import type { ErrorRule } from './error-rule.ts';

const askAgain = 'Ask again, or use another model.';

/**
 * What means the same at every vendor and behind every gateway; first match wins. What one vendor alone means by a number, or by words
 * that others use for something else, is in its preset.
 *
 * Sources: the error pages of DeepSeek, DashScope, Volcengine, SiliconFlow, Moonshot, Zhipu, TokenHub, Qianfan, OpenAI, xAI, Mistral,
 * Groq, Together and OpenRouter, and recorded answers, as of 2026-11; gateways (LiteLLM, one-api, new-api) and local servers from
 * public issue threads of 2025 and 2026.
 */
export const commonErrorRules: readonly ErrorRule[] = [
  // The host checks the tool call that its model wrote (Groq, recorded): the next one is another.
  {
    code: 'upstream_error',
    codes: ['tool_use_failed'],
    remedy: `The model wrote a tool call that does not fit its schema. ${askAgain}`,
  },
  {
    code: 'content_filter',
    codes: [
      'content_filter',
      'sensitive',
      'unsafe_request',
      'sensitive_words_detected',
      'prompt_blocked',
      'ResponsibleAIPolicyViolation',
    ],
  },
  {
    code: 'content_filter',
    words:
      /content[_ ]filter|content (?:management )?polic|content_policy|data_?inspection_?failed|SensitiveContent|new_sensitive|considered high risk|inappropriate content|requires moderation|input was flagged|violates? (?:our |the )?(?:usage|content|safety) (?:guidelines|polic)|敏感(?:内容|词|信息)|不安全或敏感|内容(?:安全|违规)|违规内容/i,
  },
  // What servers answer to a path that they do not have.
  {
    code: 'not_found',
    words:
      /^(?:(?:404 )?(?:page |file )?not found|404 NOT_FOUND)\.?$|^invalid url \(|^unexpected endpoint or method/i,
  },
  // More than the limit of a whole minute: waiting does not help.
  { code: 'too_large', codes: ['string_above_max_length'] },
  {
    code: 'too_large',
    words: /request too large for|request (?:entity|body) too large|请求体过大/i,
  },
  {
    code: 'context_overflow',
    codes: [
      'context_length_exceeded',
      'exceed_context_size_error',
      'tokens_too_long',
      'characters_too_long',
      'model_max_prompt_tokens_exceeded',
      'model_context_window_exceeded',
      'model_length',
    ],
  },
  {
    code: 'context_overflow',
    words:
      /maximum (?:context|prompt|model|input|allowed input) length|max_seq_len|context (?:length|window|size)s? (?:is only|of only|exceed|limit)|(?:exceed\w*|(?:longer|larger|greater) than|beyond)\b.{0,40}\bcontext (?:length|window|size|limit)|exceeded model token limit|model max length exceeded|range of input length|prompt (?:is )?too long|prompt exceeds max|input token count\b.{0,30}\bexceeds|input length \(?[\d,]+\)? exceeds|input is too long for|exceed max message tokens|tokens` \+ `max_new_tokens/i,
  },
  {
    code: 'context_overflow',
    words:
      /上下文.{0,16}(?:超|过长)|(?:输入|提示词|prompt) ?.{0,8}(?:超长|过长|长度.{0,6}超)|超(?:出|过).{0,10}(?:上下文|最大输入|最大长度)/i,
  },
  // Quota for good, whatever the status.
  {
    code: 'balance',
    codes: [
      'insufficient_quota',
      'exceeded_current_quota_error',
      'insufficient_user_quota',
      'pre_consume_token_quota_failed',
      'billing_hard_limit_reached',
      'billing_not_active',
      'Arrearage',
    ],
  },
  {
    code: 'balance',
    words:
      /insufficient[_ ](?:account )?(?:balance|funds|credits?)|balance is (?:insufficient|not enough|too low)|not enough (?:balance|credits?)|requires more credits|more credits are required|credits? (?:are |is |have been )?(?:depleted|exhausted|used up)|key limit exceeded|AccountOverdue|ServiceOverdue|overdue balance|balance is overdue|account is in good standing|exceeded_current_quota/i,
  },
  {
    code: 'balance',
    words:
      /余额.{0,4}不足|欠费|(?:额度|配额|资源包|套餐).{0,12}(?:不足|用尽|用完|耗尽|到期|过期)|请.{0,4}充值|预扣费/i,
  },
  { code: 'balance', status: [403], words: /\bbalance\b/i },
  {
    code: 'balance',
    words: /FreeTierOnly|free (?:tier|quota).{0,40}(?:exhausted|used up)|free allocated quota/i,
    remedy: 'Allow paid use in the console of the vendor, or use another model or key.',
  },
  // Subscriptions that count hours or days.
  {
    code: 'balance',
    words:
      /usage_limit_reached|usage limit (?:has been )?reached|reached (?:your|the) .{0,30}usage limit|使用上限.{0,40}重置|限额将在.{0,40}重置/i,
    remedy: 'Wait for the time of the reset, or use another key.',
  },
  // Limits of a minute in the words of a quota (DashScope, Gemini).
  {
    code: 'rate_limit',
    codes: ['RESOURCE_EXHAUSTED'],
  },
  {
    code: 'rate_limit',
    words:
      /Throttling|Allocated quota exceeded|Request rate increased|exceeded your current requests/i,
  },
  { code: 'rate_limit', words: /exceeded your current quota/i, waits: true },
  { code: 'balance', words: /insufficient[_ ]quota|exceeded your current quota/i },
  { code: 'overloaded', codes: ['insufficient_system_resource'] },
  {
    code: 'overloaded',
    words:
      /overloaded|capacity[_ ]exceeded|(?:server|system|service) (?:is )?(?:currently )?busy|繁忙|过载|负载.{0,6}(?:过高|饱和)|访问量过大/i,
  },
  {
    code: 'auth',
    words:
      /incorrect api key|invalid[ _]?(?:api|x-api|iam)[_ -]?(?:key|token)|invalid_authentication|invalid authentication|api[_ ]?key (?:is )?(?:not valid|invalid|expired)|authentication fail|missing authentication|no auth credentials/i,
  },
  {
    code: 'auth',
    words:
      /(?:密钥|api ?key|令牌).{0,8}(?:无效|不正确|错误|过期|失效)|无效的 ?(?:令牌|密钥|api ?key)|身份(?:验证|认证)失败|鉴权失败|未提供令牌/i,
  },
  {
    code: 'model_not_found',
    codes: ['model_not_found', 'ModelNotFound', 'invalid_model', 'model_decommissioned'],
  },
  {
    code: 'model_not_found',
    words:
      /InvalidEndpointOrModel|ModelNotOpen|\bmodel\b.{0,120}\b(?:does not exist|not exist|not found|has been decommissioned|no longer available)\b|not found the model|unknown model|incorrect model id|invalid model(?:[_ ](?:name|id)\b|\s?[:=`'"]|$)|is not a valid model/i,
  },
  {
    code: 'model_not_found',
    words: /模型.{0,64}(?:不存在|未找到|未开通|已下线)|不支持的模型|无可用渠道/i,
  },
  {
    code: 'rate_limit',
    words:
      /rate[_ -]?limit|too many requests|(?:RPM|RPD|TPM|TPD|QPS|concurrency) limit|max\w* (?:organization )?concurrency|限流|请求.{0,6}(?:频繁|过快|过多)|频率.{0,8}(?:超|过高|限制|上限)|速率限制|并发.{0,12}(?:超|过高|过多|限制|上限)/i,
  },
  {
    code: 'forbidden',
    words: /account_deactivated|\baccount (?:has been |is )?(?:suspended|deactivated|disabled)\b/i,
  },
];

/** What an error with nothing but a type or a finish reason means; where there is a status, it says more. */
export const namedErrorRules: readonly ErrorRule[] = [
  { code: 'bad_request', codes: ['invalid_request_error', 'InvalidParameter', 'INVALID_ARGUMENT'] },
  { code: 'auth', codes: ['authentication_error', 'UNAUTHENTICATED'] },
  { code: 'forbidden', codes: ['permission_error', 'PERMISSION_DENIED'] },
  { code: 'model_not_found', codes: ['not_found_error', 'NOT_FOUND'] },
  { code: 'timeout', codes: ['timeout_error'] },
  { code: 'upstream_error', codes: ['error', 'network_error'] },
  // The vendor cut an answer that went round in circles.
  { code: 'upstream_error', codes: ['repetition_truncation'], remedy: askAgain },
];
