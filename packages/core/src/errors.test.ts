import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { AnyturnError, errorCodes, localizeError, noUsage, toAnyturnError } from './index.ts';

const secret = 'sk-canary1234567890';

test('an error says its code, whether to try again, and its facts, and nothing else in JSON', () => {
  const error = new AnyturnError({
    code: 'rate_limit',
    message: 'Too fast.',
    provider: 'deepseek',
    model: 'deepseek-flash',
    attempt: 2,
    httpStatus: 429,
    retryAfterMs: 3_000,
    requestId: 'req-1',
    usage: noUsage,
    partialText: 'Once upon',
    cause: new Error('inner'),
  });
  expect(error).toBeInstanceOf(Error);
  expect(error.partialText).toBe('Once upon');
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    code: 'rate_limit',
    message: 'Too fast.',
    retryable: true,
    provider: 'deepseek',
    model: 'deepseek-flash',
    attempt: 2,
    httpStatus: 429,
    retryAfterMs: 3_000,
    requestId: 'req-1',
    usage: noUsage,
  });
});

test('an error that knows little shows little', () => {
  const error = new AnyturnError({ code: 'config', message: 'No key.' });
  expect(Object.keys(error).toSorted()).toEqual(['code', 'name', 'retryable']);
});

test('what passes by itself is retryable unless told otherwise', () => {
  const isRetryable = (code: (typeof errorCodes)[number]) =>
    new AnyturnError({ code, message: '' }).retryable;
  expect(errorCodes.filter(isRetryable)).toEqual([
    'rate_limit',
    'overloaded',
    'upstream_error',
    'timeout',
    'network',
    'bad_response',
    'stream_interrupted',
    'keys_parked',
    'queue_full',
    'unavailable',
  ]);
  expect(new AnyturnError({ code: 'network', message: '', retryable: false }).retryable).toBe(
    false,
  );
});

test('neither keys nor the prompt survive in an error, however it is shown', () => {
  const sdkError = Object.assign(new Error(`Bearer ${secret}`), {
    requestBodyValues: { messages: [{ content: 'my private diary' }] },
    responseHeaders: { authorization: secret },
    statusCode: 401,
  });
  const error = new AnyturnError({
    code: 'auth',
    message: `Incorrect API key: my-own-vendor-key. ${secret}`,
    cause: sdkError,
    secrets: ['my-own-vendor-key'],
  });
  const shown = inspect(error, { depth: 10, showHidden: true }) + JSON.stringify(error);
  expect(shown).not.toMatch(/canary|my-own-vendor-key|diary/);
  expect(error.cause).toEqual({ name: 'Error', message: 'Bearer [redacted]', status: 401 });
});

test('anything thrown becomes one of ours; ours stays as it is', () => {
  const ours = new AnyturnError({ code: 'timeout', message: 'late' });
  expect(toAnyturnError(ours)).toBe(ours);
  expect(toAnyturnError(new Error('odd'))).toMatchObject({ code: 'internal', message: 'odd' });
  expect(toAnyturnError('text')).toMatchObject({ code: 'internal', message: 'text' });
  expect(toAnyturnError(undefined).code).toBe('internal');
});

test('an error of another copy of the package is recognised', () => {
  const copy = Object.assign(new Error('x'), { [Symbol.for('anyturn.error')]: true });
  expect(AnyturnError.isInstance(copy)).toBe(true);
  expect(AnyturnError.isInstance(new Error('x'))).toBe(false);
  expect(AnyturnError.isInstance(null)).toBe(false);
});

test.each(errorCodes)(
  '%s has a message in Chinese that keeps the facts of the English one',
  (code) => {
    const error = new AnyturnError({ code, message: 'Set DEEPSEEK_API_KEY.' });
    expect(localizeError(error, 'en')).toBe('Set DEEPSEEK_API_KEY.');
    expect(localizeError(error, 'zh')).toMatch(/^.*\p{Script=Han}.*（Set DEEPSEEK_API_KEY\.）$/u);
  },
);
