import { expect, test } from 'vitest';
import { readWaitMs } from './read-wait.ts';

test.each([
  ['Please try again in 5.289s. Need more tokens?', 5_289],
  ['Please try again in 6m0s.', 360_000],
  ['Please try again in 1h2m3.5s', 3_723_500],
  ['Please try again in 120ms.', 120],
  ['Please try again in 1 ms.', 100],
  ['retry in 20s', 20_000],
  ['Please retry after 7 seconds.', 7_000],
  ['please try again after 1 seconds', 1_000],
  ['Please retry in 56.42777108s.', 56_428],
  ['Please wait 2 minutes before the next request', 120_000],
  ['Please wait for 1 hour and 30 minutes', 5_400_000],
  ['Your limit resets in 2 days', 172_800_000],
  ['请 5 秒后重试', 5_000],
  ['请在 1.5 分钟后重试', 90_000],
  ['请等待30秒', 30_000],
  ['请 2 小时后再试', 7_200_000],
])('%s', (message, waitMs) => {
  expect(readWaitMs(message)).toBe(waitMs);
});

test.each([
  'Please try again later.',
  'Please try again in a moment.',
  'try again in 5 months',
  'try again in 999999999 days',
  'Rate limit reached: 3 requests per 60s',
  '已达到 5 小时的使用上限。您的限额将在 2026-08-25 07:41:44 重置。',
  '',
])('no time to wait: %s', (message) => {
  expect(readWaitMs(message)).toBeUndefined();
});
