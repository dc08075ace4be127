import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDemoModel, type DemoModel } from '../index.ts';

let model: DemoModel;

beforeAll(async () => {
  model = await startDemoModel({ paceMs: 0 });
});

afterAll(() => model.close());

test('independent questions become parallel calls in one step', async () => {
  const { steps, answer } = await ask("What's the weather in Beijing and what is 17*23?");

  expect(steps).toEqual([['weather Beijing', 'calculator 17 * 23']]);
  expect(answer).toContain('391');
  expect(answer).toContain('11.5 °C');
});

test('the same in Chinese is answered in Chinese', async () => {
  const { steps, answer } = await ask('北京天气怎么样？另外 17*23 等于多少？');

  expect(steps).toEqual([['weather 北京', 'calculator 17 * 23']]);
  expect(answer).toMatch(/391。/u);
  expect(answer).toContain('北京的天气');
});

test('a difference in Fahrenheit is worked out from two results', async () => {
  const { steps, answer } = await ask('Is Tokyo warmer than Paris, and by how many °F?');

  expect(steps).toEqual([['weather Tokyo', 'weather Paris'], ['calculator (17.5 - 12) * 9 / 5']]);
  expect(answer).toContain('Tokyo is warmer than Paris.');
  expect(answer).toContain('The difference is 9.9 °F.');
});

test('degrees in Fahrenheit are asked of a tool that has a unit, and calculated otherwise', async () => {
  const question = 'How warm is it in Paris in Fahrenheit?';
  const withUnit = await ask(question, { tools: [tools.weatherWithUnit, tools.calculator] });
  const without = await ask(question);

  expect(withUnit.steps).toEqual([['weather Paris imperial']]);
  expect(without.steps).toEqual([['weather Paris'], ['calculator 12 * 9 / 5 + 32']]);
  expect(without.answer).toContain('53.6 °F');
});

test.each([
  ['The square of the temperature in Tokyo?', ['weather Tokyo'], ['calculator 17.5 ^ 2']],
  ['把东京的温度乘以2', ['weather 东京'], ['calculator 17.5 * 2']],
  ['weather in Paris plus 10', ['weather Paris'], ['calculator 12 + 10']],
  [
    'Get me the weather in Paris and then halve the temperature',
    ['weather Paris'],
    ['calculator 12 / 2'],
  ],
  ['half the temperature in Paris', ['weather Paris'], ['calculator 12 / 2']],
  [
    'Average temperature of Paris and Tokyo',
    ['weather Paris', 'weather Tokyo'],
    ['calculator (12 + 17.5) / 2'],
  ],
  ['北京比东京冷多少度？', ['weather 北京', 'weather 东京'], ['calculator 17.5 - 11.5']],
])('%s takes two steps', async (question, ...steps) => {
  expect((await ask(question)).steps).toEqual(steps);
});

