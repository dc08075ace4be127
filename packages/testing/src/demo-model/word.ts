import { commonHanWords, commonWords, maxHanWordLength } from './common-word.ts';
import { findKnownPlace, maxNameCharacters, type KnownPlace } from './gazetteer.ts';

/** A word of a sentence, or a sign. */
export interface Word {
  readonly text: string;
  readonly lower: string;
  readonly start: number;
  readonly end: number;
  readonly kind: 'word' | 'han' | 'other';
  /** Part of a place that was found, or never part of a name. */
  readonly place?: KnownPlace;
  readonly isCommon: boolean;
}

const wordPattern =
  /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{M}])+(?:['-](?:(?!\p{Script=Han})[\p{L}\p{M}])+)*|\d[\d.,]*|\S/gu;

/** Cuts a sentence into words; Chinese is cut with a word list. */
export function cutWords(sentence: string): Word[] {
  return [...sentence.matchAll(wordPattern)].flatMap(({ index, 0: text }): Word[] => {
    if (/^\p{Script=Han}/u.test(text)) return cutHan(text, index);
    // "Tokyo's" is Tokyo.
    const bare = text.replace(/'s$/iu, '');
    const lower = bare.toLowerCase();
    const kind = /^[\p{L}\p{M}]/u.test(text) ? 'word' : 'other';
    const isCommon =
      kind === 'other' ||
      commonWords.has(text.toLowerCase()) ||
      commonWords.has(lower) ||
      /'(?:m|re|ve|ll|d|t)$/iu.test(text);
    return [{ text: bare, lower, start: index, end: index + bare.length, kind, isCommon }];
  });
}

/** Cuts Chinese text into known places, common words and what is left between them. */
function cutHan(text: string, offset: number): Word[] {
  const words: Word[] = [];
  let unknownFrom = 0;
  let at = 0;
  const pushUnknown = () => {
    if (unknownFrom < at) words.push(toHanWord(text.slice(unknownFrom, at), offset + unknownFrom));
  };
  while (at < text.length) {
    const found = longestAt(text, at);
    if (!found) {
      at += 1;
      continue;
    }
    pushUnknown();
    words.push({ ...toHanWord(found.text, offset + at), ...found });
    at += found.text.length;
    unknownFrom = at;
  }
  pushUnknown();
  return words;
}

function longestAt(
  text: string,
  at: number,
): { text: string; isCommon: boolean; place?: KnownPlace } | undefined {
  for (let length = maxNameCharacters; length > 0; length -= 1) {
    const word = text.slice(at, at + length);
    if (word.length < length) continue;
    const place = length > 1 ? findKnownPlace(word) : undefined;
    if (place) return { text: word, isCommon: false, place };
    if (length <= maxHanWordLength && commonHanWords.has(word))
      return { text: word, isCommon: true };
  }
  return undefined;
}

function toHanWord(text: string, start: number): Word {
  return { text, lower: text, start, end: start + text.length, kind: 'han', isCommon: false };
}
