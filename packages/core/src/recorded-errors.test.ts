import { existsSync, readFileSync } from 'node:fs';
import { createFakeVendor, reply } from '@anyturn/testing';
import { generateText } from 'ai';
import { expect, onTestFinished, test } from 'vitest';
import { openModel } from './index.ts';

/** Error answers recorded from real vendors; not part of the repository, and skipped where they are missing. */
const folder = new URL('../../../../shared/fixtures/streams/extracted/', import.meta.url);

test.skipIf(!existsSync(folder)).each([
  [
    'ruby_llm__chat_error_handling_with_deepseek_deepseek-chat_raises_appropriate_auth_error.0.401.json',
    'auth',
    'Authentication Fails',
  ],
  [
    'ruby_llm__chat_error_handling_with_mistral_mistral-small-latest_raises_appropriate_auth_error.0.401.json',
    'auth',
    'Invalid API Key',
  ],
  [
    'ruby_llm__chat_real_error_scenarios_deepseek_deepseek-chat_handles_context_length_exceeded_errors.0.400.json',
    'context_overflow',
    'maximum context length',
  ],
  ['ai-gateway__chat-bad-request.0.400.json', 'bad_request', ''],
  ['ai-gateway__chat-unknown-model.0.404.json', 'model_not_found', 'does not exist'],
  ['pydantic-ai__test_openrouter_test_openrouter_errors_raised.0.429.json', 'rate_limit', ''],
  ['pydantic-ai__test_groq_test_tool_use_failed_error.0.400.json', 'bad_request', 'tool'],
])('%s is told as %s, in the words of the vendor', async (file, code, words) => {
  const status = Number(/\.(\d{3})\.json$/.exec(file)?.[1]);
  const body: unknown = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
  const vendor = await createFakeVendor({ script: () => reply.status(status, { body }) });
  onTestFinished(() => vendor.close());
  const model = openModel({ baseURL: vendor.baseURL, model: 'recorded' }, { attempts: { max: 1 } });
  await expect(generateText({ model, prompt: 'Hi', maxRetries: 0 })).rejects.toMatchObject({
    code,
    httpStatus: status,
    message: expect.stringContaining(words),
  });
});