test.each([
  ['do I need an umbrella in london', ['weather London']],
  [
    'Weather in Beijing, Shanghai and Tokyo',
    ['weather Beijing', 'weather Shanghai', 'weather Tokyo'],
  ],
  ['北京、上海和广州热吗', ['weather 北京', 'weather 上海', 'weather 广州']],
  ["I'm off to Oslo tomorrow. Will it snow?", ['weather Oslo']],
  ['東京今天會下雨嗎？', ['weather 东京']],
  ["What's the forecast for Ouagadougou?", ['weather Ouagadougou']],
  ['亚特兰蒂斯的天气', ['weather 亚特兰蒂斯']],
  ['查一下London的天气', ['weather London']],
  ['weather in Paris, Texas', ['weather Paris, Texas']],
  ['twenty-three times four', ['calculator 23 * 4']],
  ['十七乘以二十三', ['calculator 17 * 23']],
  ['80的15%是多少', ['calculator 80 * (15 / 100)']],
  ['What is 15% of 1,250?', ['calculator 15 / 100 * 1250']],
  ['the square root of 144', ['calculator sqrt(144)']],
  ['add 5 to 7, then multiply by 2', ['calculator (5 + 7) * 2']],
  ['what is 5² + 3', ['calculator 5 ^ 2 + 3']],
  ['12 × 3 ÷ 4', ['calculator 12 * 3 / 4']],
  ['convert 100 °F to Celsius', ['calculator (100 - 32) * 5 / 9']],
  ['-3^2 is what?', ['calculator -3 ^ 2']],
  ['What is -3^2?', ['calculator -3 ^ 2']],
  ['minus 3 squared', ['calculator -3 ^ 2']],
  ['负3的平方是多少', ['calculator -3 ^ 2']],
  ['what is -(2 + 3)?', ['calculator -(2 + 3)']],
  ['What is 10 - -sqrt(16)?', ['calculator 10 - (-sqrt(16))']],
  ['let me know the current conditions in Mexico City', ['weather Mexico City']],
  ['time and weather in tokyo please', ['clock Asia/Tokyo', 'weather Tokyo']],
  ['Weather conditions in Paris and the time there', ['weather Paris', 'clock Europe/Paris']],
  ['tokyo weather + time there', ['weather Tokyo', 'clock Asia/Tokyo']],
  ['What time is it in New York?', ['clock America/New_York']],
  ['东京现在几点', ['clock Asia/Tokyo']],
  ["What's the weather and the time in Paris?", ['weather Paris', 'clock Europe/Paris']],
])('%s asks for %j', async (question, calls) => {
  expect((await ask(question)).steps).toEqual([calls]);
});

test.each([
  'I was born on 2001-09-11, my meeting is at 12:30-13:30.',
  'Call me at +1 555-123-4567 or 138-1234-5678.',
  'Version 1.2.3-4 of order 1234-5678 arrived, 24/7 support.',
  '会议在2026年5月3日下午3点，电话010-12345678。',
  'I like Paris in May.',
  'Write a poem about the rain in London',
  'Who won the world cup in 2018?',
  'What is the meaning of life?',
  'What are the terms and conditions of a loan in Germany?',
  'I had time and money in Berlin.',
  'We had a great time there, in Berlin.',
])('%s asks for nothing', async (message) => {
  const { steps, answer } = await ask(message);

  expect(steps).toEqual([]);
  expect(answer).toMatch(/not an LLM|不是大语言模型/u);
});

test.each([
  ['hello', /Hello! I am the offline demo model: a set of rules, not an LLM/u],
  ['are you ChatGPT?', /I am not an LLM, not ChatGPT/u],
  ['what can you do', /weather, arithmetic and the time[^]*DEEPSEEK_API_KEY[^]*\.env\.example/u],
  ['你好', /你好！我是离线演示模型：只是一组规则，不是大语言模型/u],
  ['你是谁', /我不是大语言模型/u],
])('small talk (%s) says what the model is', async (message, expected) => {
  const { steps, answer } = await ask(message);

  expect(steps).toEqual([]);
  expect(answer).toMatch(expected);
});

test('sample weather is repeated as a sample, in both languages', async () => {
  expect((await ask('weather in Paris')).answer).toContain('this is sample weather');
  expect((await ask('巴黎天气')).answer).toContain('离线示例数据');
});

test('a failing tool is told plainly, and the rest is answered', async () => {
  const { answer } = await ask('weather in Gotham and Paris, and 1/0, and 6*7');

  expect(answer.split('\n')).toEqual([
    'I could not get the weather in Gotham. The tool says: No city named "Gotham" was found.',
    'Weather in Paris: 12 °C, light rain.',
    'I could not calculate 1 / 0. The tool says: Division by zero.',
    '6 * 7 = 42.',
    'Note: this is sample weather (offline sample).',
  ]);
});

