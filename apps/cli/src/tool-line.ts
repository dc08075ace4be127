import type { RunEvent } from '@anyturn/runtime';
import { toOneLine } from './terminal.ts';

type ToolEvent<T extends RunEvent['type']> = Pick<
  Extract<RunEvent, { type: T }>,
  Extract<
    keyof Extract<RunEvent, { type: T }>,
    'toolName' | 'input' | 'output' | 'error' | 'durationMs'
  >
>;

/** `→ weather {"city":"Beijing"}` */
export function toolCallLine({ toolName, input }: ToolEvent<'tool-call'>): string {
  return `→ ${toolName} ${toOneLine(JSON.stringify(input) ?? '', MAX_LENGTH)}`;
}

/** `← weather 11.5 °C, mainly clear, 34 ms (offline sample)` */
export function toolResultLine({ toolName, output, durationMs }: ToolEvent<'tool-result'>): string {
  return `← ${toolName} ${summarize(output)}${took(durationMs)}${origin(output)}`;
}

/** `✗ weather No city named "Atlantis" was found. 12 ms` */
export function toolErrorLine({ toolName, error, durationMs }: ToolEvent<'tool-error'>): string {
  return `✗ ${toolName} ${toOneLine(error.message, MAX_LENGTH)}${took(durationMs)}`;
}

const MAX_LENGTH = 300;

/** What a person wants to know first; the whole output is in the JSON forms. */
function summarize(output: unknown): string {
  if (!isObject(output)) return toShort(output);
  const { city, temperature, unit, conditions, result, localTime, timeZone, weekday } = output;
  if (temperature !== undefined) {
    return [city, temperature, unit, conditions].map(toShort).join(' ').trim();
  }
  if (localTime !== undefined) return [weekday, localTime, timeZone].map(toShort).join(' ').trim();
  return toShort(result ?? output);
}

function toShort(value: unknown): string {
  return toOneLine(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), MAX_LENGTH);
}

function took(durationMs: number | undefined): string {
  return durationMs === undefined ? '' : `, ${durationMs} ms`;
}

/** Where the facts are from: the sample must not look like weather, and the licence of live weather asks for its name. */
function origin(output: unknown): string {
  if (!isObject(output)) return '';
  const { source, attribution } = output;
  if (source === 'sample') return ' (offline sample)';
  return typeof attribution === 'string' ? ` (${toOneLine(attribution, 80)})` : '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
