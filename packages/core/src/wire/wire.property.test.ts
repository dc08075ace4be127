import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Wire } from './wire.ts';

const isFull = process.env['ANYTURN_TEST_FULL'] === '1';
const MUTATIONS = isFull ? 20_000 : 2_000;
const END = 'data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
const SPLITS = isFull ? 100 : 10;

/** Streams recorded from real vendors; not part of the repository. Those made by hand are read in any case. */
const folder = new URL('../../../../../shared/fixtures/streams/', import.meta.url);
const plainStreams = [...recordings(), ...handMade()];
const streams = [...plainStreams, ...handMadeForUs()];

describe('a stream', () => {
  test.each(streams)('says the same however its bytes are split: %s', (_, sse) => {
    const bytes = encode(sse);
    const whole = read([bytes]);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), (cuts) => {
        expect(read(split(bytes, cuts))).toEqual(whole);
      }),
      { numRuns: SPLITS },
    );
  });

  test('says the same byte by byte', () => {
    const small = streams.filter(([, sse]) => sse.length < 10_000).map(([, sse]) => encode(sse));
    const byteByByte = small.map((bytes) => read(Array.from(bytes, (byte) => Uint8Array.of(byte))));
    expect(byteByByte).toEqual(small.map((bytes) => read([bytes])));
  });

  test.each(plainStreams)('says what a plain reader reads: %s', (_, sse) => {
    const { text, reasoning, inputs } = read([encode(sse)]);
    const said = readPlainly(sse);
    expect({ text, reasoning, inputs }).toEqual({
      text: said.text,
      reasoning: said.reasoning,
      inputs: said.inputs,
    });
  });

  test('of hostile lines says what its JSON says, joined or not', () => {
    fc.assert(
      fc.property(fc.array(hostileLine, { minLength: 1, maxLength: 12 }), cuts, (lines, at) => {
        const sse = lines.map((line) => `data: ${line}\n\n`).join('') + END;
        const { content, reasoning, usage } = readFields(sse);
        const bytes = encode(sse);
        const reads = split(
          bytes,
          at.map((cut) => Math.floor(cut * bytes.length)),
        );
        for (const merge of [true, false]) {
          expect(read(reads, merge)).toMatchObject({ text: content, reasoning, usage });
        }
      }),
      { numRuns: MUTATIONS },
    );
  });

  test(
    'that is damaged gives what a plain reader reads, or fails after the beginning of it',
    { timeout: isFull ? 600_000 : 30_000 },
    () => {
      const bodies = plainStreams.map(([, sse]) => encode(sse)).filter(isShort);
      fc.assert(
        fc.property(fc.nat(bodies.length - 1), damages, cuts, (index, all, at) => {
          const bytes = all.reduce(damage, bodies[index] ?? new Uint8Array());
          const { text, failure } = read(
            split(
              bytes,
              at.map((cut) => Math.floor(cut * bytes.length)),
            ),
          );
          const said = readPlainly(new TextDecoder().decode(bytes));
          if (failure === undefined) {
            expect({ text, isWhole: true }).toEqual({ text: said.text, isWhole: said.isWhole });
          } else {
            expect([said.text, said.content].map((each) => each.slice(0, text.length))).toContain(
              text,
            );
          }
        }),
        { numRuns: MUTATIONS },
      );
    },
  );
});

