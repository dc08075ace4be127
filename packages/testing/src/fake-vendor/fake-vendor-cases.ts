import type { FakeVendorCase } from './case.ts';
import { answerCases } from './cases/answer.ts';
import { bodyCases } from './cases/body.ts';
import { connectionCases } from './cases/connection.ts';
import { finishCases } from './cases/finish.ts';
import { httpCases } from './cases/http.ts';
import { keyCases } from './cases/key.ts';
import { rateLimitCases } from './cases/rate-limit.ts';
import { reasoningCases } from './cases/reasoning.ts';
import { secretsCases } from './cases/secrets.ts';
import { streamCases } from './cases/stream.ts';
import { toolCases } from './cases/tool.ts';
import { usageCases } from './cases/usage.ts';
import { vendorCases } from './cases/vendor.ts';

/** The situations that `createFakeVendor({ case })` and `anyturn fake-vendor --case` know by name. */
export const fakeVendorCases = {
  ...answerCases,
  ...rateLimitCases,
  ...httpCases,
  ...keyCases,
  ...vendorCases,
  ...connectionCases,
  ...bodyCases,
  ...streamCases,
  ...usageCases,
  ...finishCases,
  ...toolCases,
  ...reasoningCases,
  ...secretsCases,
};

export type FakeVendorCaseName = keyof typeof fakeVendorCases;

/** @throws {TypeError} naming the closest cases, and all others, when there is none of this name. */
export function findCase(name: string): FakeVendorCase {
  if (isFakeVendorCaseName(name)) return fakeVendorCases[name];
  const closest = suggestFakeVendorCases(name);
  const suggestion = closest.length === 0 ? '' : ` Did you mean ${closest.join(' or ')}?`;
  throw new TypeError(
    `No fake vendor case "${name}".${suggestion} Known: ${Object.keys(fakeVendorCases).join(', ')}.`,
  );
}

/** Whether there is a case of this name. */
export function isFakeVendorCaseName(name: string): name is FakeVendorCaseName {
  return Object.hasOwn(fakeVendorCases, name);
}

/** The names of up to three cases that come closest to a mistyped or half remembered one. */
export function suggestFakeVendorCases(name: string): FakeVendorCaseName[] {
  const wanted = name.slice(0, 100).toLowerCase();
  return (Object.keys(fakeVendorCases) as FakeVendorCaseName[])
    .map((known) => ({ known, likeness: likeness(wanted, known) }))
    .filter((entry) => entry.likeness >= 0.5)
    .toSorted((a, b) => b.likeness - a.likeness)
    .slice(0, 3)
    .map((entry) => entry.known);
}

/** From 0 to 1: how much two names share as a whole, or word by word in any order. */
function likeness(wanted: string, known: string): number {
  const [words, knownWords] = [toWords(wanted), toWords(known)];
  const shared = words.map((word) =>
    Math.max(...knownWords.map((other) => letterLikeness(word, other))),
  );
  const total = shared.reduce((sum, one) => sum + one, 0);
  const byWord = (2 * total) / (words.length + knownWords.length);
  return Math.max(byWord, letterLikeness(words.join(''), knownWords.join('')));
}

function toWords(name: string): string[] {
  return name.split(/[^a-z0-9]+/u).filter((word) => word !== '');
}

/** By the pairs of neighbouring letters that two words share (Dice's coefficient). */
function letterLikeness(a: string, b: string): number {
  if (a === b) return 1;
  const [pairsA, pairsB] = [letterPairs(a), letterPairs(b)];
  const shared = pairsA.filter((pair) => pairsB.includes(pair)).length;
  return shared === 0 ? 0 : (2 * shared) / (pairsA.length + pairsB.length);
}

function letterPairs(word: string): string[] {
  return Array.from({ length: Math.max(0, word.length - 1) }, (_, at) => word.slice(at, at + 2));
}