test('a follow-up takes the question from the turn before', async () => {
  const { steps } = await ask('What is the weather in Paris?', {
    followUps: ['and in Tokyo?', 'Which one is warmer?', 'by how much?'],
  });

  expect(steps).toEqual([
    ['weather Paris'],
    ['weather Tokyo'],
    ['weather Tokyo', 'weather Paris'],
    ['weather Tokyo', 'weather Paris'],
    ['calculator 17.5 - 12'],
  ]);
});

test('a follow-up goes on calculating, and in Chinese', async () => {
  const chinese = await ask('上海今天会下雨吗', { followUps: ['那北京呢？'] });
  const numbers = await ask('17*23', { followUps: ['再加9', 'divided by 2'] });

  expect(chinese.steps).toEqual([['weather 上海'], ['weather 北京']]);
  expect(numbers.steps).toEqual([
    ['calculator 17 * 23'],
    ['calculator 17 * 23 + 9'],
    ['calculator (17 * 23 + 9) / 2'],
  ]);
});

test('a client that fills in defaults, and one that changes the calls, both get an answer', async () => {
  const filled = await ask('weather in Paris', {
    changeInput: (input) => ({ ...input, unit: 'metric' }),
  });
  const changed = await ask('weather in Paris', { changeInput: () => ({ city: 'Tokyo' }) });

  expect(filled.steps).toEqual([['weather Paris']]);
  expect(changed.steps).toHaveLength(8);
  expect(changed.answer).toContain('so I stop here');
});

test('tools are found by their schema, whatever they are called', async () => {
  const odd = [
    tool('t1', { where: { anyOf: [{ type: 'string', description: 'A town' }, { type: 'null' }] } }),
    tool('t2', { formula: { type: 'string' }, precision: { type: 'string', enum: ['high'] } }, [
      'formula',
      'precision',
    ]),
    tool('t3', { iana_zone: { type: ['string', 'null'] } }),
  ];
  const response = await post({
    messages: [{ role: 'user', content: 'weather in Paris, 6*7, time in Tokyo' }],
    tools: odd,
  });

  expect(response.choices[0].message.tool_calls?.map((call) => call.function)).toEqual([
    { name: 't1', arguments: '{"where":"Paris"}' },
    { name: 't2', arguments: '{"precision":"high","formula":"6 * 7"}' },
    { name: 't3', arguments: '{"iana_zone":"Asia/Tokyo"}' },
  ]);
});

test('a tool that is not offered, or needs what the rules cannot give, is never called', async () => {
  const hotel = tool('bookHotel', { city: { type: 'string' } });
  const history = tool('weather', { city: { type: 'string' }, day: { type: 'string' } }, [
    'city',
    'day',
  ]);
  for (const offered of [
    [tools.calculator],
    [hotel, tools.calculator],
    [history, tools.calculator],
  ]) {
    // oxlint-disable-next-line no-await-in-loop -- one question after the other, to keep a failure readable
    const { steps, answer } = await ask('weather in Paris, and 6*7', { tools: offered });
    expect(steps).toEqual([['calculator 6 * 7']]);
    expect(answer).toContain('offers no weather tool');
  }
});

test('without tools the answer says so', async () => {
  const { steps, answer } = await ask('weather in Paris', { tools: [] });

  expect(steps).toEqual([]);
  expect(answer).toContain('offers no tools');
});

test('tool_choice none and parallel_tool_calls false are obeyed', async () => {
  const question = {
    messages: [{ role: 'user', content: 'weather in Paris and Tokyo' }],
    tools: [tools.weather],
  };
  const none = await post({ ...question, tool_choice: 'none' });
  const single = await post({ ...question, parallel_tool_calls: false });

  expect(none.choices[0].finish_reason).toBe('stop');
  expect(single.choices[0].message.tool_calls).toHaveLength(1);
});

test('an answer is cut at max_tokens, and the finish reason says so', async () => {
  const { choices } = await post({ messages: [{ role: 'user', content: 'hi' }], max_tokens: 5 });

  expect(choices[0]).toMatchObject({
    finish_reason: 'length',
    message: { content: 'Hello! I am the' },
  });
});