/** Quadratic work would not end in the time that a test has. */
describe('a megabyte', () => {
  const MB = 1_000_000;
  const repeat = (piece: string, size = MB) => piece.repeat(Math.ceil(size / piece.length));
  const event = (delta: object) => `data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`;

  test.each<[of: string, sse: string, code?: string]>([
    ['one line', event({ content: repeat('x', MB) }) + END],
    ['backslashes', event({ content: repeat('\\', MB / 2) }) + END],
    ['quotes', event({ content: repeat('"', MB / 2) }) + END],
    [
      'raw control characters',
      `data: {"choices":[{"delta":{"content":"${repeat('\t')}"}}]}\n\n${END}`,
    ],
    ['a line that does not end', repeat('x'), 'stream_interrupted'],
    ['unfinished data lines', repeat('data: {"a":[\n'), 'stream_interrupted'],
    ['empty lines', repeat('\n') + event({ content: 'x' }) + END],
    ['returns', repeat('\r') + event({ content: 'x' }) + END],
    ['comments', repeat(': x\n') + event({ content: 'x' }) + END],
    ['beginnings of a tag', repeat(event({ content: '<tool_cal' })) + END],
    [
      'a thought without an end',
      event({ content: '<think>' }) + repeat(event({ content: '</th' })) + END,
    ],
    [
      'a call without an end',
      event({ content: '<tool_call>' }) + repeat(event({ content: '{</tool_cal' })) + END,
    ],
    [
      'calls that are none',
      event({ content: repeat('<tool_call></tool_call>', MB - 1_000) }) + END,
    ],
    ['openings', event({ content: repeat('<tool_call>', MB - 1_000) }) + END],
    ['openings that may be calls', event({ content: repeat('<tool_call>[', MB - 1_000) }) + END],
    ['blank text', repeat(event({ content: '\n' })) + END],
    [
      'tool input by the letter',
      event({ tool_calls: [{ index: 0, function: { name: 'f', arguments: '[' } }] }) +
        repeat(event({ tool_calls: [{ index: 0, function: { name: 'f', arguments: '[' } }] })) +
        END,
    ],
    [
      'tool calls',
      Array.from({ length: 8_000 }, (_, index) =>
        event({
          tool_calls: [{ index, id: `${index}`, function: { name: 'f', arguments: '{}' } }],
        }),
      ).join('') + END,
    ],
    [
      'odd reasons',
      repeat(
        'data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":" {}"}}]},"finish_reason":"odd"}]}\n\n',
      ) + END,
    ],
    [
      'lines that all differ',
      Array.from(
        { length: 10_000 },
        (_, at) => `data: {"n":${at},"choices":[{"delta":{"content":"x"}}]}\n\n`,
      ).join('') + END,
    ],
    [
      'depth',
      `data: {"choices":[{"delta":{"content":"x","deep":${'['.repeat(MB / 2 - 100)}${']'.repeat(MB / 2 - 100)}}}]}\n\n${END}`,
    ],
    [
      'fields',
      `data: {"choices":[{"delta":{"content":"x","role":"model",${Array.from({ length: 60_000 }, (_, at) => `"f${at}":""`).join(',')}}}]}\n\n${END}`,
    ],
  ])('of %s takes linear time', (_, sse, code) => {
    const bytes = encode(sse);
    const pieces = split(
      bytes,
      Array.from({ length: Math.floor(bytes.length / 64) }, (__, at) => at * 64),
    );
    expect([read(pieces).failure, read([bytes]).failure]).toEqual([code, code]);
  });
});

/** The same text in lines that have one name twice, in other places, or padding: it must be found where the JSON says that it is. */
const hostileText = fc
  .array(
    fc.constantFrom(
      '"',
      '\\',
      '\n\n',
      'data: [DONE]',
      '","content":"x',
      '"}',
      '\u2028',
      '\0',
      '\ud83d',
      '\ude00',

      'a',
      '你好',
      '</think>',
      '","finish_reason":"stop"',
      '\ufeff',
      '__proto__',
      ' ',
      '<',
      '\\u0041',
    ),
    { maxLength: 4 },
  )
  .map((pieces) => pieces.join(''));

