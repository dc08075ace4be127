import { findProvider, printModelRef, providers, resolveRegion } from '@anyturn/core';
import type { ModelFacts, Price, ProviderPreset } from '@anyturn/core';
import { toTextTable } from '../text-table.ts';

/** A model that a preset knows facts about. Models that are not listed work too. */
interface KnownModel {
  ref: string;
  isDefault: boolean;
  contextTokens: number | null;
  maxOutputTokens: number | null;
  price: Price | null;
}

/** Lists the models we know, with context, price and the day the price was read. */
export function models({ provider, json = false }: { provider?: string; json?: boolean }): number {
  const presets = provider === undefined ? Object.values(providers) : [findProvider(provider)];
  const known = presets.flatMap(knownModels);
  if (json) {
    process.stdout.write(`${JSON.stringify(known, null, 2)}\n`);
    return 0;
  }
  const rows = known.map(({ ref, isDefault, contextTokens, price }) => [
    isDefault ? `${ref} *` : ref,
    contextTokens === null ? '' : contextTokens.toLocaleString('en-US'),
    ...priceCells(price),
    price?.asOf ?? '',
  ]);
  const heading = ['model', 'context', 'input', 'cached', 'output', 'price as of'];
  process.stdout.write(`${toTextTable([heading, ...rows])}\n`);
  process.stderr.write(
    '\n* the default of its provider. Prices per million tokens; a range depends on prompt length, thinking or hour (--json has all).\n' +
      'Any other model of these providers works as well; its price is then unknown.\n' +
      '--model demo is the offline demo: a set of rules, not an LLM; no key, no network, no cost.\n',
  );
  return 0;
}

function knownModels(preset: ProviderPreset): KnownModel[] {
  const { id, baseURL } = preset;
  const regions = typeof baseURL === 'string' ? [] : Object.keys(baseURL.regions);
  const defaultRegion = typeof baseURL === 'string' ? undefined : baseURL.default;
  return [undefined, ...regions.filter((name) => name !== defaultRegion)].flatMap((region) => {
    const { defaultModel, models: facts = {} } = resolveRegion(preset, region);
    const toRef = (modelId: string) =>
      printModelRef({ provider: id, ...(region && { region }), modelId });
    const names = new Set([
      ...(defaultModel === undefined ? [] : [defaultModel]),
      ...Object.keys(facts),
    ]);
    return [...names].map((name) => toKnownModel(toRef(name), name === defaultModel, facts[name]));
  });
}

function toKnownModel(ref: string, isDefault: boolean, facts: ModelFacts = {}): KnownModel {
  const { contextTokens = null, maxOutputTokens = null, price = null } = facts;
  return { ref, isDefault, contextTokens, maxOutputTokens, price };
}

/** Input, cached input and output; the lowest and the highest when there are several tiers. */
function priceCells(price: Price | null): [string, string, string] {
  if (price === null) return ['unknown', '', ''];
  const { currency, tiers } = price;
  return [
    `${currency} ${range(tiers.map(({ input }) => input))}`,
    range(tiers.map(({ input, cachedInput = input }) => cachedInput)),
    range(tiers.map(({ output }) => output)),
  ];
}

function range(prices: readonly string[]): string {
  const sorted = [...new Set(prices)].toSorted((a, b) => Number(a) - Number(b));
  const [lowest = '', highest = lowest] = [sorted[0], sorted.at(-1)];
  return lowest === highest ? lowest : `${lowest} to ${highest}`;
}
