import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { currentTime } from './current-time.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-10T16:05:09Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

test('the time of a zone comes with its offset and weekday', () => {
  expect(tell('Asia/Shanghai')).toEqual({
    localTime: '2026-11-11T00:05:09',
    timeZone: 'Asia/Shanghai',
    utcOffset: '+08:00',
    weekday: 'Wednesday',
  });
});

test('UTC is told when no zone is named', () => {
  expect(tell(undefined)).toEqual({
    localTime: '2026-11-10T16:05:09',
    timeZone: 'UTC',
    utcOffset: '+00:00',
    weekday: 'Tuesday',
  });
});

test.each([
  ['America/New_York', '-05:00'],
  ['asia/kolkata', '+05:30'],
  ['America/St_Johns', '-03:30'],
  ['Europe/London', '+00:00'],
  ['+08:00', '+08:00'],
])('%s is %s', (timeZone, utcOffset) => {
  expect(tell(timeZone)).toMatchObject({ utcOffset });
});

test('the name of a zone keeps its modern spelling and gets its usual case', () => {
  expect(tell('Asia/Kolkata')).toMatchObject({ timeZone: 'Asia/Kolkata' });
  expect(tell('asia/shanghai')).toMatchObject({ timeZone: 'Asia/Shanghai' });
});

test('a city is refused with the zone it stands for', () => {
  expect(() => tell('new york')).toThrowError(
    expect.objectContaining({
      code: 'bad_request',
      message: '"new york" is no IANA time zone. Use America/New_York.',
    }),
  );
});

test.each(['Beijing', '北京', '', 'GMT+8', '../etc', 'constructor'])(
  '%j is refused with examples',
  (timeZone) => {
    expect(() => tell(timeZone)).toThrowError(
      expect.objectContaining({
        code: 'bad_request',
        message: expect.stringContaining(
          'is no IANA time zone. Use Area/City, for example Asia/Shanghai',
        ),
      }),
    );
  },
);

function tell(timeZone: string | undefined) {
  const context = { toolCallId: 'call-1', messages: [], context: undefined };
  return currentTime.execute({ timeZone }, context);
}