const hostileLine = fc
  .tuple(
    hostileText.map((text) => JSON.stringify(text)),
    fc.nat(8),
    fc.constantFrom<((text: string, size: number) => string)[]>(
      (text) => `{"choices":[{"index":0,"delta":{"content":${text}},"finish_reason":null}]}`,
      (text) => `{"choices":[{"delta":{"content":"no","content":${text}}}]}`,
      (text) => `{"choices":[{"delta":{"content":${text},"content":"yes"}}]}`,
      (text) => `{"choices":[{"delta":{"meta":{"content":${text}},"content":"yes"}}]}`,
      (text) => `{"content":${text},"choices":[{"delta":{"content":"yes"}}]}`,
      (text) =>
        `{"choices":[{"delta":{"content":${text}},"logprobs":{"content":[{"token":${text}}]}}]}`,
      (text) => `{"x":"\\"content\\":\\"","choices":[{"delta":{"content":${text}}}]}`,
      (text) => `{"choices":[{"delta":{"content":"","reasoning_content":${text}}}]}`,
      (text) => `{"choices":[{"delta":{"content":${text},"reasoning_content":""}}]}`,
      (text, size) => `{"p":"${'k'.repeat(size)}","choices":[{"delta":{"content":${text}}}]}`,
      (text, size) => `{"choices":[{"delta":{"content":${text}}}],"p":"${'k'.repeat(size)}"}`,
      (text, size) => `{"choices":[{"delta":{"content":${text}}}],"p":"k","n":${size}}`,
      (text, size) =>
        `{"choices":[{"delta":{"content":${text}}}],"p":"k","usage":{"prompt_tokens":${size}}}`,
      (text) => `{"choices":[{"delta":{"content":${text}}},{"index":1,"delta":{"content":"no"}}]}`,
      (text) => `{"choices":[{"delta":{"__proto__":{"content":"no"},"content":${text}}}]}`,
    ),
  )
  .map(([text, size, line]) => line(text, size));

interface Said {
  text: string;
  reasoning: string;
  inputs: string[];
}

/** What the wire hands on, put together. */
function read(reads: readonly Uint8Array[], merge = true) {
  const wire = new Wire({ facts: { provider: 'test' }, offersTools: true, merge });
  const sse = reads.map((bytes) => wire.read(bytes)).join('') + wire.end();
  const { content, reasoning, inputs, finish, usage, isWhole } = readFields(sse);
  if (content !== wire.text) throw new Error('The text is not what was handed on.');
  if (!wire.failure && !isWhole) throw new Error('The answer is not whole.');
  const repairs = Object.fromEntries(wire.repairs);
  return { text: content, reasoning, inputs, finish, usage, failure: wire.failure?.code, repairs };
}

/** A second reader, plain and slow: what a stream says at best. */
function readPlainly(sse: string): Said & { content: string; isWhole: boolean } {
  const { content, ...said } = readFields(sse);
  const tagged = said.isReasoningFirst
    ? null
    : /^(\s*)<think>([^]*?)(?:<\/think>\s*([^]*))?$/.exec(content);
  if (!tagged) return { ...said, content, text: content };
  const [, before = '', thought = '', after = ''] = tagged;
  return { ...said, content, text: before + after, reasoning: said.reasoning + thought };
}