type Tool = ReturnType<typeof tool>;

interface Completion {
  choices: [{ message: Message; finish_reason: string }];
}

interface Message {
  role: string;
  content: string | null;
  tool_calls?: { id: string; function: { name: string; arguments: string } }[];
  tool_call_id?: string;
}

const tools = {
  weather: tool('weather', { city: { type: 'string' } }),
  weatherWithUnit: tool('weather', {
    city: { type: 'string' },
    unit: { type: 'string', enum: ['metric', 'imperial'] },
  }),
  calculator: tool('calculator', { expression: { type: 'string' } }),
  clock: tool('clock', { timeZone: { type: 'string' } }),
};

function tool(
  name: string,
  properties: Record<string, object>,
  required = Object.keys(properties).slice(0, 1),
) {
  const parameters = { type: 'object', properties, required };
  return { type: 'function', function: { name, parameters } };
}

/** Runs the tool loop as an agent does. Each step is the list of its calls: tool name and inputs. */
async function ask(
  question: string,
  options: {
    tools?: Tool[];
    followUps?: string[];
    changeInput?: (input: object) => object;
  } = {},
): Promise<{ steps: string[][]; answer: string }> {
  const { followUps = [], changeInput } = options;
  const { tools: offered = [tools.weather, tools.calculator, tools.clock] } = options;
  const messages: Message[] = [];
  const steps: string[][] = [];
  let answer = '';
  /* oxlint-disable no-await-in-loop -- a conversation is one message after the other */
  for (const content of [question, ...followUps]) {
    messages.push({ role: 'user', content });
    for (let step = 0; step < 12; step += 1) {
      const completion = await post({ messages, tools: offered });
      const { message } = completion.choices[0];
      messages.push(message);
      answer = message.content ?? '';
      if (!message.tool_calls) break;
      const calls = message.tool_calls.map((call) => {
        const input = Object.values(JSON.parse(call.function.arguments) as Record<string, string>);
        messages.push({
          role: 'tool',
          tool_call_id: call.id,
          content: runTool(call.function.name, input),
        });
        return [call.function.name, ...input].join(' ');
      });
      steps.push(calls);
      for (const { function: called } of changeInput ? message.tool_calls : []) {
        called.arguments = JSON.stringify(changeInput?.(JSON.parse(called.arguments) as object));
      }
    }
  }
  /* oxlint-enable no-await-in-loop */
  return { steps, answer };
}

const temperatures: Record<string, number> = {
  Beijing: 11.5,
  北京: 11.5,
  Tokyo: 17.5,
  东京: 17.5,
  Paris: 12,
  巴黎: 12,
};
const results: Record<string, number> = {
  '17 * 23': 391,
  '6 * 7': 42,
  '(17.5 - 12) * 9 / 5': 9.9,
  '12 * 9 / 5 + 32': 53.6,
};

function runTool(name: string, [input = '', unit]: string[]): string {
  if (name === 'calculator') {
    return input === '1 / 0'
      ? 'Division by zero.'
      : JSON.stringify({ result: results[input] ?? 1 });
  }
  if (name === 'clock')
    return JSON.stringify({ localTime: '2026-11-10T14:03:22', timeZone: input });
  const temperature = temperatures[input];
  if (temperature === undefined) return `No city named "${input}" was found.`;
  const isImperial = unit === 'imperial';
  return JSON.stringify({
    temperature: isImperial ? temperature * 1.8 + 32 : temperature,
    unit: isImperial ? '°F' : '°C',
    conditions: 'light rain',
    source: 'sample',
    notice: 'offline sample',
  });
}

async function post(body: object): Promise<Completion> {
  const response = await fetch(`${model.baseURL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${model.apiKey}` },
    body: JSON.stringify({ model: model.modelId, ...body }),
  });
  return (await response.json()) as Completion;
}
