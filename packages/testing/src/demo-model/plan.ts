import { convert, convertDifference, type TemperatureUnit } from './conversion.ts';
import { average, binary, number, toExpressionText, type Expression } from './expression.ts';
import { findTimeZone } from './gazetteer.ts';
import type { OfferedTools } from './offered-tool.ts';
import { isSnowy, isWet, type Phrases } from './phrase.ts';
import type { Place } from './place.ts';
import {
  readNumber,
  readTime,
  readWeather,
  toKey,
  type ToolCall,
  type ToolFailure,
  type TurnOutcomes,
  type WeatherReading,
} from './tool-outcome.ts';
import type { Understanding } from './understand.ts';
import {
  temperaturePlaces,
  type CalculationWish,
  type TimeWish,
  type WeatherWish,
  type Wish,
} from './wish.ts';

export interface PlanInput {
  readonly understanding: Understanding;
  readonly tools: OfferedTools;
  readonly outcomes: TurnOutcomes;
  readonly phrases: Phrases;
}

/** The next step: calls to make now, all at once, or the answer when nothing is left to ask. */
export type NextStep =
  | { readonly type: 'calls'; readonly calls: readonly ToolCall[] }
  | { readonly type: 'answer'; readonly text: string };

/**
 * Decides the next step of a turn.
 *
 * Each wish is worked out from the start every time: it asks for what it needs, gets what tools have already answered,
 * and stops at the first thing that is missing. So independent calls end up in one step, and dependent ones in the next.
 */
export function planNextStep(input: PlanInput): NextStep {
  const { understanding, phrases } = input;
  const desk = new Desk(input);
  const sentences = understanding.wishes.map((wish) => fulfil(wish, desk, phrases));
  const isStuck = desk.missing.length > 0 && input.outcomes.steps >= maxSteps;
  if (desk.missing.length > 0 && !isStuck) return { type: 'calls', calls: desk.missing };
  const notes = [...(isStuck ? [phrases.stuck] : []), ...toNotes(input, desk)];
  return { type: 'answer', text: [...new Set([...sentences.flat(), ...notes])].join('\n') };
}

/** No question that the rules understand needs more; a client that changes the calls must not keep us busy. */
const maxSteps = 8;

/** Where wishes ask for tool results. What no tool has answered yet is noted as missing. */
class Desk {
  readonly missing: ToolCall[] = [];
  readonly readings: WeatherReading[] = [];
  readonly tools: OfferedTools;
  readonly #outcomes: TurnOutcomes;
  readonly #asked = new Set<string>();

  constructor({ tools, outcomes }: PlanInput) {
    this.tools = tools;
    this.#outcomes = outcomes;
  }

  weather(place: Place, unit?: TemperatureUnit): WeatherReading | ToolFailure | undefined {
    const tool = this.tools.weather;
    if (!tool) return undefined;
    const choice = unit && tool.unit ? { [tool.unit.field]: tool.unit.words[unit] } : {};
    const content = this.#ask({
      name: tool.name,
      input: { ...tool.defaults, [tool.field]: place.name, ...choice },
    });
    if (content === undefined) return undefined;
    const reading = readWeather(content, unit);
    if ('temperature' in reading) this.readings.push(reading);
    return reading;
  }

  calculate(expression: string): { text: string } | ToolFailure | undefined {
    const tool = this.tools.calculator;
    const content =
      tool && this.#ask({ name: tool.name, input: { ...tool.defaults, [tool.field]: expression } });
    return content === undefined ? undefined : readNumber(content);
  }

  time(zone: string): ReturnType<typeof readTime> | undefined {
    const tool = this.tools.time;
    const content =
      tool && this.#ask({ name: tool.name, input: { ...tool.defaults, [tool.field]: zone } });
    return content === undefined ? undefined : readTime(content);
  }

  #ask(call: ToolCall): string | undefined {
    const content = this.#outcomes.find(call);
    const key = toKey(call);
    if (content === undefined && !this.#asked.has(key)) {
      this.#asked.add(key);
      this.missing.push(call);
    }
    return content;
  }
}

