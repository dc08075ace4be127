import { continueCalculation, findCalculations } from './arithmetic.ts';
import { findConversions, type TemperatureUnit } from './conversion.ts';
import * as cue from './cue.ts';
import { placesOf, type Expression } from './expression.ts';
import {
  calculationMark,
  maxMarks,
  placePattern,
  readMark,
  temperatureMark,
  temperaturePattern,
} from './mark.ts';
import { blankNonArithmetic } from './not-arithmetic.ts';
import { markPlaces, splitSentences, type Place } from './place.ts';
import { findSmallTalk, type SmallTalk } from './small-talk.ts';
import type { Prompt } from './prompt.ts';

/** One thing that the user asks for. */
export type Wish =
  | {
      readonly type: 'weather';
      /** Empty when the user named none. */
      readonly places: readonly Place[];
      readonly unit: TemperatureUnit | undefined;
      readonly ask: WeatherAsk;
    }
  | { readonly type: 'time'; readonly places: readonly Place[] }
  | {
      readonly type: 'calculation';
      readonly expression: Expression;
      /** The places that the expression's temperatures point at. */
      readonly places: readonly Place[];
      /** Set when degrees that the user gave are converted. */
      readonly conversion?: { readonly to: TemperatureUnit; readonly given: string };
    };

export type WeatherAsk =
  | { readonly type: 'report' }
  | { readonly type: 'rain' | 'snow' }
  | { readonly type: 'compare'; readonly isColder: boolean; readonly wantsDifference: boolean }
  | { readonly type: 'average' };

export interface Understanding {
  readonly wishes: readonly Wish[];
  readonly smallTalk: SmallTalk | undefined;
  /** Part of the message asks for something that the rules cannot do, such as a poem. */
  readonly hasUnsupported: boolean;
  /** The user asks about tomorrow or another day. */
  readonly asksOtherDay: boolean;
}

/** Finds out what a message asks for. `earlier` are the user's former messages, newest first, for "and in Paris?". */
export function understand(prompt: Prompt, earlier: readonly Understanding[] = []): Understanding {
  const { supported, hasUnsupported } = dropUnsupported(prompt.text);
  const asksOtherDay = cue.otherDay.test(supported);
  const smallTalk = findSmallTalk(prompt.text);
  const wishes = findWishes(supported, earlier);
  return { wishes, smallTalk, hasUnsupported, asksOtherDay };
}

