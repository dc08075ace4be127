import { isRecord } from '../exchange/classify-failure.ts';
import type { JsonObject } from './json.ts';
import type { NoteRepair } from './repair.ts';
import { repairField, toNumber } from './repair-field.ts';

/**
 * Puts the usage of a chunk or a completion where the SDK looks for it, and its counts into the fields that the SDK reads. Fields
 * that it does not know stay as they are.
 */
export function repairUsage(answer: JsonObject, choice: unknown, note: NoteRepair): void {
  if (answer['usage'] != null && !holdsCounts(answer['usage'])) {
    delete answer['usage'];
    note('usage_as_text');
  }
  if (answer['usage'] == null) {
    const usage = findElsewhere(answer, choice);
    if (!usage) return;
    answer['usage'] = usage;
    note('usage_elsewhere');
  }
  const usage = answer['usage'] as JsonObject;
  if (hasTextCounts(usage)) note('usage_as_text');
  rename(usage, note);
  countReasoning(usage, note);
  if (isTokenCount(usage['prompt_tokens']) || isTokenCount(usage['completion_tokens'])) return;
  delete answer['usage'];
  note('usage_as_text');
}

/** An empty usage would count as nothing used, and take the place of a real one. */
function holdsCounts(usage: unknown): usage is JsonObject {
  return isRecord(usage) && Object.keys(usage).length > 0;
}

/** Moonshot puts it into the choice, Groq also under a name of its own (recorded streams; API reference of Moonshot, 2026-11). */
function findElsewhere({ x_groq: groq }: JsonObject, choice: unknown): JsonObject | undefined {
  return [choice, groq].map((holder) => isRecord(holder) && holder['usage']).find(holdsCounts);
}

/** Makes counts of what the SDK reads as such, or drops it; true when any was none. */
function hasTextCounts(usage: JsonObject): boolean {
  const wrong = counts.map((name) => repairField(usage, name, isTokenCount, toNumber));
  for (const [field, names] of Object.entries(details)) {
    wrong.push(repairField(usage, field, isRecord, () => undefined));
    const held = usage[field];
    if (!isRecord(held)) continue;
    wrong.push(...names.map((name) => repairField(held, name, isTokenCount, toNumber)));
  }
  return wrong.includes(true);
}

function rename(usage: JsonObject, note: NoteRepair): void {
  for (const [field, inner, others] of otherNames) {
    const held = usage[field];
    const known = inner ? isRecord(held) && held[inner] : held;
    const other = others.map((name) => toNumber(usage[name]) ?? usage[name]).find(isCount);
    if (typeof known === 'number' || other === undefined) continue;
    usage[field] = inner ? { ...(isRecord(held) && held), [inner]: other } : other;
    note('usage_names');
  }
}

/** xAI reports the answer without its reasoning; the total tells (recorded streams). */
function countReasoning(usage: JsonObject, note: NoteRepair): void {
  const { prompt_tokens: prompt, completion_tokens: completion, total_tokens: total } = usage;
  const held = usage['completion_tokens_details'];
  const reasoning = isRecord(held) ? held['reasoning_tokens'] : undefined;
  if (!isCount(prompt) || !isCount(reasoning) || typeof completion !== 'number') return;
  if (total !== prompt + completion + reasoning) return;
  usage['completion_tokens'] = completion + reasoning;
  note('correction');
}

/** A negative count would give money back. */
function isTokenCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** A zero says no more than a missing count. */
function isCount(value: unknown): value is number {
  return typeof value === 'number' && value > 0;
}

const counts = ['prompt_tokens', 'completion_tokens', 'total_tokens'];

const details = {
  prompt_tokens_details: ['cached_tokens'],
  completion_tokens_details: [
    'reasoning_tokens',
    'accepted_prediction_tokens',
    'rejected_prediction_tokens',
  ],
};

/**
 * Where the SDK reads a count, and the names that stand for it where it is missing. DeepSeek, Moonshot and Mistral count cached
 * tokens beside the details (recorded streams; API references, 2026-11).
 */
const otherNames: readonly [field: string, inner: string | undefined, others: readonly string[]][] =
  [
    ['prompt_tokens', undefined, ['input_tokens']],
    ['completion_tokens', undefined, ['output_tokens']],
    [
      'prompt_tokens_details',
      'cached_tokens',
      ['prompt_cache_hit_tokens', 'cached_tokens', 'num_cached_tokens'],
    ],
  ];
