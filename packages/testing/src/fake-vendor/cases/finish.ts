import { casesOf } from '../case.ts';
import { reply, type FakeReplyOptions } from '../reply.ts';
import { answerHello, hello, untilToolResult, weatherCall } from './steps.ts';

const twoWords = ['Hello', ' from'];

/** Finish reasons: such that cut an answer short, and such that no specification knows. */
export const finishCases = casesOf('finish', {
  'finish-length': cutText('Answers end after two words with finish reason length.', 'length'),
  'finish-length-cut-tool-call': {
    description:
      'Every answer is a tool call that breaks off in its input, with finish reason length.',
    script: [
      reply.toolCalls([{ ...weatherCall, input: '{"city":"Pa' }], { finishReason: 'length' }),
    ],
  },
  'finish-length-whole-tool-call': {
    description: 'Every answer is a whole tool call, with finish reason length.',
    script: [reply.toolCalls([weatherCall], { finishReason: 'length' })],
  },
  'content-filter': cutText(
    'Answers end after two words with finish reason content_filter.',
    'content_filter',
  ),
  'finish-eos': {
    description: 'Text ends with the unknown finish reason eos.',
    script: [reply.text(hello, { finishReason: 'eos' })],
    answer: hello,
  },
  'finish-empty': {
    description: 'Text ends with the finish reason "".',
    script: [reply.text(hello, { finishReason: '' })],
    answer: hello,
  },
  'finish-eos-tool-call': toolCall('A tool call ends with the unknown finish reason eos.', 'eos'),
  'finish-empty-tool-call': toolCall('A tool call ends with the finish reason "".', ''),
  'finish-stop-tool-call': toolCall('A tool call ends with the finish reason stop.', 'stop'),
  'finish-null-tool-call': toolCall(
    'A tool call ends with [DONE] and no finish reason; in a whole answer it is null.',
    null,
  ),
  // https://api-docs.deepseek.com/api/create-chat-completion, 2026-10.
  'finish-insufficient-system-resource': {
    description:
      'The first answer is empty, with finish reason insufficient_system_resource (DeepSeek); later ones are whole.',
    script: [reply.text([], { finishReason: 'insufficient_system_resource' }), answerHello],
    answer: hello,
  },
  'finish-insufficient-system-resource-mid-text': {
    description:
      'The first answer ends after two words with finish reason insufficient_system_resource (DeepSeek); later ones are whole.',
    script: [reply.text(twoWords, { finishReason: 'insufficient_system_resource' }), answerHello],
    answer: hello,
  },
  // Zhipu chat completion documentation, 2026.
  'finish-network-error': {
    description:
      'The first answer ends after two words with finish reason network_error (Zhipu); later ones are whole.',
    script: [reply.text(twoWords, { finishReason: 'network_error' }), answerHello],
    answer: hello,
  },
  'finish-sensitive': cutText(
    'Answers end after two words with finish reason sensitive (Zhipu).',
    'sensitive',
  ),
  'finish-model-length': cutText(
    'Answers end after two words with finish reason model_length (Mistral).',
    'model_length',
  ),
  'finish-repetition-truncation': cutText(
    'Answers end after two words with finish reason repetition_truncation.',
    'repetition_truncation',
  ),
  'finish-error': {
    description: 'The first answer is empty, with finish reason error; later ones are whole.',
    script: [reply.text([], { finishReason: 'error' }), answerHello],
    answer: hello,
  },
});

function cutText(description: string, finishReason: string) {
  return { description, script: [reply.text(twoWords, { finishReason })] };
}

function toolCall(
  description: string,
  finishReason: NonNullable<FakeReplyOptions['finishReason']> | null,
) {
  const script = [untilToolResult(reply.toolCalls([weatherCall], { finishReason }))];
  return { description: `${description} Its result is answered with text.`, script, answer: hello };
}
