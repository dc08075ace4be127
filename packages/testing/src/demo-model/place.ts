import { findCues } from './cue.ts';
import { ambiguousNames, findKnownPlace, maxNameWords, type KnownPlace } from './gazetteer.ts';
import { maxMarks, placeMark } from './mark.ts';
import { cutWords, type Word } from './word.ts';

/** A place in a prompt. */
export interface Place {
  /** What a tool is given: the usual name of a known place, the user's own words for any other. */
  readonly name: string;
  readonly known: KnownPlace | undefined;
  /** A zone that the user named instead of a place, such as "Asia/Tokyo" or "UTC". */
  readonly timeZone?: string;
}

export interface MarkedPlaces {
  /** The text with one mark for each place. */
  readonly text: string;
  readonly places: readonly Place[];
}

/**
 * Finds places and replaces each with a mark.
 *
 * Known places count everywhere. Other names count in a sentence that asks for weather or time, where grammar or a
 * capital letter points at them. With `isFollowUp` ("and in Gotham?") the question is in an earlier message.
 */
export function markPlaces(text: string, { isFollowUp = false } = {}): MarkedPlaces {
  const places: Place[] = [];
  const marked = splitSentences(text).map((sentence) => {
    const spans = findSpans(sentence, isFollowUp).slice(0, maxMarks - places.length);
    let rest = '';
    let at = 0;
    for (const { start, end, place } of spans) {
      rest += sentence.slice(at, start) + placeMark(places.length);
      places.push(place);
      at = end;
    }
    return rest + sentence.slice(at);
  });
  return { text: marked.join(''), places };
}

/** Cuts behind `.`, `?`, `!`, `;` and line ends; nothing is lost. */
export function splitSentences(text: string): string[] {
  return text.match(/(?:[^?!;。\n.]|\.(?=\d))*(?:[?!;。\n.]|$)/gu)?.filter(Boolean) ?? [];
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly place: Place;
}

const zonePattern =
  /\b(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific|Etc)\/[A-Za-z_+-]{2,30}(?:\/[A-Za-z_]{2,30})?|\b(?:UTC|GMT)\b/gu;

function findSpans(sentence: string, isFollowUp: boolean): Span[] {
  const cues = findCues(sentence);
  const hasStrongCue = isFollowUp || cues.some((cue) => cue.isStrong);
  const zones = [...sentence.matchAll(zonePattern)].map(({ index, 0: name }): Span => {
    return {
      start: index,
      end: index + name.length,
      place: { name, known: undefined, timeZone: name },
    };
  });
  const words = cutWords(sentence);
  const known = findKnown(words);
  const unknown =
    cues.length > 0 || isFollowUp ? findUnknown(words, known, { hasStrongCue, isFollowUp }) : [];
  const spans = [...zones, ...known, ...unknown].toSorted((a, b) => a.start - b.start);
  const apart = spans.filter((span, index) => span.start >= (spans[index - 1]?.end ?? 0));
  return joinQualifiers(sentence, apart);
}

/** "Paris, France" is one place; so is "Portland, Oregon", which stays as it is. */
function joinQualifiers(sentence: string, spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    const city = joined.at(-1);
    const between = city ? sentence.slice(city.end, span.start) : '';
    if (city && city.place.known?.isCountry !== true && isQualifier(sentence, span, between)) {
      joined[joined.length - 1] = {
        ...city,
        end: span.end,
        place: qualify(city.place, span.place),
      };
    } else joined.push(span);
  }
  return joined;
}

/** A country or state behind a city; an unknown name only when the two are no list. */
function isQualifier(sentence: string, { end, place }: Span, between: string): boolean {
  if (place.known) return place.known.isCountry && /^,? ?$/u.test(between);
  const isLatin = /^\p{Lu}/u.test(place.name);
  return isLatin && /^, ?$/u.test(between) && !/^\s*(?:,|and\b|or\b|&)/iu.test(sentence.slice(end));
}

/** A city in its own country needs no country; any other keeps what the user said about it. */
function qualify(city: Place, { name, known }: Place): Place {
  const zone = city.known?.timeZone;
  const isItsOwn = known && zone && (zone === known.timeZone || isOf(zone, known));
  return isItsOwn ? city : { name: `${city.name}, ${known?.name ?? name}`, known: undefined };
}