/** The sentences of one wish, as far as its tools have answered. */
function fulfil(wish: Wish, desk: Desk, phrases: Phrases): string[] {
  switch (wish.type) {
    case 'weather':
      return fulfilWeather(wish, desk, phrases);
    case 'time':
      return fulfilTime(wish, desk, phrases);
    case 'calculation':
      return fulfilCalculation(wish, desk, phrases);
  }
}

interface PlacedReading {
  readonly place: Place;
  readonly reading: WeatherReading;
}

function fulfilWeather(wish: WeatherWish, desk: Desk, phrases: Phrases): string[] {
  const { places, ask, unit } = wish;
  if (!desk.tools.weather) return [phrases.noTool('weather')];
  if (places.length === 0) return [phrases.whichCity];
  // A difference is converted once at the end: two rounded temperatures would give a rounded difference.
  const askedUnit = ask.type === 'compare' && ask.wantsDifference ? undefined : unit;
  const answers = places.map((place) => ({ place, answer: desk.weather(place, askedUnit) }));
  const sentences: string[] = [];
  const found: PlacedReading[] = [];
  for (const { place, answer } of answers) {
    if (!answer) continue;
    if ('failure' in answer) sentences.push(phrases.weatherFailed(place.name, answer.failure));
    else {
      sentences.push(phrases.weather(place.name, answer));
      found.push({ place, reading: answer });
      sentences.push(...toAspect(wish, place, answer, phrases));
      if (askedUnit && answer.unit !== askedUnit)
        sentences.push(...convertReading(place, answer, askedUnit, desk, phrases));
    }
  }
  if (found.length < 2 || answers.some(({ answer }) => !answer)) return sentences;
  return [...sentences, ...summarise(wish, found, desk, phrases)];
}

function toAspect(
  { ask }: WeatherWish,
  { name }: Place,
  { conditions }: WeatherReading,
  phrases: Phrases,
): string[] {
  if (!conditions) return [];
  if (ask.type === 'rain') return [phrases.rain(name, conditions, isWet(conditions))];
  return ask.type === 'snow' ? [phrases.snow(name, conditions, isSnowy(conditions))] : [];
}

function convertReading(
  { name }: Place,
  { temperature }: WeatherReading,
  unit: TemperatureUnit,
  desk: Desk,
  phrases: Phrases,
): string[] {
  if (!desk.tools.calculator) return [phrases.cannotConvert(unit)];
  const expression = toExpressionText(convert(toNumber(temperature), unit));
  const result = desk.calculate(expression);
  if (!result) return [];
  return 'failure' in result
    ? [phrases.calculationFailed(expression, result.failure)]
    : [phrases.converted(name, result.text, unit)];
}

function summarise(
  { ask, unit }: WeatherWish,
  found: readonly PlacedReading[],
  desk: Desk,
  phrases: Phrases,
): string[] {
  const own = found[0]?.reading.unit ?? 'celsius';
  if (found.some(({ reading }) => reading.unit !== own)) return [];
  if (ask.type === 'average') return toAverage(found, unit ?? own, own, desk, phrases);
  if (ask.type !== 'compare') return [];
  const ranked = found.toSorted((a, b) => b.reading.temperature - a.reading.temperature);
  const [warmest, coldest] = [ranked[0], ranked.at(-1)];
  if (!warmest || !coldest) return [];
  if (warmest.reading.temperature === coldest.reading.temperature) {
    return [phrases.same(found.map(({ place }) => place.name))];
  }
  const winner = ask.isColder ? coldest : warmest;
  const others = found.filter((one) => one !== winner).map(({ place }) => place.name);
  const verdict = phrases.extreme(winner.place.name, ask.isColder, others);
  if (!ask.wantsDifference) return [verdict];
  const difference = binary(
    '-',
    toNumber(warmest.reading.temperature),
    toNumber(coldest.reading.temperature),
  );
  return [verdict, ...toDifference(difference, unit ?? own, own, desk, phrases)];
}