/** The fields of all chunks that can be read, up to `[DONE]`. */
function readFields(sse: string) {
  const said = {
    content: '',
    reasoning: '',
    isReasoningFirst: false,
    finish: '',
    usage: undefined as unknown,
  };
  const inputs = new Map<unknown, string>();
  let choiceIndex: unknown;
  let hasHole = false;
  let mayHaveHole = false;
  let isDone = false;
  for (const line of sse.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    if (/^(?::|event:|id:|retry:)/.test(line)) continue;
    const data = line.startsWith('data:') ? line.slice(5).trim() : line.includes('{') ? line : '';
    isDone ||= data === '[DONE]';
    if (isDone) break;
    const chunk = parse(line.startsWith('data:') ? data : '!');
    if (chunk === undefined) {
      if (/[{"]/.test(data)) {
        hasHole ||= said.finish === '';
        mayHaveHole = true;
      }
      continue;
    }
    if (chunk.usage) said.usage = chunk.usage;
    const choices = Array.isArray(chunk.choices) ? chunk.choices : [];
    choiceIndex ??= choices[0]?.index;
    const choice = choices.find(({ index }) => (index ?? choiceIndex) === choiceIndex);
    const delta = choice?.delta ?? {};
    const before = said.content + said.reasoning;
    const thought = delta.reasoning_content ?? delta.reasoning;
    if (typeof thought === 'string') said.reasoning += thought;
    said.isReasoningFirst ||= said.content.trim() === '' && said.reasoning !== '';
    for (const part of [delta.content ?? []].flat())
      said.content += typeof part === 'string' ? part : (part.text ?? '');
    if (typeof delta.refusal === 'string') said.content += delta.refusal;
    for (const { index, id, function: called } of delta.tool_calls ?? []) {
      const key = index ?? id;
      inputs.set(key, (inputs.get(key) ?? '') + (called?.arguments ?? ''));
    }
    if (choice?.finish_reason) said.finish = choice.finish_reason;
    if (mayHaveHole && said.content + said.reasoning !== before) hasHole = true;
  }
  const isEnded = said.finish !== '' || (isDone && inputs.size > 0);
  return { ...said, inputs: [...inputs.values()], isWhole: isEnded && !hasHole };
}

interface PlainChunk {
  usage?: unknown;
  choices?: {
    index?: number;
    finish_reason?: string;
    delta?: {
      content?: string | { text?: string }[];
      reasoning_content?: unknown;
      reasoning?: unknown;
      refusal?: unknown;
      tool_calls?: { index?: number; id?: string; function?: { arguments?: string } }[];
    };
  }[];
}

/** JSON objects, also with control characters as they are. */
function parse(json: string): PlainChunk | undefined {
  const escaped = Array.from(json, (letter) =>
    letter < ' ' ? JSON.stringify(letter).slice(1, -1) : letter,
  );
  for (const text of [json, escaped.join('')]) {
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === 'object' && value !== null ? value : undefined;
    } catch {
      // Tried with the controls escaped, or given up.
    }
  }
  return undefined;
}

/** Long recordings repeat the same lines; the time is better spent on more damage. */
const isShort = ({ length }: Uint8Array) => isFull || length < 30_000;

type Damage = {
  kind: 'cut' | 'delete' | 'repeat' | 'garble';
  at: number;
  length: number;
  bytes: number[];
};

const share = fc.double({ noNaN: true, min: 0, max: 1 });
const cuts = fc.array(share, { maxLength: 4 });
const damages = fc.array(
  fc.record<Damage>({
    kind: fc.constantFrom('cut', 'delete', 'repeat', 'garble'),
    at: share,
    length: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 2_000 })),
    bytes: fc.array(fc.oneof(fc.nat(255), fc.constantFrom(...encode('\r\n{}[]":,\\ data<>'))), {
      minLength: 1,
      maxLength: 4,
    }),
  }),
  { minLength: 1, maxLength: 3 },
);

function damage(bytes: Uint8Array, { kind, at, length, bytes: garbage }: Damage): Uint8Array {
  const start = Math.floor(at * bytes.length);
  const end = Math.min(bytes.length, start + length);
  switch (kind) {
    case 'cut':
      return bytes.slice(0, start);
    case 'delete':
      return Uint8Array.from([...bytes.subarray(0, start), ...bytes.subarray(end)]);
    case 'repeat':
      return Uint8Array.from([...bytes.subarray(0, end), ...bytes.subarray(start)]);
    case 'garble': {
      const copy = bytes.slice();
      copy.set(garbage.slice(0, bytes.length - start), start);
      return copy;
    }
  }
}

