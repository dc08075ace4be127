import type { TemperatureUnit } from './conversion.ts';
import type { Language } from './prompt.ts';
import type { SmallTalk } from './small-talk.ts';
import type { TimeReading, WeatherReading } from './tool-outcome.ts';

/** Every sentence that the demo model can say. What is in braces comes from tools or from the question. */
export interface Phrases {
  weather: (place: string, reading: WeatherReading) => string;
  weatherFailed: (place: string, failure: string) => string;
  whichCity: string;
  rain: (place: string, conditions: string, isWet: boolean) => string;
  snow: (place: string, conditions: string, isSnow: boolean) => string;
  converted: (place: string, temperature: string, unit: TemperatureUnit) => string;
  cannotConvert: (unit: TemperatureUnit) => string;
  extreme: (place: string, isColder: boolean, others: readonly string[]) => string;
  same: (places: readonly string[]) => string;
  difference: (amount: string, unit: TemperatureUnit) => string;
  differenceFailed: (failure: string) => string;
  average: (amount: string, unit: TemperatureUnit) => string;
  degreesEqual: (given: string, result: string, to: TemperatureUnit) => string;
  calculated: (expression: string, result: string) => string;
  calculationFailed: (expression: string, failure: string) => string;
  time: (place: string | undefined, zone: string, reading: TimeReading) => string;
  timeFailed: (zone: string, failure: string) => string;
  unknownZone: (place: string) => string;
  noTool: (kind: 'weather' | 'calculator' | 'time') => string;
  noTools: string;
  sample: (notice: string | undefined) => string;
  onlyToday: string;
  unsupportedPart: string;
  stuck: string;
  unknown: string;
  about: string;
  smallTalk: Record<SmallTalk, string>;
}

const symbols: Record<TemperatureUnit, string> = { celsius: '°C', fahrenheit: '°F' };

const english: Phrases = {
  weather: (place, { temperature, unit, conditions, humidityPercent, wind }) => {
    const details = [
      `${temperature} ${symbols[unit]}`,
      conditions,
      humidityPercent === undefined ? undefined : `humidity ${humidityPercent}%`,
      wind === undefined ? undefined : `wind ${wind}`,
    ];
    return `Weather in ${place}: ${details.filter(Boolean).join(', ')}.`;
  },
  weatherFailed: (place, failure) =>
    `I could not get the weather in ${place}. The tool says: ${endSentence(failure)}`,
  whichCity: 'Which city? Name one, for example "What\'s the weather in Paris?"',
  rain: (place, conditions, isWet) =>
    isWet
      ? `Yes, the report for ${place} says ${conditions}: take an umbrella.`
      : `The report for ${place} says ${conditions}, so no rain and no umbrella needed.`,
  snow: (place, conditions, isSnow) =>
    isSnow
      ? `Yes, the report for ${place} says ${conditions}.`
      : `No snow: the report for ${place} says ${conditions}.`,
  converted: (place, temperature, unit) =>
    `That is ${rounded(temperature)} ${symbols[unit]} in ${place}.`,
  cannotConvert: (unit) =>
    `No calculator tool is offered, so I cannot convert this to ${symbols[unit]}.`,
  extreme: (place, isColder, others) => {
    const [other, ...more] = others;
    if (more.length === 0 && other)
      return `${place} is ${isColder ? 'colder' : 'warmer'} than ${other}.`;
    return `${place} is the ${isColder ? 'coldest' : 'warmest'} of them.`;
  },
  same: (places) => `${joinEnglish(places)} have the same temperature.`,
  difference: (amount, unit) => `The difference is ${rounded(amount)} ${symbols[unit]}.`,
  differenceFailed: (failure) => `I could not work out the difference: ${endSentence(failure)}`,
  average: (amount, unit) => `The average is ${rounded(amount)} ${symbols[unit]}.`,
  degreesEqual: (given, result, to) =>
    `${given} ${symbols[other(to)]} is ${rounded(result)} ${symbols[to]}.`,
  calculated: (expression, result) => `${expression} = ${result}.`,
  calculationFailed: (expression, failure) =>
    `I could not calculate ${expression}. The tool says: ${endSentence(failure)}`,
  time: (place, zone, { time, date, weekday, text }) => {
    const day = [weekday, date].filter(Boolean).join(', ');
    const where = place === undefined ? `Here (${zone})` : `In ${place} (${zone})`;
    if (!time) return `${where} the date is ${day || text}.`;
    return day ? `${where} it is ${time} on ${day}.` : `${where} it is ${time}.`;
  },
  timeFailed: (zone, failure) =>
    `I could not get the time in ${zone}. The tool says: ${endSentence(failure)}`,
  unknownZone: (place) =>
    `I do not know the time zone of ${place}. Name it, for example "time in Asia/Tokyo".`,
  noTool: (kind) =>
    `This request offers no ${kind} tool, so I cannot answer the ${kind === 'calculator' ? 'calculation' : `${kind} question`}.`,
  noTools:
    'This request offers no tools, and without tools I have no facts to tell: I am the offline demo model, a set of rules and not an LLM. Offer me a weather, calculator or time tool, or set a key such as DEEPSEEK_API_KEY (see .env.example) to use a real model.',
  sample: (notice) =>
    `Note: this is sample weather${notice && notice !== 'sample' ? ` (${notice})` : ', not live data'}.`,
  onlyToday: 'I can only read the present weather, so this says nothing about another day.',
  unsupportedPart:
    'I left out the rest: this offline demo only knows weather, arithmetic and time questions.',
  stuck: 'My calls did not come back the way I made them, so I stop here.',
  unknown: 'I did not understand this. I am the offline demo model: a set of rules, not an LLM.',
  about:
    "I understand questions about weather, arithmetic and the time, in English and Chinese. Try:\n- What's the weather in Beijing and what is 17*23?\n- Is Tokyo warmer than Paris, and by how many °F?\n- What time is it in London?\nFor anything else, add a key of a real model, for example DEEPSEEK_API_KEY=... in the environment or in .env (see .env.example).",
  smallTalk: {
    greeting: 'Hello! I am the offline demo model: a set of rules, not an LLM.',
    thanks: 'You are welcome. I am the offline demo model: a set of rules, not an LLM.',
    farewell: 'Goodbye! This was the offline demo model: a set of rules, not an LLM.',
    identity:
      'I am demo-rules-1, the offline demo model: a set of rules that runs on this machine. I am not an LLM, not ChatGPT and not any other AI model; I only fill sentences with what tools return.',
    abilities:
      'I am the offline demo model: a set of rules, not an LLM. I call the tools that are offered to me.',
    'well-being':
      'I am a set of rules, the offline demo model and not an LLM, so I always run the same way.',
  },
};

