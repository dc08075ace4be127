import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answerChat } from './answer-chat.ts';

const isFull = process.env['ANYTURN_TEST_FULL'] !== undefined;
const numRuns = isFull ? 5_000 : 400;

test('any prompt gets a well-formed answer', () => {
  fc.assert(
    fc.property(prompts(), (prompt) => {
      const { content, usage } = answer(prompt);

      const calls = content.toolCalls ?? [];
      expect(content.finishReason).toBe(calls.length > 0 ? 'tool_calls' : 'stop');
      expect(calls.length > 0 || (content.text ?? []).join('').length > 0).toBe(true);
      for (const call of calls)
        expect(Object.values(JSON.parse(call.arguments) as object)).toHaveLength(1);
      expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens);
    }),
    { numRuns },
  );
});

// How long it takes is measured in bench/demo-rules.ts; a rule that hangs would not get to the end here.
test('repetition gets an answer', () => {
  const words =
    '1+|(|1-|9,|一|北京|北京的|-|1.1.|加|1加|%|+1(2)|a1-|(1+|sqrt(|√|1/1|比|°|5²|²|in a |Aa |the |5 and |. |write a |and Paris |25 c |not |temperature in Paris ';
  const texts = words.split('|').map((piece) => piece.repeat(2_000).slice(0, 4_000));
  const answers = texts.flatMap((text) => [answer(text), answer(`weather 17 ${text}`)]);
  expect(answers.every(({ content }) => content.text ?? content.toolCalls)).toBe(true);
});

test('dates, times, phone numbers, versions and ids are never calculated', () => {
  fc.assert(
    fc.property(notArithmetic(), fc.constantFrom(...frames), (text, frame) => {
      const { content } = answer(frame.replace('…', text));
      const calls = (content.toolCalls ?? []).filter(({ name }) => name === 'calculator');
      expect(calls).toEqual([]);
    }),
    { numRuns },
  );
});

test('any sum of two numbers is calculated as it was written', () => {
  const operators = [
    [' + ', '+'],
    [' plus ', '+'],
    ['加', '+'],
    [' - ', '-'],
    [' minus ', '-'],
    ['减去', '-'],
    ['*', '*'],
    [' × ', '*'],
    [' times ', '*'],
    ['乘以', '*'],
    [' / ', '/'],
    [' divided by ', '/'],
    ['除以', '/'],
  ] as const;
  const asked = [
    'What is …?',
    'calculate …',
    '…',
    '…等于多少',
    '请算一下…',
    'Hi! Please tell me … thanks',
  ];
  const value = fc.oneof(
    fc.nat(9_999),
    fc.integer({ min: 1, max: 99_999 }).map((n) => n / 100),
  );
  fc.assert(
    fc.property(
      value,
      fc.constantFrom(...operators),
      value,
      fc.constantFrom(...asked),
      (a, [sign, operator], b, frame) => {
        const { content } = answer(frame.replace('…', `${a}${sign}${b}`));
        expect(content.toolCalls?.map((call) => JSON.parse(call.arguments) as unknown)).toEqual([
          { expression: `${a} ${operator} ${b}` },
        ]);
      },
    ),
    { numRuns },
  );
});

const frames = [
  '…',
  'My appointment is …, see you.',
  'What happened on …?',
  'Call …',
  'The number is … I think',
  '我的信息是…。',
  'weather in Paris … please',
];

function answer(prompt: string) {
  return answerChat({
    model: 'demo-rules-1',
    messages: [{ role: 'user', content: prompt }],
    tools: ['city', 'expression', 'timeZone'].map((field) => {
      const name = { city: 'weather', expression: 'calculator', timeZone: 'clock' }[field] ?? field;
      const parameters = {
        type: 'object',
        properties: { [field]: { type: 'string' } },
        required: [field],
      };
      return { type: 'function' as const, function: { name, parameters } };
    }),
  });
}

/** Free text, and text made of the words that the rules look for. */
function prompts(): fc.Arbitrary<string> {
  const word = fc.constantFrom(
    ...'weather in Paris York 北京 天气 和 17 * + - ( ) % of the temperature 加 的 平方根 square root and'.split(
      ' ',
    ),
    ...', ? °F warmer than time 几点 三分之一 average then multiply by it two hundred write . 25°C 多少'.split(
      ' ',
    ),
    ..."1e9 É 比 热 's New \uE000 \uD83D \n".split(' '),
  );
  const joined = (separator: string) =>
    fc.array(word, { maxLength: 30 }).map((words) => words.join(separator));
  return fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    joined(' '),
    joined(''),
  );
}

function notArithmetic(): fc.Arbitrary<string> {
  const pad = (value: number, length = 2) => String(value).padStart(length, '0');
  const digits = (length: number) => fc.nat(10 ** length - 1).map((value) => pad(value, length));
  const year = fc.integer({ min: 1900, max: 2099 });
  const month = fc.integer({ min: 1, max: 12 });
  const day = fc.integer({ min: 1, max: 28 });
  return fc.oneof(
    fc.tuple(year, month, day).map(([y, m, d]) => `${y}-${pad(m)}-${pad(d)}`),
    fc.tuple(year, month, day).map(([y, m, d]) => `${d}/${m}/${y}`),
    fc.tuple(year, month, day).map(([y, m, d]) => `${y}年${m}月${d}日`),
    fc
      .tuple(fc.nat(23), fc.nat(59), fc.nat(23), fc.nat(59))
      .map(([h, m, h2, m2]) => `${h}:${pad(m)}-${h2}:${pad(m2)}`),
    fc.tuple(digits(3), digits(3), digits(4)).map((groups) => groups.join('-')),
    fc.tuple(digits(3), digits(4), digits(4)).map((groups) => `+86 ${groups.join('-')}`),
    fc.tuple(digits(3), digits(3), digits(4)).map(([a, b, c]) => `(${a}) ${b}-${c}`),
    fc.tuple(digits(9)).map(([rest]) => `13${rest}`),
    fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map((parts) => `v${parts.join('.')}`),
    fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.')),
    fc
      .tuple(fc.constantFrom('INV', 'ABC', 'GPT', 'RFC'), digits(3), digits(3))
      .map(([a, b, c]) => `${a}-${b}-${c}`),
  );
}
