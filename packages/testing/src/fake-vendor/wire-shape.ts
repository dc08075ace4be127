/** The parts of the chat completions protocol that edits of a reply look at. Anything else may be there too. */

export interface WireToolCall {
  index?: number;
  id?: string;
  function?: { name?: string | null; arguments?: unknown };
  [field: string]: unknown;
}

/** A delta of a stream, or the message of a whole answer. */
export interface WireMessage {
  role?: string;
  content?: unknown;
  tool_calls?: readonly WireToolCall[];
  [field: string]: unknown;
}

interface WireEnvelope {
  usage?: Readonly<Record<string, unknown>> | null;
  [field: string]: unknown;
}

export interface WireChunk extends WireEnvelope {
  choices: readonly {
    index: number;
    delta: WireMessage;
    finish_reason: string | null;
    [field: string]: unknown;
  }[];
}

export interface WireCompletion extends WireEnvelope {
  choices: readonly {
    index: number;
    message: WireMessage;
    finish_reason: string | null;
    [field: string]: unknown;
  }[];
}
