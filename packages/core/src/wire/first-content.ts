import { isErrorBody, isRecord } from '../exchange/classify-failure.ts';

/** What the beginning of a stream turned out to be. */
export type FirstSight =
  /** Nothing yet but comments, empty chunks or a role. */
  | 'nothing'
  /** Text, reasoning, a tool call, a refusal, or a finish reason: from here on it counts. */
  | 'content'
  | { error: unknown };

/**
 * Reads SSE text piece by piece until the first content or error, so that what fails before it can be tried again unseen.
 * Parses only what comes before the first content: a handful of lines.
 */
export class FirstContentReader {
  #rest = '';

  /** Takes the next piece of the stream; pieces may be split anywhere. */
  read(text: string): FirstSight {
    if (!/[\r\n]/.test(text)) {
      this.#rest += text;
      return 'nothing';
    }
    const lines = (this.#rest + text).split(/\r\n|\r|\n/);
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const sight = lookAt(line);
      if (sight !== 'nothing') return sight;
    }
    return 'nothing';
  }

  /** The stream ended: looks at a last line that no line end followed. */
  end(): FirstSight {
    return lookAt(this.#rest);
  }

  /** Characters held back for an unfinished line. */
  get pending(): number {
    return this.#rest.length;
  }
}

function lookAt(line: string): FirstSight {
  if (!line.startsWith('data:')) return 'nothing';
  const chunk = parseJson(line.slice('data:'.length));
  if (isErrorBody(chunk)) return { error: chunk };
  if (!isRecord(chunk) || !Array.isArray(chunk['choices'])) return 'nothing';
  return chunk['choices'].some(hasContent) ? 'content' : 'nothing';
}

function hasContent(choice: unknown): boolean {
  if (!isRecord(choice)) return false;
  if (choice['finish_reason'] != null && choice['finish_reason'] !== '') return true;
  const delta = choice['delta'] ?? choice['message'];
  if (!isRecord(delta)) return false;
  return contentFields.some((field) => {
    const value = delta[field];
    return (typeof value === 'string' || Array.isArray(value)) && value.length > 0;
  });
}

const contentFields = ['content', 'reasoning_content', 'reasoning', 'tool_calls', 'refusal'];

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