function toDifference(
  difference: Expression,
  unit: TemperatureUnit,
  own: TemperatureUnit,
  desk: Desk,
  phrases: Phrases,
): string[] {
  if (!desk.tools.calculator) return [phrases.noTool('calculator')];
  const result = desk.calculate(
    toExpressionText(unit === own ? difference : convertDifference(difference, unit)),
  );
  if (!result) return [];
  return 'failure' in result
    ? [phrases.differenceFailed(result.failure)]
    : [phrases.difference(result.text, unit)];
}

function toAverage(
  found: readonly PlacedReading[],
  unit: TemperatureUnit,
  own: TemperatureUnit,
  desk: Desk,
  phrases: Phrases,
): string[] {
  if (!desk.tools.calculator) return [phrases.noTool('calculator')];
  const mean = average(found.map(({ reading }) => toNumber(reading.temperature)));
  const expression = toExpressionText(unit === own ? mean : convert(mean, unit));
  const result = desk.calculate(expression);
  if (!result) return [];
  return 'failure' in result
    ? [phrases.calculationFailed(expression, result.failure)]
    : [phrases.average(result.text, unit)];
}

function fulfilTime({ places }: TimeWish, desk: Desk, phrases: Phrases): string[] {
  if (!desk.tools.time) return [phrases.noTool('time')];
  const targets = places.length > 0 ? places : [undefined];
  return targets.flatMap((place) => {
    const zone = place ? zoneOf(place) : Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!zone) return [phrases.unknownZone(place?.name ?? '')];
    const reading = desk.time(zone);
    if (!reading) return [];
    if ('failure' in reading) return [phrases.timeFailed(zone, reading.failure)];
    return [phrases.time(place?.name, zone, reading)];
  });
}

function zoneOf({ timeZone, known, name }: Place): string | undefined {
  return timeZone ?? known?.timeZone ?? findTimeZone(name);
}

function fulfilCalculation(wish: CalculationWish, desk: Desk, phrases: Phrases): string[] {
  if (!desk.tools.calculator) return [phrases.noTool('calculator')];
  const temperatures = new Map<string, string>();
  const sentences: string[] = [];
  for (const place of temperaturePlaces(wish)) {
    if (!desk.tools.weather) return [phrases.noTool('weather')];
    const reading = desk.weather(place);
    if (reading && 'failure' in reading)
      return [...sentences, phrases.weatherFailed(place.name, reading.failure)];
    if (!reading) continue;
    temperatures.set(place.name, toExpressionText(toNumber(reading.temperature)));
    sentences.push(phrases.weather(place.name, reading));
  }
  const isWaiting = temperaturePlaces(wish).some(({ name }) => !temperatures.has(name));
  if (isWaiting) return [];
  const expression = toExpressionText(
    wish.expression,
    (index) => temperatures.get(wish.places[index]?.name ?? '') ?? '0',
  );
  const result = desk.calculate(expression);
  if (!result) return [];
  if ('failure' in result)
    return [...sentences, phrases.calculationFailed(expression, result.failure)];
  const { conversion } = wish;
  const sentence = conversion
    ? phrases.degreesEqual(conversion.given, result.text, conversion.to)
    : phrases.calculated(expression, result.text);
  return [...sentences, sentence];
}

function toNotes({ understanding, phrases }: PlanInput, { readings }: Desk): string[] {
  const sample = readings.find(({ isSample }) => isSample);
  const attributions = new Set(readings.flatMap(({ attribution }) => attribution ?? []));
  return [
    ...(understanding.asksOtherDay && readings.length > 0 ? [phrases.onlyToday] : []),
    ...(sample ? [phrases.sample(sample.notice)] : []),
    ...attributions,
    ...(understanding.hasUnsupported ? [phrases.unsupportedPart] : []),
  ];
}

function toNumber(value: number): Expression {
  return value < 0 ? { type: 'negative', operand: number(-value) } : number(value);
}
