import { casesOf } from '../case.ts';
import { reply, type FakeReplyOptions } from '../reply.ts';
import type { WireMessage } from '../wire-shape.ts';
import { editMessage } from './edit.ts';
import { hello } from './steps.ts';

const thought = ['They', ' want', ' a', ' greeting.'];

/** Reasoning, in the fields and forms of several vendors. */
export const reasoningCases = casesOf('reasoning', {
  reasoning: reasons('Reasoning comes ahead of the text, in reasoning_content.', {}),
  'reasoning-field': reasons(
    'Reasoning is in the field reasoning.',
    moveReasoning((reasoning) => ({ reasoning })),
  ),
  'reasoning-empty-twin': reasons(
    'Reasoning is in the field reasoning, beside an empty reasoning_content.',
    moveReasoning((reasoning) => ({ reasoning_content: '', reasoning })),
  ),
  // OpenRouter, recorded 2026, and MiniMax.
  'reasoning-details': reasons(
    'Reasoning is in a list named reasoning_details, as OpenRouter sends it.',
    moveReasoning((reasoning) => ({
      reasoning_details: [{ type: 'reasoning.text', text: reasoning, index: 0 }],
    })),
  ),
  'think-tags': {
    description: 'Reasoning is in the text, between <think> and </think>.',
    script: [
      reply.text([
        '<think>',
        ...thought,
        '</think>',
        '\n\n',
        'Hello',
        ' from',
        ' the',
        ' fake',
        ' vendor.',
      ]),
    ],
    answer: hello,
  },
  'think-tags-split': {
    description: 'As think-tags, with the tags cut in the middle by chunks.',
    script: [
      reply.text([
        '<thi',
        'nk>',
        ...thought,
        '</',
        'think',
        '>\n\nHello',
        ' from',
        ' the',
        ' fake',
        ' vendor.',
      ]),
    ],
    answer: hello,
  },
  'reasoning-without-text': {
    description: 'Answers are reasoning alone: no text follows.',
    script: [reply.text([], { reasoning: thought })],
  },
});

function reasons(description: string, options: FakeReplyOptions) {
  return {
    description,
    script: [reply.text(hello, { ...options, reasoning: thought })],
    answer: hello,
  };
}

function moveReasoning(move: (reasoning: string) => WireMessage): FakeReplyOptions {
  return editMessage(({ reasoning_content: reasoning, ...message }) =>
    typeof reasoning === 'string' ? { ...message, ...move(reasoning) } : message,
  );
}