const chinese: Phrases = {
  weather: (place, { temperature, unit, conditions, humidityPercent, wind }) => {
    const details = [
      `${temperature} ${symbols[unit]}`,
      conditions && toChineseConditions(conditions),
      humidityPercent === undefined ? undefined : `湿度 ${humidityPercent}%`,
      wind === undefined ? undefined : `风速 ${wind}`,
    ];
    return `${place}的天气：${details.filter(Boolean).join('，')}。`;
  },
  weatherFailed: (place, failure) => `没能查到${place}的天气。工具返回：${endChinese(failure)}`,
  whichCity: '请问是哪个城市？例如“北京天气怎么样？”',
  rain: (place, conditions, isWet) =>
    isWet
      ? `${place}的天气是${toChineseConditions(conditions)}，建议带伞。`
      : `${place}的天气是${toChineseConditions(conditions)}，没有雨，不用带伞。`,
  snow: (place, conditions, isSnow) =>
    isSnow
      ? `${place}在下雪：${toChineseConditions(conditions)}。`
      : `${place}没有下雪，天气是${toChineseConditions(conditions)}。`,
  converted: (place, temperature, unit) =>
    `${place}的气温换算后是 ${rounded(temperature)} ${symbols[unit]}。`,
  cannotConvert: (unit) => `没有可用的计算器工具，无法换算成 ${symbols[unit]}。`,
  extreme: (place, isColder, others) =>
    others.length === 1
      ? `${place}比${others[0]}${isColder ? '冷' : '热'}。`
      : `其中${place}最${isColder ? '冷' : '热'}。`,
  same: (places) => `${places.join('和')}气温相同。`,
  difference: (amount, unit) => `相差 ${rounded(amount)} ${symbols[unit]}。`,
  differenceFailed: (failure) => `没能算出温差：${endChinese(failure)}`,
  average: (amount, unit) => `平均气温是 ${rounded(amount)} ${symbols[unit]}。`,
  degreesEqual: (given, result, to) =>
    `${given} ${symbols[other(to)]} 等于 ${rounded(result)} ${symbols[to]}。`,
  calculated: (expression, result) => `${expression} = ${result}。`,
  calculationFailed: (expression, failure) =>
    `没能算出 ${expression}。工具返回：${endChinese(failure)}`,
  time: (place, zone, { time, date, weekday, text }) => {
    const day = [date, weekday && (weekdays[weekday.toLowerCase()] ?? weekday)]
      .filter(Boolean)
      .join('，');
    const where = place === undefined ? `这里（${zone}）` : `${place}（${zone}）`;
    if (!time) return `${where}的日期是 ${day || text}。`;
    return `${where}现在是 ${time}${day ? `，${day}` : ''}。`;
  },
  timeFailed: (zone, failure) => `没能查到 ${zone} 的时间。工具返回：${endChinese(failure)}`,
  unknownZone: (place) => `我不知道${place}所在的时区。请直接写出时区，例如“Asia/Tokyo 现在几点”。`,
  noTool: (kind) =>
    `这次请求没有提供${{ weather: '天气', calculator: '计算器', time: '时间' }[kind]}工具，所以无法回答这个问题。`,
  noTools:
    '这次请求没有提供任何工具，而我离开工具就没有事实可讲：我是离线演示模型，只是一组规则，不是大语言模型。请提供天气、计算器或时间工具，或设置真实模型的密钥，例如 DEEPSEEK_API_KEY（见 .env.example）。',
  sample: (notice) =>
    `注意：以上是内置的离线示例数据，不是实时天气${notice ? `（${notice}）` : ''}。`,
  onlyToday: '我只能读取当前的天气，无法回答其他日子的天气。',
  unsupportedPart: '其余部分我没有处理：这个离线演示只懂天气、算术和时间问题。',
  stuck: '我的工具调用没有原样返回，只好到此为止。',
  unknown: '我没有听懂。我是离线演示模型：只是一组规则，不是大语言模型。',
  about:
    '我能听懂中文和英文的天气、算术和时间问题。可以试试：\n- 北京天气怎么样？另外 17*23 等于多少？\n- 东京比巴黎热多少华氏度？\n- 伦敦现在几点？\n想问别的，请设置真实模型的密钥，例如在环境变量或 .env 里写 DEEPSEEK_API_KEY=...（见 .env.example）。',
  smallTalk: {
    greeting: '你好！我是离线演示模型：只是一组规则，不是大语言模型。',
    thanks: '不客气。我是离线演示模型：只是一组规则，不是大语言模型。',
    farewell: '再见！我是离线演示模型：只是一组规则，不是大语言模型。',
    identity:
      '我是 demo-rules-1，离线演示模型：在本机运行的一组规则。我不是大语言模型，不是 ChatGPT，也不是其他 AI 模型；我只把工具返回的内容填进句子里。',
    abilities: '我是离线演示模型：只是一组规则，不是大语言模型。我会调用请求里提供的工具。',
    'well-being': '我只是一组规则，是离线演示模型，不是大语言模型，所以一直是老样子。',
  },
};