function split(bytes: Uint8Array, cutsAt: readonly number[]): Uint8Array[] {
  const ends = [...cutsAt, bytes.length].toSorted((a, b) => a - b);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function recordings(): [name: string, sse: string][] {
  if (!existsSync(folder)) return [];
  const files = ['raw', 'extracted'].flatMap((name) =>
    readdirSync(new URL(`${name}/`, folder)).map((file) => `${name}/${file}`),
  );
  return files
    .filter((file) => /\.(?:sse|chunks\.txt)$/.test(file) && !file.includes('stream_error'))
    .map((file) => [file, readRecording(readFileSync(new URL(file, folder), 'utf8'))]);
}

function readRecording(text: string): string {
  if (/^(?:data|:)/.test(text)) return text;
  const chunks = text
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  return [...chunks, '[DONE]'].map((chunk) => `data: ${chunk}\n\n`).join('');
}

/** Streams that a plain reader understands. */
function handMade(): [name: string, sse: string][] {
  const text = (content: string, more = {}) => ({
    id: 'c',
    choices: [{ index: 0, delta: { content }, finish_reason: null, ...more }],
  });
  const finish = {
    id: 'c',
    choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1, completion_tokens: 2 },
  };
  const words = [
    'Hé ',
    '你好',
    ' 🌍',
    '\\',
    '"q"',
    '\n\n',
    '<b>',
    ' {"a":1}',
    'data: x',
    '\ttab',
    ' end',
  ];
  const sse = (chunks: readonly object[], separator = '\n\n') =>
    [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]']
      .map((chunk) => `data: ${chunk}${separator}`)
      .join('');
  const texts = words.map((word) => text(word));
  return [
    ['text of all kinds', sse([...texts, finish])],
    ['CRLF', sse([...texts, finish], '\r\n\r\n')],
    ['returns', sse([...texts, finish], '\r\r')],
    ['single line ends', sse([...texts, finish], '\n')],
    ['no [DONE]', sse([...texts, finish]).replace('data: [DONE]\n\n', '')],
    [
      'escaped Unicode',
      sse([...texts, finish]).replaceAll(
        /[^\0-\x7f]/g,
        (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    ],
    [
      'a reason on every chunk',
      sse([...words.map((word) => text(word, { finish_reason: 'stop' })), finish]),
    ],
    [
      'inline reasoning',
      sse([
        ...['<th', 'ink>', 'Hm.', ' </', 'b></think', '>\n', '\nHi', ' there'].map((each) =>
          text(each),
        ),
        finish,
      ]),
    ],
    [
      'comments and fields',
      sse([...texts, finish]).replaceAll('data: {', ': wait\n\nevent: message\nid: 7\ndata:{'),
    ],
    [
      'padding',
      sse([...words.map((word, at) => ({ ...text(word), obfuscation: 'x'.repeat(at) })), finish]),
    ],
    [
      'several answers',
      sse([...words.flatMap((word) => [text(word), text(word, { index: 1 })]), finish]),
    ],
  ];
}

/** Streams that need the wire. */
function handMadeForUs(): [name: string, sse: string][] {
  const delta = (fields: object) => ({ choices: [{ index: 0, delta: fields }] });
  const events = (...all: unknown[]) =>
    all
      .map((each) => `data: ${typeof each === 'string' ? each : JSON.stringify(each)}\n\n`)
      .join('');
  const call = '<tool_call>{"name":"weather","arguments":{"city":"Köln"}}</tool_call>';
  const finish = { choices: [{ delta: {}, finish_reason: 'eos' }] };
  return [
    [
      'calls written as text',
      events(
        ...Array.from(`See: ${call}\n${call}`, (content) => delta({ content })),
        finish,
        '[DONE]',
      ),
    ],
    [
      'an event over several lines',
      `data: {"choices":\ndata: [{"delta":{"content":"Hi"}}]}\n\n${events(finish)}`,
    ],
    [
      'many repairs',
      events(
        '{}',
        'ping',
        delta({ role: 'model', content: 'Hé' }),
        delta({ content: [{ text: '你' }] }),
        { usage: { prompt_tokens: '1' } },
        finish,
        '[done]',
      ),
    ],
    ['an error', events(delta({ content: 'Hé' }), { error: '你好' })],
  ];
}
