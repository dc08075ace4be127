import { AnyturnError } from '../errors.ts';
import type { ProviderPreset } from '../provider.ts';
import { aistudioProxy } from './aistudio-proxy.ts';
import { custom } from './custom.ts';
import { deepseek } from './deepseek.ts';
import { doubao } from './doubao.ts';
import { hunyuan } from './hunyuan.ts';
import { llamacpp } from './llamacpp.ts';
import { lmstudio } from './lmstudio.ts';
import { moonshot } from './moonshot.ts';
import { ollama } from './ollama.ts';
import { openai } from './openai.ts';
import { openrouter } from './openrouter.ts';
import { qwen } from './qwen.ts';
import { siliconflow } from './siliconflow.ts';
import { vllm } from './vllm.ts';
import { zhipu } from './zhipu.ts';

export type ProviderId =
  | 'openai'
  | 'deepseek'
  | 'qwen'
  | 'doubao'
  | 'siliconflow'
  | 'hunyuan'
  | 'moonshot'
  | 'zhipu'
  | 'openrouter'
  | 'ollama'
  | 'lmstudio'
  | 'llamacpp'
  | 'vllm'
  | 'aistudio-proxy'
  | 'custom';

/** The presets that come with anyturn, by id: hosted ones first, then local servers, then `custom`. */
export const providers: Readonly<Record<ProviderId, ProviderPreset>> = Object.freeze({
  openai,
  deepseek,
  qwen,
  doubao,
  siliconflow,
  hunyuan,
  moonshot,
  zhipu,
  openrouter,
  ollama,
  lmstudio,
  llamacpp,
  vllm,
  'aistudio-proxy': aistudioProxy,
  custom,
});

/**
 * The preset of that id.
 *
 * @throws {AnyturnError} code `config` for an unknown id; the message suggests close ids and lists all.
 */
export function findProvider(id: string): ProviderPreset {
  if (Object.hasOwn(providers, id)) return providers[id as ProviderId];
  const name = id.slice(0, MAX_SHOWN);
  const close = closeIds(name.toLowerCase());
  const suggestion = close.length === 0 ? '' : ` Did you mean ${close.join(' or ')}?`;
  throw new AnyturnError({
    code: 'config',
    message:
      `Unknown provider "${name}".${suggestion} Known providers: ${Object.keys(providers).join(', ')}. ` +
      'Write "provider/model-id"; for any other server use "custom/model-id" with ANYTURN_BASE_URL.',
  });
}

const MAX_SHOWN = 64;

/** What people call a provider besides its id; only for suggestions. */
const otherNames: Readonly<Record<string, ProviderId>> = {
  alibaba: 'qwen',
  aliyun: 'qwen',
  dashscope: 'qwen',
  tongyi: 'qwen',
  ark: 'doubao',
  volcengine: 'doubao',
  bytedance: 'doubao',
  tencent: 'hunyuan',
  tokenhub: 'hunyuan',
  kimi: 'moonshot',
  moonshotai: 'moonshot',
  bigmodel: 'zhipu',
  zai: 'zhipu',
  glm: 'zhipu',
  gpt: 'openai',
  siliconcloud: 'siliconflow',
  aistudio: 'aistudio-proxy',
};

function closeIds(name: string): ProviderId[] {
  const known = [
    ...Object.keys(providers).map((id) => [id, id as ProviderId] as const),
    ...Object.entries(otherNames),
  ];
  const close = known.filter(([word]) => isClose(name, word)).map(([, id]) => id);
  return [...new Set(close)].slice(0, 3);
}

function isClose(name: string, word: string): boolean {
  if (name.length >= 3 && (word.startsWith(name) || name.startsWith(word))) return true;
  return editDistance(name, word) <= Math.floor(word.length / 3);
}

/** Letters to insert, delete or replace (Levenshtein), by rows. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      const replaced = row[j]! + (a[i] === b[j] ? 0 : 1);
      next.push(Math.min(replaced, row[j + 1]! + 1, next[j]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
