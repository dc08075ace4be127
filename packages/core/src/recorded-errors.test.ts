import { existsSync, readFileSync } from 'node:fs';
import { createFakeVendor, reply } from '@anyturn/testing';
import { generateText } from 'ai';
import { expect, onTestFinished, test } from 'vitest';
import { openModel } from './index.ts';
import type { ErrorCode, ErrorJson } from './index.ts';

/** Error answers recorded from real vendors; not part of the repository, and skipped where they are missing. */
const folder = new URL('../../../../shared/fixtures/streams/extracted/', import.meta.url);

test.skipIf(!existsSync(folder)).each<[string, Partial<ErrorJson> & { code: ErrorCode }, string]>([
  [
    'ruby_llm__chat_error_handling_with_deepseek_deepseek-chat_raises_appropriate_auth_error.0.401.json',
    { code: 'auth' },
    'Authentication Fails, Your api key: ****-key is invalid [invalid_request_error].',
  ],
  [
    'ruby_llm__chat_error_handling_with_mistral_mistral-small-latest_raises_appropriate_auth_error.0.401.json',
    { code: 'auth' },
    'Invalid API Key.',
  ],
  [
    'ruby_llm__chat_error_handling_with_openrouter_claude-haiku-4-5_raises_appropriate_auth_error.0.401.json',
    { code: 'auth' },
    'Missing Authentication header.',
  ],
  [
    'ruby_llm__chat_real_error_scenarios_deepseek_deepseek-chat_handles_context_length_exceeded_errors.0.400.json',
    { code: 'context_overflow', countedTokens: 1_250_025, allowedTokens: 1_048_565 },
    '1250025 tokens were counted, 1048565 are allowed.',
  ],
  ['ai-gateway__chat-bad-request.0.400.json', { code: 'bad_request' }, ''],
  ['ai-gateway__chat-unknown-model.0.404.json', { code: 'model_not_found' }, 'does not exist'],
  [
    'pydantic-ai__test_openrouter_test_openrouter_errors_raised.0.429.json',
    { code: 'rate_limit', retryable: true },
    'Provider returned error: google/gemini-2.0-flash-exp:free is temporarily rate-limited upstream.',
  ],
  [
    'pydantic-ai__test_groq_test_tool_use_failed_error.0.400.json',
    { code: 'upstream_error', retryable: true },
    'The model wrote a tool call that does not fit its schema. Ask again, or use another model.',
  ],
])('%s is told as %j, in the words of the vendor', async (file, facts, words) => {
  const status = Number(/\.(\d{3})\.json$/.exec(file)?.[1]);
  const body: unknown = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  const vendor = await createFakeVendor({ script: () => reply.status(status, { body }) });
  onTestFinished(() => vendor.close());
  const model = openModel({ baseURL: vendor.baseURL, model: 'recorded' }, { attempts: { max: 1 } });
  await expect(generateText({ model, prompt: 'Hi', maxRetries: 0 })).rejects.toMatchObject({
    retryable: false,
    ...facts,
    httpStatus: status,
    message: expect.stringContaining(words),
  });
});