/** Countries with several zones, and the area that their zones begin with. */
function isOf(zone: string, { name }: KnownPlace): boolean {
  const areas: Record<string, RegExp> = {
    USA: /^America\/(?:New_York|Chicago|Denver|Los_Angeles|Detroit|Phoenix|Anchorage)|Honolulu/u,
    Canada: /^America\/(?:Toronto|Vancouver|Edmonton)/u,
    Australia: /^Australia\//u,
    Brazil: /Sao_Paulo/u,
    Mexico: /Mexico_City|Cancun/u,
    Russia: /Moscow|Novosibirsk|Vladivostok/u,
  };
  return areas[name]?.test(zone) === true;
}

function findKnown(words: readonly Word[]): Span[] {
  const spans: Span[] = [];
  let index = 0;
  while (index < words.length) {
    const found = knownAt(words, index);
    if (found) spans.push(found.span);
    index += found?.count ?? 1;
  }
  return spans;
}

function knownAt(words: readonly Word[], index: number): { span: Span; count: number } | undefined {
  const first = words[index];
  if (first?.place) {
    const { start, end, text, place } = first;
    const name = place.nameZh ?? text;
    return { span: { start, end, place: { name, known: place } }, count: 1 };
  }
  if (first?.kind !== 'word') return undefined;
  for (let count = maxNameWords; count > 0; count -= 1) {
    const part = words.slice(index, index + count);
    const last = part.at(-1);
    if (!last || part.length < count || part.some(({ kind }) => kind !== 'word')) continue;
    const name = part.map(({ lower }) => lower.replaceAll('-', ' ')).join(' ');
    const known = findKnownPlace(name) ?? findKnownPlace(part.map(({ lower }) => lower).join(' '));
    if (!known || !isMeantAsPlace(name, first, words[index - 1])) continue;
    return {
      span: { start: first.start, end: last.end, place: { name: known.name, known } },
      count,
    };
  }
  return undefined;
}

/** "Nice" and "Reading" are places with a capital letter inside a sentence, or after "in". */
function isMeantAsPlace(name: string, first: Word, previous: Word | undefined): boolean {
  if (name.length <= 2) return first.text === first.text.toUpperCase();
  if (!ambiguousNames.has(name)) return true;
  if (previous && ['in', 'at', 'near', 'for', 'than'].includes(previous.lower)) return true;
  return previous !== undefined && isCapitalised(first.text);
}

interface Context {
  readonly hasStrongCue: boolean;
  readonly isFollowUp: boolean;
}

function findUnknown(words: readonly Word[], known: readonly Span[], context: Context): Span[] {
  const isTaken = (token: Word) =>
    known.some(({ start, end }) => token.start >= start && token.start < end);
  const free = words.map((token) => (isTaken(token) ? { ...token, isCommon: true } : token));
  const spans: Span[] = [];
  let index = 0;
  while (index < free.length) {
    const run =
      free[index]?.kind === 'han'
        ? hanRunAt(free, index, known, context)
        : wordRunAt(free, index, known, context);
    if (run) {
      spans.push(run.span);
      index += run.count;
    } else index += 1;
  }
  return spans;
}

const beforeName = new Set(
  (
    'in at near around for from to over of than and or vs versus is will does between about with if ' +
    'weather temperature forecast temp time , 、 和 : 与 跟 在 比 查 查一下 还是'
  ).split(' '),
);
const connectors = new Set([
  'de',
  'la',
  'las',
  'los',
  'del',
  'of',
  'the',
  'al',
  'el',
  'upon',
  'sur',
  'am',
  'do',
  'da',
  'di',
  'on',
]);

