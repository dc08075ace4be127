import { AnyturnError } from '../errors.ts';
import type { ErrorCode, ErrorFacts } from '../errors.ts';
import { redact, redactUrl } from '../redact.ts';
import { commonErrorRules, namedErrorRules } from './common-error-rules.ts';
import { findRule } from './error-rule.ts';
import type { ErrorRule, Signs } from './error-rule.ts';
import { readErrorBody } from './read-error-body.ts';
import type { Said } from './read-error-body.ts';
import { readTokenLimits } from './read-token-limits.ts';
import type { TokenLimits } from './read-token-limits.ts';
import { readWaitMs } from './read-wait.ts';

export type { ErrorRule } from './error-rule.ts';
export { isErrorBody, isRecord } from './read-error-body.ts';

/** What a vendor said when it refused, as far as it could be read. */
export interface VendorFailure {
  /** 200 for an error inside a good answer, 0 when there was none. */
  httpStatus: number;
  body: unknown;
  /** The preset's own rules, tried before the common ones. */
  rules?: readonly ErrorRule[] | undefined;
  /** Where the request went. */
  url?: string;
  /** What to do when no key was sent and one is wanted. */
  keyHint?: string | undefined;
}

/**
 * Tells what kind of failure a vendor's answer is, from its status, its body's shape, its own code and its words. What `facts` hold
 * goes before what the body says: a `Retry-After` header before a time in the message.
 */
export function classifyFailure(failure: VendorFailure, facts: ErrorFacts): AnyturnError {
  const { httpStatus, body } = failure;
  const said = readErrorBody(body);
  const status = httpStatus >= 400 ? httpStatus : (said.status ?? httpStatus);
  const message = said.message.slice(0, MAX_READ);
  const waitMs = facts.retryAfterMs ?? said.waitMs ?? readWaitMs(message);
  const signs = { status, codes: said.codes, message, waits: waitMs !== undefined };
  const rule = decide(failure, signs);
  const limits = overflows.has(rule.code) ? { ...readTokenLimits(message), ...counts(said) } : {};
  const requestId = facts.requestId ?? (said.requestId && redact(said.requestId, facts.secrets));
  return toError(rule, `${words(said, status, facts)}. `, failure, {
    ...facts,
    ...(httpStatus > 0 && { httpStatus }),
    ...(requestId && { requestId }),
    ...(waitMs !== undefined && passing.has(rule.code) && { retryAfterMs: waitMs }),
    ...limits,
  });
}

/**
 * Tells what it means when a vendor names this reason for the end of an answer, such as `sensitive` or `network_error`.
 * Undefined for a reason that is none of a failure, or is not known.
 */
export function classifyFinishReason(
  finishReason: string,
  rules: readonly ErrorRule[] | undefined,
  facts: ErrorFacts,
): AnyturnError | undefined {
  const rule = [...(rules ?? []), ...commonErrorRules, ...namedErrorRules].find(({ codes }) =>
    codes?.includes(finishReason),
  );
  if (!rule) return undefined;
  const said = `${facts.provider}: the answer ended with the reason "${finishReason.slice(0, MAX_CODE)}". `;
  return toError(rule, said, { httpStatus: 0, body: undefined }, facts);
}

function decide({ body, rules = [] }: VendorFailure, signs: Signs): ErrorRule {
  const own = findRule(rules, signs);
  if (own) return own;
  const { status } = signs;
  // A server that knows the API says in JSON which model it misses; others have nothing at this address.
  if (status === 404 && typeof body === 'string') return { code: 'not_found' };
  const common = findRule(commonErrorRules, signs);
  if (common) return common;
  if (status >= 400) return { code: byStatus(status) };
  return findRule(namedErrorRules, signs) ?? { code: 'upstream_error' };
}

const codesByStatus: Readonly<Record<number, ErrorCode>> = {
  401: 'auth',
  402: 'balance',
  403: 'forbidden',
  404: 'model_not_found',
  408: 'timeout',
  409: 'rate_limit',
  413: 'too_large',
  429: 'rate_limit',
  451: 'content_filter',
  // Groq's flexible tier is full.
  498: 'overloaded',
  502: 'overloaded',
  503: 'overloaded',
  529: 'overloaded',
};

function byStatus(status: number): ErrorCode {
  return codesByStatus[status] ?? (status >= 500 ? 'upstream_error' : 'bad_request');
}

/** Codes for which a time to wait makes sense. */
const passing: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'rate_limit',
  'overloaded',
  'upstream_error',
  'timeout',
]);
const overflows: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['context_overflow', 'too_large']);

/** As much of a message as is looked at; as much of it as is shown. */
const MAX_READ = 4_000;
const MAX_WORDS = 500;
const MAX_CODE = 64;

function toError(
  { code, retryable, remedy }: ErrorRule,
  said: string,
  failure: VendorFailure,
  facts: ErrorFacts & TokenLimits,
): AnyturnError {
  const noKey = code === 'auth' && failure.keyHint !== undefined;
  const next = noKey
    ? `No key was sent. ${failure.keyHint}`
    : (remedy ?? usual(code, failure, facts));
  return new AnyturnError({
    code,
    message: said + describeLimits(facts) + next,
    ...(retryable !== undefined && { retryable }),
    ...facts,
  });
}

/** Who said what, in one line without secrets and without an end. */
function words({ message, code }: Said, status: number, { provider, secrets }: ErrorFacts): string {
  const told = message || (status > 0 ? `HTTP ${status}` : 'no reason given');
  const isNew = code !== undefined && code !== `${status}` && !told.includes(code);
  const shownCode = isNew ? ` [${cut(redact(code, secrets), MAX_CODE)}]` : '';
  return `${provider}: ${cut(redact(told, secrets), MAX_WORDS)}${shownCode}`.replace(/[.。]$/, '');
}

function counts({ countedTokens, allowedTokens }: Said): TokenLimits {
  return {
    ...(countedTokens !== undefined && { countedTokens }),
    ...(allowedTokens !== undefined && { allowedTokens }),
  };
}

function describeLimits({ countedTokens, allowedTokens }: TokenLimits): string {
  if (allowedTokens === undefined) return '';
  const counted = countedTokens === undefined ? '' : `${countedTokens} tokens were counted, `;
  return `${counted}${allowedTokens} ${counted ? 'are' : 'tokens are'} allowed. `;
}

/** The next step, for every code that this file gives. */
function usual(code: ErrorCode, { url }: VendorFailure, facts: ErrorFacts): string {
  const { model, provider, retryAfterMs } = facts;
  switch (code) {
    case 'auth':
      return `Check the API key of ${provider}, and that it belongs to this region.`;
    case 'balance':
      return 'Top up the account, or use another key.';
    case 'forbidden':
      return 'Ask the vendor for access, or use another model or key.';
    case 'model_not_found':
      return `Check the model id${model ? ` "${cut(model, 200)}"` : ''} and the base URL.`;
    case 'not_found':
      return `Nothing answers at ${url ? cut(redactUrl(url), 300) : 'this address'}. Check the base URL; it usually ends in /v1.`;
    case 'context_overflow':
    case 'too_large':
      return 'Shorten the conversation, or use a model with a larger context.';
    case 'content_filter':
      return 'The vendor refused the content; rephrase it.';
    case 'rate_limit':
      return retryAfterMs === undefined
        ? 'Ask less often, or add another key.'
        : `Ask again in ${Math.ceil(retryAfterMs / 1_000)} s, or add another key.`;
    case 'bad_request':
      return 'Check the options of the call against what this model takes.';
    default:
      return 'The vendor has a problem; try again later, or use another model.';
  }
}

function cut(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
