import { z } from 'zod';
import { defineTool } from '../define-tool.ts';
import type { AnyturnTool } from '../define-tool.ts';
import { AnyturnError } from '../errors.ts';

export interface CurrentTime {
  /** Such as "2026-11-10T14:03:22", on the wall clock of the zone. */
  localTime: string;
  timeZone: string;
  /** Such as "+08:00". */
  utcOffset: string;
  /** In English, such as "Tuesday". */
  weekday: string;
}

/**
 * Tells the wall-clock time in one time zone, UTC when none is named. Reads only, so it needs no approval.
 *
 * @throws {AnyturnError} code `bad_request` for what is no IANA time zone; the message names one that fits.
 */
export const currentTime: AnyturnTool<{ timeZone?: string | undefined }, CurrentTime> = defineTool({
  description: 'Get the current date, time and weekday in an IANA time zone.',
  inputSchema: z.object({
    timeZone: z
      .string()
      .trim()
      .max(100)
      .optional()
      .describe('IANA name, for example "Asia/Shanghai" or "Europe/Berlin"; UTC when absent'),
  }),
  execute: ({ timeZone = 'UTC' }): CurrentTime => {
    const format = createFormat(timeZone);
    const parts = new Map(format.formatToParts(new Date()).map(({ type, value }) => [type, value]));
    const [year, month, day] = [parts.get('year'), parts.get('month'), parts.get('day')];
    const [hour, minute, second] = [parts.get('hour'), parts.get('minute'), parts.get('second')];
    return {
      localTime: `${year}-${month}-${day}T${hour}:${minute}:${second}`,
      timeZone: withProperCase(timeZone, format.resolvedOptions().timeZone),
      // "GMT+08:00", and "GMT" for zero.
      utcOffset: parts.get('timeZoneName')?.slice('GMT'.length) || '+00:00',
      weekday: parts.get('weekday') ?? '',
    };
  },
});

function createFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      weekday: 'long',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    });
  } catch {
    throw new AnyturnError({
      code: 'bad_request',
      message: `${JSON.stringify(timeZone)} is no IANA time zone. Use ${suggest(timeZone)}.`,
    });
  }
}

/** The zones of a city by its name; nothing is guessed, because Portland and Springfield are many. */
function suggest(timeZone: string): string {
  const city = timeZone.toLowerCase().replaceAll(/[\s-]+/g, '_');
  const zones = Intl.supportedValuesOf('timeZone');
  const matches = zones.filter((zone) => zone.toLowerCase().split('/').at(-1) === city);
  return matches.length > 0
    ? matches.join(' or ')
    : 'Area/City, for example Asia/Shanghai, Europe/Berlin or America/New_York, or UTC';
}

/** The name as asked for: what Intl gives back may be an older alias, such as Asia/Calcutta. */
function withProperCase(asked: string, resolved: string): string {
  return asked.toLowerCase() === resolved.toLowerCase() ? resolved : asked;
}
