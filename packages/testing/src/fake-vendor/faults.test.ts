import { expect, test } from 'vitest';
import { createFakeVendor, faults, reply, type FakeReply, type FaultKind } from '../index.ts';
import type { FakeVendorRequest } from './recorded-request.ts';

test('one seed deals out the same faults again, another seed other ones', () => {
  const kindsOf = (seed: number) => fates(1_000, { seed }).map(nameOf).join(' ');

  expect(kindsOf(7)).toBe(kindsOf(7));
  expect(kindsOf(7)).not.toBe(kindsOf(8));
});

test.each([0, 0.2, 1])('the rate %d is kept over many requests', (rate) => {
  const count = 20_000;
  const share = fates(count, { seed: 3, rate }).filter(isFault).length / count;

  // Five standard deviations of a fair draw.
  expect(Math.abs(share - rate)).toBeLessThanOrEqual(5 * Math.sqrt((rate * (1 - rate)) / count));
});

test('only the given kinds come, each about as often', () => {
  const count = 20_000;
  const kinds = ['status-503', 'empty-stream'] as const;
  const names = fates(count, { rate: 1, kinds }).map(nameOf);
  const half = names.filter((name) => name === 'bytes 503').length;

  expect(new Set(names)).toEqual(new Set(['bytes 503', 'bytes 200']));
  expect(Math.abs(half - count / 2)).toBeLessThan(5 * Math.sqrt(count / 4));
});

test('neighbouring requests meet their fate independently', () => {
  const count = 20_000;
  const hits = fates(count, { rate: 0.2 }).map(isFault);
  const pairs = hits.filter((hit, at) => hit && hits[at + 1]).length;

  expect(Math.abs(pairs / count - 0.04)).toBeLessThan(0.01);
});

test('a vendor with faults answers the others, with an answer of choice', async () => {
  const vendor = await createFakeVendor({
    script: faults({ seed: 1, rate: 0.5, kinds: ['status-503'], answer: () => reply.json('fine') }),
  });
  const statuses: number[] = [];
  for (let at = 0; at < 20; at += 1) {
    // oxlint-disable-next-line no-await-in-loop -- fate goes by the order of arrival
    const response = await fetch(`${vendor.baseURL}/chat/completions`, { method: 'POST' });
    statuses.push(response.status);
    // oxlint-disable-next-line no-await-in-loop
    await response.text();
  }
  await vendor.close();

  expect(new Set(statuses)).toEqual(new Set([200, 503]));
});

test.each([
  [{ rate: 1.5 }, 'The rate must be a number from 0 to 1.'],
  [{ rate: Number.NaN }, 'The rate must be a number from 0 to 1.'],
  [{ kinds: [] }, 'Name at least one kind of fault.'],
  [{ kinds: ['flood' as FaultKind] }, 'No fault "flood". Known: rate-limit, status-500,'],
])('%j is refused', (options, message) => {
  expect(() => faults(options)).toThrow(message);
});

function fates(count: number, options: Parameters<typeof faults>[0]): FakeReply[] {
  const decide = faults(options);
  return Array.from({ length: count }, (_, index) => {
    // Nothing else of the request decides.
    return decide({ index } as FakeVendorRequest, []) as FakeReply;
  });
}

function isFault(fate: FakeReply): boolean {
  return fate.type !== 'answer';
}

function nameOf(fate: FakeReply): string {
  return `${fate.type} ${fate.options.status ?? 200}`;
}
