import { toText, type ChatMessage } from './chat-request.ts';
import type { TemperatureUnit } from './conversion.ts';

/** A call that the model made, or is about to make. */
export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the tools of this turn have answered, by call. */
export class TurnOutcomes {
  readonly #contents = new Map<string, string>();
  readonly #calls: ToolCall[] = [];
  /** Model steps with tool calls so far. */
  readonly steps: number;

  /** Reads the messages behind the last one of the user. */
  constructor(messages: readonly ChatMessage[]) {
    this.steps = messages.filter(({ tool_calls: calls }) => calls?.length).length;
    const calls = new Map<string, ToolCall>();
    for (const message of messages) {
      for (const { id, function: called } of message.tool_calls ?? []) {
        const input = parseObject(called.arguments);
        if (input) calls.set(id, { name: called.name, input });
      }
      const call = calls.get(message.tool_call_id ?? '');
      if (message.role === 'tool' && call) this.#contents.set(toKey(call), toText(message));
    }
    this.#calls.push(...calls.values());
    // A call without an answer will not get one by being repeated.
    for (const call of this.#calls) {
      if (!this.#contents.has(toKey(call))) this.#contents.set(toKey(call), '');
    }
  }

  /** What a call gave; `undefined` when it has not been made. */
  find(call: ToolCall): string | undefined {
    const exact = this.#contents.get(toKey(call));
    if (exact !== undefined) return exact;
    // Clients send back the input with the defaults of their schema filled in.
    const wider = this.#calls.find(
      (made) => made.name === call.name && includes(made.input, call.input),
    );
    return wider && this.#contents.get(toKey(wider));
  }
}

function includes(made: ToolCall['input'], asked: ToolCall['input']): boolean {
  return Object.entries(asked).every(([field, value]) => made[field] === value);
}

