import type { FakeVendorRequest } from '../recorded-request.ts';
import { reply, type FakeReply } from '../reply.ts';
import type { FakeVendorResponder } from '../script.ts';

/** The text of every answer, whatever happens before it. Its five words are five deltas, after one for the role. */
export const hello = 'Hello from the fake vendor.';

export const answerHello = reply.text(hello);

/** The tool call of every case that has one. */
export const weatherCall = { name: 'weather', input: { city: 'Paris' } };

/** Asks for tools, and answers in text as soon as their results are there. */
export function untilToolResult(
  calls: FakeReply,
  answer: FakeReply = answerHello,
): FakeVendorResponder {
  return ({ body }) => (hasToolResult(body) ? answer : calls);
}

export const weatherThenHello = untilToolResult(reply.toolCalls([weatherCall]));

/** Whether a tool result follows the last message of the user. */
function hasToolResult(body: FakeVendorRequest['body']): boolean {
  const { messages } = Object(body) as { messages?: unknown };
  const roles = Array.isArray(messages)
    ? messages.map((message) => (Object(message) as { role?: unknown }).role)
    : [];
  return roles
    .slice(roles.lastIndexOf('user') + 1)
    .some((role) => role === 'tool' || role === 'function');
}
