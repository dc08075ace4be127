import type { TemperatureUnit } from './conversion.ts';
import * as cue from './cue.ts';
import { placesOf, type Expression } from './expression.ts';
import type { Place } from './place.ts';

/** One thing that the user asks for. */
export type Wish = WeatherWish | TimeWish | CalculationWish;

export interface WeatherWish {
  readonly type: 'weather';
  /** Empty when the user named none. */
  readonly places: readonly Place[];
  readonly unit: TemperatureUnit | undefined;
  readonly ask: WeatherAsk;
}

type WeatherAsk =
  | { readonly type: 'report' | 'rain' | 'snow' | 'average' }
  | { readonly type: 'compare'; readonly isColder: boolean; readonly wantsDifference: boolean };

export interface TimeWish {
  readonly type: 'time';
  /** Empty for the time here. */
  readonly places: readonly Place[];
}

export interface CalculationWish {
  readonly type: 'calculation';
  readonly expression: Expression;
  /** The places that the expression's temperatures point at. */
  readonly places: readonly Place[];
  /** Set when degrees that the user gave are converted. */
  readonly conversion?: { readonly to: TemperatureUnit; readonly given: string };
}

/** A wish and where in the message it stands. */
export interface PlacedWish {
  readonly position: number;
  readonly wish: Wish;
}

/**
 * What a sentence with these places wants to know about the weather. `former` are the wishes before it, for "Is it
 * warmer than Paris?"; `behind` is the rest of the message, for "… By how much?".
 */
export function toWeatherWish(
  sentence: string,
  named: readonly Place[],
  { former, behind }: { former: readonly Wish[]; behind: string },
): WeatherWish {
  const isComparison = cue.comparison.test(sentence) || cue.superlative.test(sentence);
  const others = isComparison && named.length === 1 ? former.flatMap((wish) => wish.places) : [];
  const places = unique([...others, ...named]);
  const ask = toAsk(sentence, places.length, isComparison);
  const wantsDifference = cue.howMuch.test(sentence) || cue.howMuch.test(behind);
  return {
    type: 'weather',
    places,
    unit: readUnit(sentence),
    ask: ask.type === 'compare' ? { ...ask, wantsDifference } : ask,
  };
}

/** The unit that a text names. */
export function readUnit(text: string): TemperatureUnit | undefined {
  if (cue.fahrenheit.test(text)) return 'fahrenheit';
  return cue.celsius.test(text) ? 'celsius' : undefined;
}

/** The same question about other places. */
export function repeatFor(last: Wish, named: readonly Place[]): Wish {
  const places = unique(named);
  if (last.type === 'time') return { type: 'time', places };
  if (last.type === 'calculation') {
    return { type: 'weather', places, unit: undefined, ask: { type: 'report' } };
  }
  const isPlain = last.ask.type === 'rain' || last.ask.type === 'snow';
  return { ...last, places, ask: isPlain ? last.ask : { type: 'report' } };
}

/** Each place once, and not more of them than a person asks for. */
export function unique(places: readonly Place[]): Place[] {
  const byName = new Map(places.map((place) => [place.name.toLowerCase(), place]));
  return [...byName.values()].slice(0, maxPlaces);
}

const maxPlaces = 12;

/** The places that a calculation needs a temperature of. */
export function temperaturePlaces({ expression, places }: CalculationWish): Place[] {
  return placesOf(expression).flatMap((index) => places[index] ?? []);
}

function toAsk(sentence: string, count: number, isComparison: boolean): WeatherAsk {
  if (count > 1 && cue.averageAsked.test(sentence)) return { type: 'average' };
  if (count > 1 && isComparison) {
    return { type: 'compare', isColder: cue.colder.test(sentence), wantsDifference: false };
  }
  if (cue.rainAsked.test(sentence)) return { type: 'rain' };
  return { type: cue.snowAsked.test(sentence) ? 'snow' : 'report' };
}