export const phrases: Record<Language, Phrases> = { en: english, zh: chinese };

export function isWet(conditions: string): boolean {
  return /rain|drizzle|shower|storm|sleet|hail|雨|雹/iu.test(conditions);
}

export function isSnowy(conditions: string): boolean {
  return /snow|sleet|blizzard|雪/iu.test(conditions);
}

const conditionWords: readonly (readonly [RegExp, string])[] = [
  [/^clear(?: sky)?$|^sunny$/iu, '晴'],
  [/^(?:mostly|mainly) (?:clear|sunny)$/iu, '大部晴朗'],
  [/^partly (?:cloudy|sunny)$/iu, '局部多云'],
  [/^cloudy$|^mostly cloudy$/iu, '多云'],
  [/^overcast$/iu, '阴'],
  [/^freezing fog$/iu, '冻雾'],
  [/^(?:fog|foggy|mist)$/iu, '雾'],
  [/^light freezing drizzle$|^freezing drizzle$/iu, '冻毛毛雨'],
  [/^light drizzle$|^drizzle$|^heavy drizzle$/iu, '毛毛雨'],
  [/^light freezing rain$|^freezing rain$/iu, '冻雨'],
  [/^light rain$/iu, '小雨'],
  [/^(?:moderate )?rain(?:y)?$/iu, '中雨'],
  [/^heavy rain$/iu, '大雨'],
  [/^light snow$/iu, '小雪'],
  [/^snow(?:y)?$/iu, '中雪'],
  [/^heavy snow$/iu, '大雪'],
  [/^snow grains$/iu, '米雪'],
  [/snow showers$/iu, '阵雪'],
  [/^light showers$|^showers$/iu, '阵雨'],
  [/^violent showers$/iu, '强阵雨'],
  [/^thunderstorm with/iu, '雷暴伴冰雹'],
  [/^thunderstorm$/iu, '雷暴'],
];

function toChineseConditions(conditions: string): string {
  return conditionWords.find(([pattern]) => pattern.test(conditions.trim()))?.[1] ?? conditions;
}

const weekdays: Record<string, string> = {
  monday: '星期一',
  tuesday: '星期二',
  wednesday: '星期三',
  thursday: '星期四',
  friday: '星期五',
  saturday: '星期六',
  sunday: '星期日',
};

/** Degrees with at most two decimals. */
function rounded(numeral: string): string {
  return Number.isFinite(Number(numeral))
    ? String(Math.round(Number(numeral) * 100) / 100)
    : numeral;
}

function other(unit: TemperatureUnit): TemperatureUnit {
  return unit === 'celsius' ? 'fahrenheit' : 'celsius';
}

function joinEnglish(words: readonly string[]): string {
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1)}` : words.join('');
}

function endSentence(text: string): string {
  return /[.!?…]$/u.test(text) ? text : `${text}.`;
}

function endChinese(text: string): string {
  return /[。！？.!?…]$/u.test(text) ? text : `${text}。`;
}
