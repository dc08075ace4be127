import { findCues, type Cue } from './cue.ts';
import { findMarks, placePattern } from './mark.ts';
import { splitSentences, type Place } from './place.ts';
import { readUnit, repeatFor, toWeatherWish, unique, type PlacedWish, type Wish } from './wish.ts';

export interface MarkedMessage {
  /** With marks for places and calculations. */
  readonly text: string;
  readonly places: readonly Place[];
  /** The wishes of earlier messages, the last message first. */
  readonly earlier: readonly (readonly Wish[])[];
  /** The message goes on from the one before it. */
  readonly isFollowUp: boolean;
}

/** Finds the weather and time questions of a message, sentence by sentence. */
export function readSentences(message: MarkedMessage): PlacedWish[] {
  const found: PlacedWish[] = [];
  let offset = 0;
  for (const sentence of splitSentences(message.text)) {
    const groups = findGroups(sentence, message.places);
    const behind = message.text.slice(offset + sentence.length);
    if (groups.length > 0 || !addUnit(sentence, found)) {
      const wishes = readSentence({ sentence, groups, behind, before: found, message });
      found.push(...wishes.map(({ position, wish }) => ({ position: offset + position, wish })));
    }
    offset += sentence.length;
  }
  return found.map(({ position, wish }) => ({ position, wish: fillFrom(wish, found, message) }));
}

/** Places that are named together, as in "Paris, Rome and Oslo" or "东京和巴黎". */
interface PlaceGroup {
  readonly start: number;
  readonly end: number;
  readonly places: readonly Place[];
}

const joint =
  '(?:\\s|,|、|/|&|and\\b|or\\b|vs\\.?|versus\\b|than\\b|to\\b|with\\b|in\\b|is\\b|和|与|跟|及|还有|以及|或者?|还是|比|同)';
const groupPattern = new RegExp(`${placePattern}(?:${joint}{1,6}${placePattern})*`, 'giu');

function findGroups(sentence: string, places: readonly Place[]): PlaceGroup[] {
  return [...sentence.matchAll(groupPattern)].map(({ index, 0: match }) => {
    const members = findMarks(match).flatMap((mark) => places[mark.index] ?? []);
    return { start: index, end: index + match.length, places: members };
  });
}

interface Sentence {
  readonly sentence: string;
  readonly groups: readonly PlaceGroup[];
  readonly behind: string;
  readonly before: readonly PlacedWish[];
  readonly message: MarkedMessage;
}

function readSentence({ sentence, groups, behind, before, message }: Sentence): PlacedWish[] {
  const { earlier, isFollowUp } = message;
  const cues = findCues(sentence);
  if (cues.length === 0) {
    const last = before.at(-1)?.wish ?? (isFollowUp ? earlier[0]?.at(-1) : undefined);
    if (groups.length === 0 || !last || !soundsLikeFollowUp(sentence)) return [];
    const wish = repeatFor(
      last,
      groups.flatMap((group) => group.places),
    );
    return [{ position: groups[0]?.start ?? 0, wish }];
  }
  const types = [...new Set(cues.map(({ type }) => type))];
  return types.flatMap((type): PlacedWish[] => {
    const own = groups.filter((group) => nearestCue(sentence, group, cues)?.type === type);
    // "the weather and time in Tokyo": a question without places of its own shares those of the other.
    const shared = own.length > 0 ? own : groups;
    const named = unique(shared.flatMap((group) => group.places));
    const ownCues = cues.filter((candidate) => candidate.type === type);
    const position = Math.min(ownCues[0]?.start ?? 0, shared[0]?.start ?? sentence.length);
    if (type === 'time') return [{ position, wish: { type, places: named } }];
    if (named.length === 0 && !ownCues.some(({ isStrong }) => isStrong)) return [];

    const places = named.length > 0 ? named : earlierPlaces(before, earlier);
    const isAboutUnits = isUnitOnly(sentence, ownCues) || hasCalculation(sentence);
    if (places.length === 0 && isAboutUnits) return [];
    const former = [...before.map(({ wish }) => wish), ...earlier.flat()];
    return [{ position, wish: toWeatherWish(sentence, places, { former, behind }) }];
  });
}

/** "Is Tokyo warmer than Paris? By how many °F?": the second sentence gives the first its unit. */
function addUnit(sentence: string, found: PlacedWish[]): boolean {
  const last = found.at(-1);
  const cues = findCues(sentence);
  if (last?.wish.type !== 'weather' || cues.length === 0 || !isUnitOnly(sentence, cues))
    return false;
  const unit = readUnit(sentence) ?? last.wish.unit;
  found[found.length - 1] = { ...last, wish: { ...last.wish, unit } };
  return true;
}

const unitOnly = /^(?:celsius|fahrenheit|centigrade|degrees|°\s?[cf]|摄氏|华氏|几度|多少度)$/iu;

function isUnitOnly(sentence: string, cues: readonly Cue[]): boolean {
  return cues.every(({ start, end }) => unitOnly.test(sentence.slice(start, end)));
}

const followUpOpening =
  /^\W{0,4}(?:and|what about|how about|what of|or|also|then|same (?:for|in)|ok(?:ay)?|now|so|那么?|还有|以及|换成|再看看|再查)(?![\p{Script=Latin}])/iu;

/** Whether a text reads as if it went on from something said before: "and in Paris?", "那上海呢？", "Oslo?". */
export function soundsLikeFollowUp(text: string): boolean {
  const hanCharacters = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const isShort = text.trim().split(/\s+/u).length <= 3 && hanCharacters <= 6;
  return isShort || followUpOpening.test(text) || /呢\s*[?。!]?\s*$/u.test(text);
}

/** The cue that a group of places belongs to: the nearest, where a comma or "and" between counts as distance. */
function nearestCue(sentence: string, group: PlaceGroup, cues: readonly Cue[]): Cue | undefined {
  const distance = ({ start, end }: Cue) => {
    const isBefore = end <= group.start;
    const between = isBefore ? sentence.slice(end, group.start) : sentence.slice(group.end, start);
    const borders = between.match(/[,、\uE000-\uE2FF]|\b(?:and|also|then|plus)\b|和|还有|另外/gu);
    return between.length + (borders?.length ?? 0) * 24 + (isBefore ? 0 : 0.5);
  };
  // Distance grows with every word between, so only the neighbours can be the nearest.
  const neighbours = [
    cues.findLast(({ end }) => end <= group.start),
    cues.find(({ start }) => start >= group.end),
  ].filter((candidate) => candidate !== undefined);
  return neighbours.toSorted((a, b) => distance(a) - distance(b))[0];
}

function hasCalculation(sentence: string): boolean {
  return findMarks(sentence).some(({ type }) => type === 'calculation');
}

/** Places named before, in this message or in the last one that named any. */
function earlierPlaces(
  before: readonly PlacedWish[],
  earlier: readonly (readonly Wish[])[],
): Place[] {
  const here = before.flatMap(({ wish }) => wish.places);
  if (here.length > 0) return unique(here);
  const turn = earlier.find((wishes) => wishes.some(({ places }) => places.length > 0));
  return unique(turn?.flatMap(({ places }) => places) ?? []);
}

/** "What's the weather like? I'm in Paris.": a question without a place takes those that no other took. */
function fillFrom(wish: Wish, found: readonly PlacedWish[], { places }: MarkedMessage): Wish {
  if (wish.type !== 'weather' || wish.places.length > 0) return wish;
  const taken = new Set(found.flatMap((other) => other.wish.places));
  const free = places.filter((place) => !taken.has(place));
  return { ...wish, places: unique(free.length > 0 ? free : places) };
}