function wordRunAt(
  words: readonly Word[],
  index: number,
  known: readonly Span[],
  { hasStrongCue, isFollowUp }: Context,
): { span: Span; count: number } | undefined {
  const first = words[index];
  if (first?.kind !== 'word' || first.isCommon) return undefined;
  const previous = words[index - 1];
  const isCapital = isCapitalised(first.text);
  const count = isCapital ? countCapitalised(words, index) : countPlain(words, index);
  const next = words[index + count];
  const last = words[index + count - 1];
  if (!last) return undefined;
  const isLed =
    previous !== undefined && (beforeName.has(previous.lower) || previous.kind === 'han');
  const isInList =
    known.some((span) => span.end <= first.start) &&
    previous !== undefined &&
    listJoints.has(previous.lower);
  const isAlone = previous === undefined && (next === undefined || behindName.test(next.text));
  const isPlaceLike = isCapital
    ? isLed || (isAlone && (next !== undefined || isFollowUp))
    : hasStrongCue &&
      ((previous !== undefined && isPreposition(previous, words[index - 2])) ||
        (isInList && (next === undefined || next.kind === 'other')) ||
        (words.length <= 5 && (isAlone || (isLed && next === undefined)) && !isFollowUp) ||
        (isFollowUp && isLed));
  if (!isPlaceLike) return undefined;
  const name = joinWords(words.slice(index, index + count));
  return { span: { start: first.start, end: last.end, place: { name, known: undefined } }, count };
}

/** What follows a name that opens a sentence; after any other word it is a verb, as in "Rank Cairo and Oslo". */
const behindName =
  /^(?:weather|temperatures?|temp|forecast|climate|time|now|right|today|tonight|tomorrow|and|or|vs|versus|is|,|:|\?)$/iu;
const listJoints = new Set([',', 'and', 'or', '、', '&', '和', '与']);

function isPreposition(token: Word, before: Word | undefined): boolean {
  if (token.lower === 'of' || token.lower === 'for')
    return before !== undefined && cueWord.test(before.text);
  return ['in', 'at', 'near', 'around', 'than'].includes(token.lower);
}
const cueWord = /^(?:weather|temperature|temp|forecast|conditions|climate|time)s?$/iu;

function countCapitalised(words: readonly Word[], index: number): number {
  let count = 1;
  for (let at = index + 1; at < words.length && count < 5; at += 1) {
    const token = words[at];
    const joint = token && connectors.has(token.lower) ? words[at + 1] : undefined;
    if (joint && !joint.isCommon && isCapitalised(joint.text)) continue;
    if (!token || token.kind !== 'word' || !isCapitalised(token.text)) break;
    if (token.isCommon && !nameEndings.has(token.lower)) break;
    count = at - index + 1;
  }
  return count;
}

/** Common words that end a name: "gotham city". */
const nameEndings = new Set([
  'city',
  'town',
  'island',
  'islands',
  'beach',
  'falls',
  'springs',
  'bay',
  'state',
]);

function countPlain(words: readonly Word[], index: number): number {
  let count = 1;
  while (count < 3) {
    const token = words[index + count];
    if (token?.kind !== 'word' || findKnownPlace(token.lower)) break;
    if (token.isCommon && !nameEndings.has(token.lower)) break;
    count += 1;
  }
  return count;
}

function hanRunAt(
  words: readonly Word[],
  index: number,
  known: readonly Span[],
  { hasStrongCue, isFollowUp }: Context,
): { span: Span; count: number } | undefined {
  const token = words[index];
  if (!token || token.isCommon || token.text.length < 2 || token.text.length > 10) return undefined;
  if (!hasStrongCue) return undefined;
  const previous = words[index - 1];
  const next = words[index + 1];
  const isInList = previous !== undefined && listJoints.has(previous.lower);
  // With a known place in the sentence, other unknown words are most likely no places.
  if (known.length > 0 && !isInList && !(next && listJoints.has(next.lower))) return undefined;
  const isLed = previous === undefined || previous.isCommon;
  const isFollowed = next === undefined || next.isCommon;
  if (!isLed || !(isFollowed || isFollowUp)) return undefined;
  const { start, end, text } = token;
  return { span: { start, end, place: { name: text, known: undefined } }, count: 1 };
}

function joinWords(words: readonly Word[]): string {
  return words.map(({ text }) => text).join(' ');
}

function isCapitalised(text: string): boolean {
  return /^\p{Lu}/u.test(text);
}
