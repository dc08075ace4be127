import { isRecord } from '../exchange/classify-failure.ts';
import type { VendorFailure } from '../exchange/classify-failure.ts';
import { failedFinish } from './fault.ts';
import type { Fault } from './fault.ts';

/** The finish reasons of the protocol. */
type FinishReason = 'stop' | 'length' | 'content_filter' | 'tool_calls' | 'function_call';

/** What a vendor's finish reason means. */
type FinishVerdict =
  /** Not always of the protocol: what nobody knows is handed on as it came. */
  | { reason: string; fault?: undefined }
  /** The vendor gave up. */
  | { reason?: undefined; fault: Fault };

/** The vendor's finish reason as text; `undefined` where there is none yet. Some name an empty one on every chunk. */
export function readFinishReason(value: unknown): string | undefined {
  const reason = isRecord(value) ? (value['type'] ?? value['reason']) : value;
  if (typeof reason === 'number') return reason === 0 ? undefined : String(reason);
  if (reason === true) return 'stop';
  if (typeof reason !== 'string' || NONE.test(reason)) return undefined;
  return reason;
}

/** Tells what a finish reason means, in whatever words the vendor puts it. */
export function judgeFinishReason(
  reason: string,
  hasWholeToolCalls: boolean,
  rules: VendorFailure['rules'],
): FinishVerdict {
  if (protocol.has(reason)) return { reason };
  const name = reason
    .toLowerCase()
    .replace(/[\s-]+/g, '_')
    .replace('finish_reason_', '');
  const known = meanings.get(name);
  if (known !== undefined && known !== 'stop') return { reason: known };
  const fault = failedFinish([reason, name], rules);
  if (fault) return { fault };
  // Calls that are whole are to be run, whatever the vendor calls the end of them.
  return { reason: hasWholeToolCalls ? 'tool_calls' : (known ?? reason) };
}

const NONE = /^(?:|null|none|unspecified|finish_reason_unspecified)$/i;

const protocol: ReadonlySet<string> = new Set<FinishReason>([
  'stop',
  'length',
  'content_filter',
  'tool_calls',
  'function_call',
]);

/**
 * Other words for the reasons of the protocol. Sources, 2026-11: Zhipu API reference; Anthropic "stop
 * reasons"; Gemini API `FinishReason`; Mistral API `finish_reason`; text-generation-inference `FinishReason`.
 */
const meanings = invert({
  stop: [
    'stop',
    'eos',
    'eos_token',
    'end',
    'end_turn',
    'stop_sequence',
    'completed',
    'complete',
    'finished',
    'done',
    'normal',
  ],
  length: [
    'length',
    'max_tokens',
    'max_length',
    'max_output_tokens',
    'model_length',
    'model_context_window_exceeded',
  ],
  tool_calls: ['tool_calls', 'tool_call', 'tool_use', 'function_calls', 'function_call'],
  content_filter: [
    'content_filter',
    'content_filtered',
    'sensitive',
    'safety',
    'image_safety',
    'recitation',
    'blocklist',
    'prohibited_content',
    'spii',
    'refusal',
  ],
});

/** From each word to what it means. */
function invert(
  words: Partial<Record<FinishReason, readonly string[]>>,
): ReadonlyMap<string, string> {
  const entries = Object.entries(words);
  return new Map(entries.flatMap(([meaning, names]) => names.map((name) => [name, meaning])));
}