const unsupportedClause =
  /(^|[.?!;。,\n]\s*|\b(?:and|then|also)\s+|然后|并且?|再)((?:please |can you |could you |would you |will you |i want you to |i'd like you to |help me |请|帮我|麻烦|能不能|可以|给我){0,3}(?:write|compose|translate|summari[sz]e|draw|paint|sing|book|order me|buy|email|send|remind|recommend|play|rewrite|paraphrase|proofread|implement|code|tell me (?:a|an|another|some) (?:\w{1,12} )?(?:joke|story|poem|fact)s?|(?:generate|create|design|make) (?:me )?(?:a|an|some)|写|翻译|总结|画|讲个|讲一个|讲笑话|编|预订|订|发(?:邮件|短信|消息|给)|提醒|推荐|播放|生成|设计)(?![\p{Script=Latin}\p{M}])(?:(?!,? (?:and|then) (?:what|how|calculate|compute|tell|check|is\b)|[.?!;。\n]).){0,600})/giu;

function dropUnsupported(text: string): { supported: string; hasUnsupported: boolean } {
  const supported = text.replace(unsupportedClause, '$1');
  return { supported, hasUnsupported: supported !== text };
}

interface Placed {
  readonly position: number;
  readonly wish: Wish;
}

function findWishes(supported: string, earlier: readonly Understanding[]): Wish[] {
  const lastWish = earlier[0]?.wishes.at(-1);
  const isFollowUp = lastWish !== undefined && lastWish.type !== 'calculation' && soundsLikeFollowUp(supported);
  const blanked = blankNonArithmetic(supported);
  const conversions = findConversions(blanked);
  const { text, places } = markPlaces(
    blankSpans(blanked, conversions.map((conversion, index) => [conversion, calculationMark(index)])),
    { isFollowUp },
  );
  const arithmetic = markCalculations(text, places, conversions.length);
  const found = readSentences(arithmetic.text, places, earlier, isFollowUp);
  const calculations = [...arithmetic.text].flatMap((character, position): Placed[] => {
    const mark = readMark(character);
    if (mark?.type !== 'calculation') return [];
    const conversion = conversions[mark.index];
    if (conversion) {
      const { expression, to, given } = conversion;
      return [{ position, wish: { type: 'calculation', expression, places: [], conversion: { to, given } } }];
    }
    const expression = arithmetic.expressions[mark.index - conversions.length];
    return expression ? [{ position, wish: { type: 'calculation', expression, places } }] : [];
  });
  const wishes = [...found, ...calculations].toSorted((a, b) => a.position - b.position).map(({ wish }) => wish);
  return wishes.length > 0 ? wishes : continueEarlierCalculation(supported, lastWish);
}

const followUpOpening =
  /^\W{0,4}(?:and|what about|how about|what of|or|also|then|same (?:for|in)|ok(?:ay)?|now|so|那么?|还有|以及|换成|再看看|再查)(?![\p{Script=Latin}])/iu;

function soundsLikeFollowUp(text: string): boolean {
  return followUpOpening.test(text) || /呢\s*[?。!]?\s*$/u.test(text) || text.trim().split(/\s+/u).length <= 3;
}

function continueEarlierCalculation(text: string, last: Wish | undefined): Wish[] {
  if (last?.type !== 'calculation') return [];
  const expression = continueCalculation(blankNonArithmetic(text), last.expression);
  return expression ? [{ type: 'calculation', expression, places: last.places }] : [];
}

type SpanMark = readonly [span: { start: number; end: number }, mark: string];

function blankSpans(text: string, spans: readonly SpanMark[]): string {
  let rest = '';
  let at = 0;
  for (const [{ start, end }, mark] of spans.slice(0, maxMarks)) {
    rest += text.slice(at, start) + mark;
    at = end;
  }
  return rest + text.slice(at);
}

// "the temperature in P", "P's temperature", "P的气温": an operand once an operator stands next to it.
const P = placePattern;
const temperaturePhrases = new RegExp(
  [
    `(?:the )?(?:current |present )?\\b(?:temperature|temp)(?: right now| now| today| currently)? (?:in|of|at|for) (?:the )?(${P})(?: right now| now| today)?(?: in (?:degrees )?celsius)?(?!\\s*(?:,|、|and\\b|or\\b|vs|和|与)\\s*(?:in )?${P})`,
    `(?:the )?(${P})(?:'s)? (?:current )?\\b(?:temperature|temp)\\b`,
    `(${P})(?:现在|今天|当前|目前|此刻|今日)?的?(?:现在|今天|当前|目前)?(?:气温|温度)(?!计)`,
    `(?:the )?weather (?:in|of|for) (${P})(?=\\s*(?:plus|minus|\\+|-)\\s*\\d+(?:\\.\\d+)?\\s*(?:degrees?\\s*)?(?:[.?!]|$))`,
  ].join('|'),
  'giu',
);
const notOneTemperature = /(?:average|mean|difference|compare|highest|lowest|平均|温差)(?: in| of| between)?(?: the)?\s*$/iu;
const temperatureList = new RegExp(
  `\\b(sum|total|product|add|multiply)((?: up)?(?: of)?(?: the)?(?: current)?) temperatures? (?:in|of|at) (${P}(?:(?:,| and|, and) ${P}){1,8})`,
  'giu',
);
const bareTemperature =
  /\b(?:the|that|this) (?:temperature|temp)\b(?! (?:in|of|at|difference))|(?:这个|该)?(?:气温|温度)(?=的平方|的立方|的一半|的\d|再?乘|再?加|再?减|再?除|翻倍)/giu;
const pronoun =
  /(?<=\b(?:multiply|divide|square|double|triple|halve|to|from|of) )(?:it|that)\b|(?<=把)它/giu;

/** Replaces each calculation with a mark. Temperatures that no calculation uses stay as the user wrote them. */
function markCalculations(
  text: string,
  places: readonly Place[],
  offset: number,
): { text: string; expressions: Expression[] } {
  const phrases: string[] = [];
  const targets: number[] = [];
  const toTemperature = (phrase: string, place: number | undefined): string => {
    if (place === undefined || phrases.length >= maxMarks) return phrase;
    phrases.push(phrase);
    targets.push(place);
    return temperatureMark(phrases.length - 1);
  };
  const hasPlainArithmetic = findCalculations(text).length > 0;
  let marked = text
    .replace(temperatureList, (phrase, verb: string, words: string, list: string) => {
      if (phrase === '') return phrase;
      const marks = [...list].filter((character) => readMark(character)?.type === 'place');
      return `${verb}${words} ${marks.map((mark) => toTemperature(mark, readMark(mark)?.index)).join(', ')}`;
    })
    .replace(temperaturePhrases, (phrase, ...rest: (string | number | undefined)[]) => {
      const mark = rest.slice(0, 4).find((group) => typeof group === 'string');
      const at = rest[4];
      const before = typeof at === 'number' ? text.slice(Math.max(0, at - 24), at) : '';
      return notOneTemperature.test(before) ? phrase : toTemperature(phrase, readMark(String(mark ?? ''))?.index);
    });
  if (places.length === 1) {
    marked = marked.replace(bareTemperature, (phrase) => toTemperature(phrase, 0));
    if (!hasPlainArithmetic) marked = marked.replace(pronoun, (phrase) => toTemperature(phrase, 0));
  }

  const calculations = findCalculations(marked).slice(0, maxMarks - offset);
  const expressions = calculations.map(({ expression }) => aim(expression, targets));
  const spans = calculations.map((span, index): SpanMark => [span, calculationMark(offset + index)]);
  const withCalculations = blankSpans(marked, spans);
  const unmark = (mark: string) => phrases[readMark(mark)?.index ?? -1] ?? mark;
  return { text: withCalculations.replace(new RegExp(temperaturePattern, 'gu'), unmark), expressions };
}

/** Turns the indexes of temperature marks into indexes of places. */
function aim(expression: Expression, targets: readonly number[]): Expression {
  switch (expression.type) {
    case 'number':
      return expression;
    case 'temperature':
      return { type: 'temperature', place: targets[expression.place] ?? 0 };
    case 'percent':
    case 'negative':
      return { ...expression, operand: aim(expression.operand, targets) };
    case 'call':
      return { ...expression, inputs: expression.inputs.map((input) => aim(input, targets)) };
    case 'binary':
      return { ...expression, left: aim(expression.left, targets), right: aim(expression.right, targets) };
  }
}

interface PlaceGroup {
  readonly start: number;
  readonly end: number;
  readonly places: readonly Place[];
}

const groupPattern = new RegExp(
  `${P}(?:(?:\\s|,|、|/|&|and\\b|or\\b|vs\\.?|versus\\b|than\\b|to\\b|with\\b|in\\b|is\\b|和|与|跟|及|还有|以及|或者?|还是|比|同){1,6}${P})*`,
  'giu',
);

function readSentences(
  text: string,
  places: readonly Place[],
  earlier: readonly Understanding[],
  isFollowUp: boolean,
): Placed[] {
  const found: Placed[] = [];
  let offset = 0;
  for (const sentence of splitSentences(text)) {
    const groups = [...sentence.matchAll(groupPattern)].map(({ index, 0: match }): PlaceGroup => {
      const indexes = [...match].map(readMark).filter((mark) => mark?.type === 'place');
      const members = indexes.flatMap((mark) => (mark && places[mark.index]) ?? []);
      return { start: index, end: index + match.length, places: members };
    });
    for (const { position, wish } of readSentence(sentence, groups, found, earlier, isFollowUp)) {
      found.push({ position: offset + position, wish });
    }
    offset += sentence.length;
  }
  return fillEmptyFromLater(found, text, places);
}

function readSentence(
  sentence: string,
  groups: readonly PlaceGroup[],
  before: readonly Placed[],
  earlier: readonly Understanding[],
  isFollowUp: boolean,
): Placed[] {
  const cues = cue.findCues(sentence);
  const last = before.at(-1)?.wish ?? (isFollowUp ? earlier[0]?.wishes.at(-1) : undefined);
  if (cues.length === 0) {
    return groups.length > 0 && last && soundsLikeFollowUp(sentence) ? [repeat(last, groups)] : [];
  }
  const types = [...new Set(cues.map(({ type }) => type))];
  return types.flatMap((type): Placed[] => {
    const ownCues = cues.filter((candidate) => candidate.type === type);
    const own = groups.filter((group) => nearest(sentence, group, cues)?.type === type);
    const borrowed = own.length > 0 ? own : groups;
    const position = Math.min(ownCues[0]?.start ?? 0, borrowed[0]?.start ?? sentence.length);
    const named = unique(borrowed.flatMap((group) => group.places));
    if (type === 'time') return [{ position, wish: { type, places: named } }];
    const isAsked = ownCues.some((candidate) => candidate.isStrong) || named.length > 0;
    if (!isAsked) return [];
    const wished = named.length > 0 ? named : earlierPlaces(before, earlier);
    const isUnitOnly = ownCues.every(({ start, end }) => unitOnly.test(sentence.slice(start, end)));
    if (wished.length === 0 && (isUnitOnly || sentence.length > 0 && hasCalculation(sentence))) return [];
    return [{ position, wish: toWeatherWish(sentence, wished, [...before.map(({ wish }) => wish), ...earlier.flatMap(({ wishes }) => wishes)]) }];
  });
}

const unitOnly = /^(?:celsius|fahrenheit|centigrade|degrees|°[cf]|摄氏|华氏|几度|多少度)$/iu;

function hasCalculation(sentence: string): boolean {
  return [...sentence].some((character) => readMark(character)?.type === 'calculation');
}

function toWeatherWish(sentence: string, named: readonly Place[], former: readonly Wish[]): Wish {
  const isComparison = cue.comparison.test(sentence) || cue.superlative.test(sentence);
  // "Is it warmer than Paris?" compares with the place of the question before.
  const others = isComparison && named.length === 1 ? former.flatMap(({ places }) => places) : [];
  const places = unique([...others, ...named]);
  const unit = cue.fahrenheit.test(sentence) ? 'fahrenheit' : cue.celsius.test(sentence) ? 'celsius' : undefined;
  return { type: 'weather', places, unit, ask: toAsk(sentence, places.length, isComparison) };
}

function toAsk(sentence: string, count: number, isComparison: boolean): WeatherAsk {
  if (count > 1 && cue.averageAsked.test(sentence)) return { type: 'average' };
  if (count > 1 && isComparison) {
    const isColder = cue.colder.test(sentence);
    return { type: 'compare', isColder, wantsDifference: cue.howMuch.test(sentence) };
  }
  if (cue.rainAsked.test(sentence)) return { type: 'rain' };
  return cue.snowAsked.test(sentence) ? { type: 'snow' } : { type: 'report' };
}

/** The same question about other places. */
function repeat(last: Wish, groups: readonly PlaceGroup[]): Placed {
  const places = unique(groups.flatMap((group) => group.places));
  const position = groups[0]?.start ?? 0;
  if (last.type === 'time') return { position, wish: { type: 'time', places } };
  const unit = last.type === 'weather' ? last.unit : undefined;
  const isPlain = last.type === 'weather' && (last.ask.type === 'rain' || last.ask.type === 'snow');
  return { position, wish: { type: 'weather', places, unit, ask: isPlain ? last.ask : { type: 'report' } } };
}

/** Places named before, in this message or in the last one that named any. */
function earlierPlaces(before: readonly Placed[], earlier: readonly Understanding[]): Place[] {
  const here = before.flatMap(({ wish }) => wish.places);
  if (here.length > 0) return unique(here);
  const turn = earlier.find(({ wishes }) => wishes.some(({ places }) => places.length > 0));
  return unique(turn?.wishes.flatMap(({ places }) => places) ?? []);
}

/** "What's the weather like? I'm in Paris." */
function fillEmptyFromLater(found: readonly Placed[], text: string, places: readonly Place[]): Placed[] {
  return found.map(({ position, wish }) => {
    if (wish.type !== 'weather' || wish.places.length > 0 || places.length === 0) return { position, wish };
    const used = new Set(found.flatMap((other) => other.wish.places));
    const free = places.filter((place) => !used.has(place));
    return { position, wish: { ...wish, places: unique(free.length > 0 ? free : places) } };
  });
}

/** The cue that a group of places belongs to: the nearest, where a comma or "and" between counts as distance. */
function nearest(sentence: string, group: PlaceGroup, cues: readonly cue.Cue[]): cue.Cue | undefined {
  const distance = ({ start, end }: cue.Cue) => {
    const isBefore = end <= group.start;
    const between = isBefore ? sentence.slice(end, group.start) : sentence.slice(group.end, start);
    const borders = between.match(/[,，、\uE000-\uE2FF]|\b(?:and|also|then|plus)\b|和|还有|另外/gu)?.length ?? 0;
    return between.length + borders * 24 + (isBefore ? 0 : 0.5);
  };
  return cues.toSorted((a, b) => distance(a) - distance(b))[0];
}

function unique(places: readonly Place[]): Place[] {
  const byName = new Map(places.map((place) => [place.name.toLowerCase(), place]));
  return [...byName.values()].slice(0, maxPlaces);
}

/** Calls for more places than this are not made: a person asks for a handful. */
const maxPlaces = 12;

/** The places that a calculation needs a temperature of. */
export function temperaturePlaces(wish: Extract<Wish, { type: 'calculation' }>): Place[] {
  return placesOf(wish.expression).flatMap((index) => wish.places[index] ?? []);
}
