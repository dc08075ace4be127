import { casesOf } from '../case.ts';
import { toSseEvent } from '../../completion-chunk.ts';
import { reply, type FakeReply, type FakeReplyOptions } from '../reply.ts';
import { editDelta, editMessage, insertEvents, isFinish, usageOnFinish } from './edit.ts';
import { answerHello, hello } from './steps.ts';

// Event 0 of an answer is the role, events 1 to 5 are its words, then the finish reason, usage if asked for, and [DONE].
const afterTwoWords = 3;
const multiByteText = `${hello} 你好，世界。 Grüße 🙂`;
const megabyte = 1024 * 1024;

const overloaded = {
  error: { message: 'The model is overloaded.', type: 'server_error', param: null, code: 503 },
};
const suspended = {
  error: {
    message: 'The account has been suspended.',
    type: 'invalid_request_error',
    param: null,
    code: 'account_deactivated',
  },
};

/** Streams that are not quite server-sent events, or that carry an error. A request without a stream is answered. */
export const streamCases = casesOf('stream', {
  'no-done': odd('Streams end without [DONE].', { done: false }),
  'no-finish-reason': {
    description: 'Streams carry the whole text and [DONE], but never a finish reason.',
    script: [reply.text(hello, { finishReason: null, usage: null })],
  },
  'no-final-blank-line': odd(
    'The last event, with the finish reason, lacks its line ends; no [DONE].',
    {
      done: false,
      editChunks: usageOnFinish,
      editEvents: (events) =>
        events.map((event, at) => (at === events.length - 1 ? event.trimEnd() : event)),
    },
  ),
  'empty-stream': {
    description: 'The first stream has no byte at all, later ones are whole.',
    script: [reply.sse([]), answerHello],
    answer: hello,
  },
  'only-done': {
    description: 'The first stream is nothing but [DONE], later ones are whole.',
    script: [reply.sse(['data: [DONE]\n\n']), answerHello],
    answer: hello,
  },
  'malformed-chunk': {
    description: 'The chunk of the third word is broken JSON, so that the text has a hole.',
    script: [
      reply.text(hello, {
        editEvents: (events) =>
          events.with(3, 'data: {"choices":[{"index":0,"delta":{"content":" the\n\n'),
      }),
    ],
  },
  'non-json-event': odd(
    'One event in the middle is not JSON; the text is whole without it.',
    insertEvents(afterTwoWords, 'data: ping\n\n'),
  ),
  'error-first-chunk': {
    description:
      'The first stream begins with an error, overloaded, and ends; later ones are whole.',
    script: [reply.sse([overloaded, 'data: [DONE]\n\n']), answerHello],
    answer: hello,
  },
  'error-mid-stream': {
    description:
      'The first stream breaks off after two words with an error, overloaded; later ones are whole.',
    script: [cutWith(toSseEvent(overloaded)), answerHello],
    answer: hello,
  },
  'error-mid-stream-final': {
    description:
      'Streams break off after two words with an error that no second try helps: a suspended account.',
    script: [cutWith(toSseEvent(suspended))],
  },
  'error-mid-stream-string': {
    description: 'As error-mid-stream, with {"error": "text"}.',
    script: [cutWith(toSseEvent({ error: 'The model is overloaded.' })), answerHello],
    answer: hello,
  },
  // Shapes of DashScope's native errors and of OpenRouter's errors after the first token, 2026.
  'error-mid-stream-native': {
    description: 'As error-mid-stream, with {code, message, request_id}.',
    script: [
      cutWith(
        toSseEvent({
          code: 'ServiceUnavailable',
          message: 'The model is overloaded.',
          request_id: '7f3e0a52-0000-9000-8000-000000000005',
        }),
      ),
      answerHello,
    ],
    answer: hello,
  },
  'error-mid-stream-choices': {
    description: 'As error-mid-stream, with an error beside choices, as OpenRouter sends it.',
    script: [
      cutWith(
        toSseEvent({
          error: { code: 502, message: 'Provider returned error' },
          choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
        }),
      ),
      answerHello,
    ],
    answer: hello,
  },
  'error-event': {
    description:
      'The first stream breaks off with `event: error` and a body of its own shape; later ones are whole.',
    script: [
      cutWith('event: error\ndata: {"status":"failed","reason":"The model is overloaded."}\n\n'),
      answerHello,
    ],
    answer: hello,
  },
  'split-bytes': {
    description:
      'Streams arrive byte by byte, also inside the Chinese characters and the emoji of the text.',
    script: [reply.text(multiByteText, { splitBytes: 1 })],
    answer: multiByteText,
  },
  'split-surrogates': {
    description: 'The two halves of an emoji are in different chunks, as \\u escapes.',
    script: [reply.text([hello, ' \ud83d', '\ude42'])],
    answer: `${hello} 🙂`,
  },
  'byte-order-mark': odd('Streams begin with a byte order mark.', {
    editEvents: ([first, ...rest]) => [`\ufeff${first}`, ...rest],
  }),
  crlf: odd('Lines end with carriage return and line feed.', replaceIn(/\n/gu, '\r\n')),
  'no-space-after-data': odd('There is no space after "data:".', replaceIn(/^data: /gu, 'data:')),
  'single-newlines': odd(
    'Events are one line each, with no blank line between them.',
    replaceIn(/\n\n/gu, '\n'),
  ),
  'done-with-space': odd(
    'The [DONE] of a stream has a space after it.',
    replaceIn(/\[DONE\]/gu, '[DONE] '),
  ),
  'empty-data-lines': odd(
    'Events without data come in between.',
    insertEvents(afterTwoWords, 'data:\n\n', 'data: \n\n'),
  ),
  'empty-objects': odd('Empty objects come in between and at the end, as signs of life.', {
    editEvents: (events) => events.flatMap((event) => ['data: {}\n\n', event]),
  }),
  'comments-and-fields': odd(
    'Comments and the fields event, id and retry come in between.',
    replaceIn(/^data: \{/gu, ': ping\nevent: message\nid: 7\nretry: 3000\ndata: {'),
  ),
  'invalid-utf-8': {
    description: 'The first word is followed by bytes that are not UTF-8.',
    script: [reply.text(hello, { editEvents: (events) => breakUtf8(events) })],
    answer: hello.replace('Hello', 'Hello\ufffd'),
  },
  'long-line': {
    description: 'The event of the second word is a line of 10 MB.',
    script: [
      reply.text(hello, {
        editChunks: (chunks) =>
          chunks.map((chunk, at) =>
            at === 2 ? { padding: 'x'.repeat(10 * megabyte), ...chunk } : chunk,
          ),
      }),
    ],
  },
  'endless-line': {
    description:
      'After two words a line begins that is never ended: 64 MB of it, then the stream ends.',
    script: [reply.text(hello, { editEvents: (events) => endlessLine(events) })],
  },
  'wrong-role': odd(
    'Deltas and messages have the role model.',
    editMessage((message) => ({ ...message, role: 'model' })),
  ),
  'role-everywhere': odd(
    'Every delta has the role assistant.',
    editMessage((message) => ({ role: 'assistant', ...message })),
  ),
  'content-parts': odd(
    'The content of every delta is a list of parts.',
    editMessage(({ content, ...rest }) => ({
      ...rest,
      ...(content ? { content: [{ type: 'text', text: content }] } : {}),
    })),
  ),
  'message-instead-of-delta': odd('Chunks have a message where the delta should be.', {
    editChunks: (chunks) =>
      chunks.map((chunk) => ({
        ...chunk,
        choices: chunk.choices.map(({ delta, ...choice }) => ({ ...choice, message: delta })),
      })),
  }),
  'interleaved-choices': odd(
    'A second choice, with words of its own, is sent between the chunks of the first.',
    {
      editChunks: (chunks) =>
        chunks.flatMap((chunk) => {
          const other = editDelta(chunk, (delta) =>
            delta.content ? { content: ' Other' } : delta,
          );
          const choices = other.choices.map((choice) => ({ ...choice, index: 1 }));
          return choices.length === 0 ? [chunk] : [chunk, { ...other, choices }];
        }),
    },
  ),
  'finish-reason-empty-until-end': odd('Every chunk but the last has the finish reason "".', {
    editChunks: (chunks) =>
      chunks.map((chunk) =>
        isFinish(chunk)
          ? chunk
          : {
              ...chunk,
              choices: chunk.choices.map((choice) => ({ ...choice, finish_reason: '' })),
            },
      ),
  }),
  'created-string': odd('The field created is a string.', {
    editChunks: (chunks) => chunks.map((chunk) => ({ ...chunk, created: '2026-11-01T00:00:00Z' })),
    editCompletion: (completion) => ({ ...completion, created: '2026-11-01T00:00:00Z' }),
  }),
});

/** An answer in an odd form that says the same. */
function odd(description: string, options: FakeReplyOptions) {
  return { description, script: [reply.text(hello, options)], answer: hello };
}

/** A stream whose third word is replaced by an event, which is its last. */
function cutWith(event: string): FakeReply {
  return reply.text(hello, { editEvents: (events) => [...events.slice(0, afterTwoWords), event] });
}

function replaceIn(pattern: RegExp, replacement: string): FakeReplyOptions {
  return { editEvents: (events) => events.map((event) => event.replace(pattern, replacement)) };
}

function breakUtf8(events: readonly string[]): (string | Uint8Array)[] {
  return events.map((event) => {
    const [before, after] = event.split('"Hello');
    if (after === undefined) return event;
    const bytes = [`${before}"Hello`, Uint8Array.of(0xff), after].map((part) => Buffer.from(part));
    return Buffer.concat(bytes);
  });
}

function* endlessLine(events: readonly string[]): Generator<string> {
  yield* events.slice(0, afterTwoWords);
  yield 'data: {"choices":[{"index":0,"delta":{"content":" ';
  const piece = 'x'.repeat(megabyte / 16);
  for (let sent = 0; sent < 64 * megabyte; sent += piece.length) yield piece;
}