/** The same call has the same key, however its input was written. */
export function toKey({ name, input }: ToolCall): string {
  const sorted = Object.entries(input).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${name} ${JSON.stringify(sorted)}`;
}

export interface ToolFailure {
  readonly failure: string;
}

export interface WeatherReading {
  readonly temperature: number;
  readonly unit: TemperatureUnit;
  readonly conditions: string | undefined;
  readonly humidityPercent: number | undefined;
  /** With its unit, as the tool gave it. */
  readonly wind: string | undefined;
  readonly isSample: boolean;
  readonly notice: string | undefined;
  readonly attribution: string | undefined;
}

/** Reads what a weather tool answered, whatever its fields are called. */
export function readWeather(
  content: string,
  asked?: TemperatureUnit,
): WeatherReading | ToolFailure {
  const value = parseJson(content);
  const failure = findFailure(value);
  if (failure !== undefined) return { failure };
  const leaves = typeof value === 'object' && value !== null ? flatten(value) : [];
  const temperature = findTemperature(leaves, content);
  if (temperature === undefined) return { failure: cutTo(content) || 'no answer' };
  const text = (pattern: RegExp) =>
    leaves.find(([path, leaf]) => pattern.test(path) && typeof leaf === 'string')?.[1];
  const source = text(/(?:^|\.)source$/iu);
  const notice = text(/notice|disclaimer|warning/iu);
  return {
    temperature: temperature.value,
    unit: temperature.unit ?? asked ?? 'celsius',
    conditions: asText(text(/condition|description|summary|weather$|sky|天气/iu)),
    humidityPercent: asNumber(leaves.find(([path]) => /humid|湿度/iu.test(path))?.[1]),
    wind: readWind(leaves),
    isSample: source === 'sample' || /\bsample\b/iu.test(asText(notice) ?? ''),
    notice: asText(notice),
    attribution: asText(text(/attribution|licen[cs]e|credit/iu)),
  };
}

/** The number that a calculator answered, as text, so that no digit is lost. */
export function readNumber(content: string): { text: string } | ToolFailure {
  const value = parseJson(content);
  const failure = findFailure(value);
  if (failure !== undefined) return { failure };
  const leaves =
    typeof value === 'object' && value !== null ? flatten(value) : [['', value] as const];
  const named =
    leaves.find(([path]) => /(?:^|\.)(?:result|value|answer|output|结果)$/iu.test(path)) ??
    leaves.find(([, leaf]) => typeof leaf === 'number');
  const result = named?.[1] ?? value;
  if (typeof result === 'number') return { text: toPlainNumber(result) };
  if (typeof result === 'string' && numeral.test(result)) return { text: result.trim() };
  return { failure: cutTo(content) || 'no answer' };
}

export interface TimeReading {
  /** Such as "14:03". */
  readonly time: string | undefined;
  /** Such as "2026-11-10". */
  readonly date: string | undefined;
  readonly weekday: string | undefined;
  readonly text: string;
}

export function readTime(content: string): TimeReading | ToolFailure {
  const value = parseJson(content);
  const failure = findFailure(value);
  if (failure !== undefined) return { failure };
  const leaves = typeof value === 'object' && value !== null ? flatten(value) : [];
  const stamp = /(?:^|[T\s"])(\d{1,2}:\d{2})(?!\d)/u.exec(content);
  const date = /\d{4}-\d{2}-\d{2}/u.exec(content)?.[0];
  if (!stamp && !date) return { failure: cutTo(content) || 'no answer' };
  const weekday = asText(leaves.find(([path]) => /week ?day|day ?of ?week|星期/iu.test(path))?.[1]);
  return { time: stamp?.[1], date, weekday, text: cutTo(content) };
}

type Leaf = readonly [path: string, value: unknown];

/** Every value that is no object, with the names that lead to it. Bounded, because a tool may answer anything. */
function flatten(value: object): Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (node: unknown, path: string, depth: number) => {
    if (leaves.length >= 200) return;
    if (typeof node !== 'object' || node === null) leaves.push([path, node]);
    else if (depth < 6) {
      for (const [name, child] of Object.entries(node).slice(0, 100))
        visit(child, path ? `${path}.${name}` : name, depth + 1);
    }
  };
  visit(value, '', 0);
  return leaves;
}

function findTemperature(
  leaves: readonly Leaf[],
  content: string,
): { value: number; unit: TemperatureUnit | undefined } | undefined {
  const candidates = leaves.filter(
    ([path]) =>
      /temp|气温|温度/iu.test(path) && !/min|max|feel|apparent|unit|low|high|dew/iu.test(path),
  );
  for (const [path, leaf] of candidates) {
    const value = asNumber(leaf) ?? asNumber(degrees.exec(String(leaf))?.[1]);
    if (value === undefined) continue;
    const written = `${path.split('.').slice(-2).join(' ')} ${String(leaf)}`;
    return { value, unit: toUnit(written) ?? unitOf(leaves) };
  }
  const written = leaves.length === 0 ? degreesWithUnit.exec(content) : null;
  return written ? { value: Number(written[1]), unit: toUnit(written[2] ?? '') } : undefined;
}

const degrees = /(-?\d{1,4}(?:\.\d{1,4})?)/u;
const degreesWithUnit =
  /(-?\d{1,4}(?:\.\d{1,4})?)\s?(°\s?[CF]?\b|degrees|celsius|fahrenheit|℃|℉|度)/iu;
const numeral = /^\s*-?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?\s*$/iu;

function unitOf(leaves: readonly Leaf[]): TemperatureUnit | undefined {
  const units = leaves.filter(([path, leaf]) => /unit/iu.test(path) && typeof leaf === 'string');
  return units.map(([, leaf]) => toUnit(String(leaf))).find((unit) => unit !== undefined);
}

function toUnit(text: string): TemperatureUnit | undefined {
  if (/fahrenheit|°\s?f|℉|imperial|\bf\b|temp(?:erature)?_?f\b|TempF|TemperatureF\b/u.test(text))
    return 'fahrenheit';
  if (/celsius|°\s?c|℃|metric|\bc\b|temp(?:erature)?_?c\b|TempC|temperatureC\b|摄氏/iu.test(text))
    return 'celsius';
  return /^F$|°\s?F|temperatureF\b|tempF\b|华氏/u.test(text) ? 'fahrenheit' : undefined;
}

function readWind(leaves: readonly Leaf[]): string | undefined {
  const found = leaves.find(
    ([path, leaf]) =>
      /wind|风/iu.test(path) &&
      !/dir|deg|gust/iu.test(path) &&
      (typeof leaf === 'number' || typeof leaf === 'string'),
  );
  if (!found) return undefined;
  const [path, leaf] = found;
  if (typeof leaf === 'string') return cutTo(leaf, 40);
  const unit = /kmh|kph|km_h/iu.test(path)
    ? ' km/h'
    : /mph/iu.test(path)
      ? ' mph'
      : /(?:_|speed)ms\b|mps/iu.test(path)
        ? ' m/s'
        : '';
  return toPlainNumber(Number(leaf)) + unit;
}

/** A tool that failed answers an object with `error`, or a sentence. */
function findFailure(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const error = (value as Record<string, unknown>)['error'];
  if (error === undefined || error === null || error === false) return undefined;
  if (typeof error === 'string') return cutTo(error);
  const message =
    typeof error === 'object' ? (error as Record<string, unknown>)['message'] : undefined;
  return cutTo(typeof message === 'string' ? message : JSON.stringify(error));
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return content;
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  const value = parseJson(text);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Record<string, unknown>) : undefined;
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() ? cutTo(value, 160) : undefined;
}

function asNumber(value: unknown): number | undefined {
  if (typeof value === 'string' && !numeral.test(value)) return undefined;
  const result =
    typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isFinite(result) ? result : undefined;
}

function toPlainNumber(value: number): string {
  return String(value);
}

/** One line, bounded: a tool's words are repeated to the user. */
function cutTo(text: string, length = 300): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  return line.length > length ? `${line.slice(0, length)}…` : line;
}
