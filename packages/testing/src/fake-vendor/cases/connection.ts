import { casesOf } from '../case.ts';
import { reply } from '../reply.ts';
import { answerHello, hello, weatherCall, weatherThenHello } from './steps.ts';

// Piece 0 of an answer is the role, so two words are there after three pieces. A tool call takes one piece for its name
// and then one for every five characters of its input: after four pieces it is in the middle of it.
const afterTwoWords = 3;
const insideInput = 4;
const smallPieces = { inputPieceLength: 5 };

/** Connections that break, and such that stay open in silence. */
export const connectionCases = casesOf('connection', {
  'reset-before-headers': {
    description:
      'The first request has its connection reset before an answer, later ones are answered.',
    script: [reply.resetSocket(), answerHello],
    answer: hello,
  },
  'close-before-headers': {
    description:
      'The first request has its connection closed before an answer, later ones are answered.',
    script: [reply.closeSocket(), answerHello],
    answer: hello,
  },
  'reset-after-headers': {
    description: 'The first answer is reset right after its headers, later ones are whole.',
    script: [reply.text(hello, { resetAfter: 0 }), answerHello],
    answer: hello,
  },
  'close-after-headers': {
    description:
      'The first answer is closed right after its headers, unfinished, later ones are whole.',
    script: [reply.text(hello, { closeAfter: 0 }), answerHello],
    answer: hello,
  },
  'reset-mid-text': {
    description: 'The first stream is reset after two words, later ones are whole.',
    script: [reply.text(hello, { resetAfter: afterTwoWords }), answerHello],
    answer: hello,
  },
  'close-mid-text': {
    description: 'The first stream is closed after two words, unfinished, later ones are whole.',
    script: [reply.text(hello, { closeAfter: afterTwoWords }), answerHello],
    answer: hello,
  },
  'end-mid-text': {
    description:
      'The first stream ends in order after two words, without a finish reason; later ones are whole.',
    script: [reply.text(hello, { endAfter: afterTwoWords }), answerHello],
    answer: hello,
  },
  'cut-mid-stream': {
    description: 'Streams lose their connection after two words.',
    script: [reply.text(hello, { resetAfter: afterTwoWords })],
  },
  'cut-then-continues': {
    description:
      'The first stream is reset after two words; a request that ends with those words as a prefix gets the rest.',
    script: [
      reply.text(hello, { resetAfter: afterTwoWords }),
      reply.text(hello, { continuation: 'rest' }),
    ],
    answer: hello,
  },
  'cut-then-echoes': {
    description:
      'The first stream is reset after two words; a request that ends with those words as a prefix gets them again, and the rest.',
    script: [
      reply.text(hello, { resetAfter: afterTwoWords }),
      reply.text(hello, { continuation: 'echo' }),
    ],
    answer: hello,
  },
  'reset-mid-tool-call': {
    description:
      'The first stream is reset in the middle of the input of a tool call; later ones are whole.',
    script: [
      reply.toolCalls([weatherCall], { ...smallPieces, resetAfter: insideInput }),
      weatherThenHello,
    ],
    answer: hello,
  },
  'end-mid-tool-call': {
    description:
      'The first stream ends in order in the middle of the input of a tool call; later ones are whole.',
    script: [
      reply.toolCalls([weatherCall], { ...smallPieces, endAfter: insideInput }),
      weatherThenHello,
    ],
    answer: hello,
  },
  'end-after-tool-call': {
    description:
      'The first stream ends after a whole tool call, without a finish reason; later ones are whole.',
    script: [
      reply.toolCalls([weatherCall], { finishReason: null, usage: null, done: false }),
      weatherThenHello,
    ],
    answer: hello,
  },
  'stall-before-headers': {
    description: 'Requests are taken and never answered.',
    script: [reply.neverRespond()],
  },
  'stall-after-headers': {
    description: 'Answers stop after their headers; the socket stays open.',
    script: [reply.text(hello, { stallAfter: 0 })],
  },
  'stall-mid-stream': {
    description: 'Streams stop after two words; the socket stays open.',
    script: [reply.text(hello, { stallAfter: afterTwoWords })],
  },
  'stall-mid-tool-call': {
    description: 'Streams stop in the middle of the input of a tool call; the socket stays open.',
    script: [reply.toolCalls([weatherCall], { ...smallPieces, stallAfter: insideInput })],
  },
  'stall-before-headers-once': {
    description: 'The first request is never answered, later ones are.',
    script: [reply.neverRespond(), answerHello],
    answer: hello,
  },
  'stall-after-headers-once': {
    description: 'The first answer stops after its headers, later ones are whole.',
    script: [reply.text(hello, { stallAfter: 0 }), answerHello],
    answer: hello,
  },
  'stall-mid-stream-once': {
    description: 'The first stream stops after two words, later ones are whole.',
    script: [reply.text(hello, { stallAfter: afterTwoWords }), answerHello],
    answer: hello,
  },
  'keep-alive-forever': {
    description:
      'After the headers nothing comes but a comment every second (keepAliveMs sets it), for ever.',
    script: [reply.text(hello, { stallAfter: 0, keepAliveMs: 1_000 })],
  },
  'keep-alive-mid-stream': {
    description:
      'After two words nothing comes but a comment every second (keepAliveMs sets it), for ever.',
    script: [reply.text(hello, { stallAfter: afterTwoWords, keepAliveMs: 1_000 })],
  },
  'keep-alive-then-answer': {
    description: 'Streams begin with ten comments, then the answer comes.',
    script: [reply.text(hello, { comments: 10 })],
    answer: hello,
  },
  'done-but-open': {
    description: 'Streams are complete up to [DONE], and the socket stays open.',
    script: [reply.text(hello, { keepOpen: true })],
    answer: hello,
  },
  'finish-but-open': {
    description: 'Streams have their finish reason, no [DONE], and the socket stays open.',
    script: [reply.text(hello, { keepOpen: true, done: false })],
    answer: hello,
  },
});
