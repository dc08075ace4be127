import type { FakeReplyOptions } from '../reply.ts';
import type { WireChunk, WireMessage, WireToolCall } from '../wire-shape.ts';

/** Changes the usage wherever there is one: in a chunk of a stream, or in a whole answer. */
export function editUsage(
  edit: (usage: Readonly<Record<string, unknown>>) => unknown,
): FakeReplyOptions {
  return {
    usageWhen: 'always',
    editChunks: (chunks) =>
      chunks.map((chunk) => (chunk.usage ? { ...chunk, usage: edit(chunk.usage) } : chunk)),
    editCompletion: (completion) =>
      completion.usage ? { ...completion, usage: edit(completion.usage) } : completion,
  };
}

/** Changes every delta of a stream, and the message of a whole answer. */
export function editMessage(edit: (message: WireMessage) => WireMessage): FakeReplyOptions {
  return {
    editChunks: (chunks) => chunks.map((chunk) => editDelta(chunk, edit)),
    editCompletion: (completion) => ({
      ...completion,
      choices: completion.choices.map((choice) => ({ ...choice, message: edit(choice.message) })),
    }),
  };
}

/** Changes every tool call, in a stream every piece of one. */
export function editToolCalls(
  edit: (call: WireToolCall, index: number) => WireToolCall,
): FakeReplyOptions {
  return editMessage((message) =>
    message.tool_calls ? { ...message, tool_calls: message.tool_calls.map(edit) } : message,
  );
}

/** Changes the deltas of one chunk. The usage chunk has none. */
export function editDelta(chunk: WireChunk, edit: (delta: WireMessage) => WireMessage): WireChunk {
  return {
    ...chunk,
    choices: chunk.choices.map((choice) => ({ ...choice, delta: edit(choice.delta) })),
  };
}

/** Whether a chunk is the last one with a choice. */
export function isFinish(chunk: WireChunk): boolean {
  return chunk.choices.some((choice) => choice.finish_reason !== null);
}

/** Carries the usage on the finish chunk, as DeepSeek does (recorded 2026), so that no chunk follows it. */
export function usageOnFinish(chunks: readonly WireChunk[]): WireChunk[] {
  const usage = chunks.findLast((chunk) => chunk.usage)?.usage;
  return chunks
    .filter((chunk) => chunk.choices.length > 0)
    .map((chunk) => (isFinish(chunk) && usage ? { ...chunk, usage } : chunk));
}

/** Adds to a stream: `added` comes ahead of the event with this index, counted from the end when negative. */
export function insertEvents(at: number, ...added: readonly string[]): FakeReplyOptions {
  return { editEvents: (events) => events.toSpliced(at, 0, ...added) };
}
