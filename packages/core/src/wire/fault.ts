import { AnyturnError } from '../errors.ts';
import type { ErrorCode, ErrorFacts } from '../errors.ts';
import { classifyFailure, classifyFinishReason } from '../exchange/classify-failure.ts';
import type { VendorFailure } from '../exchange/classify-failure.ts';
import { repairs } from './repair.ts';
import type { RepairCode } from './repair.ts';

/** Why an answer cannot be read on. Thrown inside the wire; whoever knows the facts turns it into the error. */
export class Fault extends Error {
  readonly toAnyturnError: (facts: ErrorFacts) => AnyturnError;

  constructor(toAnyturnError: (facts: ErrorFacts) => AnyturnError) {
    super('An answer cannot be read on.');
    this.toAnyturnError = toAnyturnError;
  }
}

/** A fault of our own finding. `message` goes on after the provider's name. */
function fault(code: ErrorCode, message: string, retryable?: boolean): Fault {
  return new Fault(
    (facts) =>
      new AnyturnError({
        code,
        message: `${facts.provider}: ${message}`,
        ...(retryable !== undefined && { retryable }),
        ...facts,
      }),
  );
}

/** What the vendor itself calls an error. */
export function vendorFault(failure: VendorFailure): Fault {
  return new Fault((facts) => classifyFailure(failure, facts));
}

/** Something came that may have held a part of the answer. */
export function unreadable(): Fault {
  return fault(
    'bad_response',
    'sent a part of the answer that cannot be read, so the rest of it would have a hole. Ask again, or use another model.',
  );
}

/** The stream ended too early. */
export function interrupted(hasContent: boolean): Fault {
  return fault(
    'stream_interrupted',
    hasContent
      ? 'the stream ended without a finish reason; the answer may be incomplete. Ask again for the whole of it.'
      : 'the stream ended before any content. Try again, or use another model.',
  );
}

/** For callers that would rather have no answer than a repaired one. */
export function unwantedRepair(code: RepairCode): Fault {
  return fault(
    'bad_response',
    `the answer needs the repair "${code}" and repairs are off. ${repairs[code]} Leave out \`strict\` to have it repaired.`,
    false,
  );
}

/** A finish reason that says that the vendor gave up; `undefined` for any other. `names` are its spellings. */
export function failedFinish(
  names: readonly string[],
  rules: VendorFailure['rules'],
): Fault | undefined {
  const failed = names.find((name) => classifyFinishReason(name, rules, { provider: '' }));
  if (failed !== undefined) {
    // It is one for any facts.
    return new Fault((facts) => classifyFinishReason(failed, rules, facts) as AnyturnError);
  }
  const gaveUp = names.find((name) => gaveUpReasons.has(name));
  return gaveUp === undefined
    ? undefined
    : fault(
        'upstream_error',
        `the answer ended with the reason "${gaveUp}". Ask again, or use another model.`,
      );
}

/** vLLM and SGLang `finish_reason`; Gemini API `FinishReason`, 2026-11. */
const gaveUpReasons: ReadonlySet<string> = new Set([
  'abort',
  'malformed_function_call',
  'unexpected_tool_call',
]);

/** The output limit was reached with tool calls: none of them is run, and without results they have no place in a history. */
export function cutToolCall(): Fault {
  return fault(
    'output_limit',
    'reached its output limit while calling tools, so that none of them was run. Raise `maxOutputTokens`, or ask for less at once.',
  );
}

/** An answer that is whole and says nothing. */
export function noAnswer(): Fault {
  return fault(
    'bad_response',
    'sent a response without an answer. Ask again, or use another model.',
  );
}

export function namelessToolCall(): Fault {
  return fault('bad_response', 'sent a tool call without a name. Ask again, or use another model.');
}

export function lineTooLong(): Fault {
  return fault(
    'bad_response',
    'sent a line of over 1 MB. Check the base URL, or use another model.',
    false,
  );
}

export function preambleTooLong(): Fault {
  return fault('bad_response', 'sent over 8 MB without any content. Check the base URL.', false);
}

export function answerTooLong(): Fault {
  return fault(
    'bad_response',
    'sent an answer of over 64 MB. Set `maxOutputTokens`, or use another model.',
    false,
  );
}
