import { providers as presets, readKeys, resolveRegion } from '@anyturn/core';
import type { ProviderPreset } from '@anyturn/core';
import { toTextTable } from '../text-table.ts';

interface KnownProvider {
  id: string;
  name: string;
  /** Variables that may hold the key; empty when none is used. */
  apiKeyEnv: readonly string[];
  needsApiKey: boolean;
  /** The variables that hold one now. Never the keys. */
  keysSet: string[];
  defaultModel: string | null;
  regions: string[];
  docs: string | null;
  keyPage: string | null;
}

/** Lists the providers, their variables and whether a key is set. Never shows a key. */
export function providers({ json = false }: { json?: boolean }): number {
  const known = Object.values(presets).map(describe);
  if (json) {
    process.stdout.write(`${JSON.stringify(known, null, 2)}\n`);
    return 0;
  }
  const rows = known.map((provider) => [
    provider.id,
    provider.name,
    keyText(provider),
    provider.defaultModel ?? '',
    provider.regions.join(', '),
    provider.docs ?? '',
  ]);
  const heading = ['provider', 'name', 'key', 'default model', 'regions', 'docs'];
  process.stdout.write(`${toTextTable([heading, ...rows])}\n`);
  process.stderr.write(
    '\nSet the variable in the environment or in .env. The first provider with a key is used unless a model is named:\n' +
      '--model provider/model-id, --model provider@region/model-id, or ANYTURN_MODEL.\n' +
      '--model demo is the offline demo: a set of rules, not an LLM; it needs no key and no network.\n',
  );
  return 0;
}

function describe(preset: ProviderPreset): KnownProvider {
  const { id, name, baseURL, needsApiKey = preset.apiKeyEnv.length > 0, docs, keyPage } = preset;
  const regions = typeof baseURL === 'string' ? [] : Object.keys(baseURL.regions);
  const home = resolveRegion(preset);
  const variables = [undefined, ...regions].flatMap(
    (region) => resolveRegion(preset, region).apiKeyEnv,
  );
  const apiKeyEnv = [...new Set(variables)];
  return {
    id,
    name,
    apiKeyEnv,
    needsApiKey,
    keysSet: apiKeyEnv.filter((variable) => readKeys(process.env, [variable]).length > 0),
    defaultModel: home.defaultModel ?? null,
    regions,
    docs: home.docs ?? docs ?? null,
    keyPage: home.keyPage ?? keyPage ?? null,
  };
}

function keyText({ apiKeyEnv, keysSet, needsApiKey }: KnownProvider): string {
  const missing = needsApiKey ? 'not set' : 'optional';
  return apiKeyEnv
    .map((variable) => `${variable} (${keysSet.includes(variable) ? 'set' : missing})`)
    .join(', ');
}
