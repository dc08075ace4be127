import { chineseErrors, englishErrors } from './error-texts.ts';

export type Language = 'en' | 'zh';

const en = {
  tagline: 'Ask something that needs a tool.',
  intro: 'The answer streams in as it is written. You see every tool call, and what it cost.',
  newChat: 'New chat',
  model: 'Model',
  question: 'Your question',
  placeholder: 'Ask a question…',
  send: 'Send',
  stop: 'Stop',
  keys: 'Enter to send · Shift+Enter for a new line',
  retry: 'Ask again',
  copy: 'Copy',
  copied: 'Copied',
  latest: 'Jump to the latest',
  demo: 'offline demo — not an LLM',
  demoHint:
    'No model is set up, so simple rules answer, offline. For a real model, put a key such as ',
  demoHintEnd: ' into the file .env and start the server again.',
  thinking: 'Thinking…',
  reasoning: 'Reasoning',
  answered: 'Answer complete.',
  stopped: 'Stopped.',
  limit: 'Stopped at a limit before the answer was complete.',
  length: 'The answer reached the limit of output tokens and is cut off.',
  waiting: 'The provider asks to wait. Trying again…',
  sample: 'sample data',
  input: 'Input',
  output: 'Output',
  comma: ', ',
  running: 'running',
  tokens: (input: string, output: string) => `${input} tokens in, ${output} out`,
  noCost: 'no cost: demo model',
  unknownCost: 'price unknown',
  languageSwitch: '中文',
  languageLabel: '切换到中文',
  errorTitle: 'That did not work',
  errors: englishErrors,
  server_unreachable:
    'The server cannot be reached. Check that it is still running, then ask again.',
  stream_interrupted: 'The connection ended before the answer was complete. Ask again.',
  examples: [
    "What's the weather in Beijing and what is 17*23?",
    'Is Tokyo warmer than Paris, and by how many °F?',
    'What time is it in New York?',
    '北京天气怎么样？另外 17*23 等于多少？',
  ],
};

type Texts = typeof en;

const zh: Texts = {
  tagline: '问一个需要工具才能回答的问题。',
  intro: '回答边生成边显示；每一次工具调用、每一分花费，都看得见。',
  newChat: '新对话',
  model: '模型',
  question: '你的问题',
  placeholder: '输入你的问题……',
  send: '发送',
  stop: '停止',
  keys: 'Enter 发送 · Shift+Enter 换行',
  retry: '重新回答',
  copy: '复制',
  copied: '已复制',
  latest: '回到最新',
  demo: '离线演示 — 不是大模型',
  demoHint: '尚未配置模型，现在由一组简单规则离线作答。要使用真正的模型，请把密钥（例如 ',
  demoHintEnd: '）写入 .env 文件，然后重启服务。',
  thinking: '思考中……',
  reasoning: '推理过程',
  answered: '回答完毕。',
  stopped: '已停止。',
  limit: '达到上限，回答尚未完成。',
  length: '回答达到输出长度上限，已被截断。',
  waiting: '服务商要求稍候，正在重试……',
  sample: '示例数据',
  input: '输入',
  output: '输出',
  comma: '，',
  running: '运行中',
  tokens: (input, output) => `输入 ${input}，输出 ${output} tokens`,
  noCost: '演示模型，不产生费用',
  unknownCost: '价格未知',
  languageSwitch: 'English',
  languageLabel: 'Switch to English',
  errorTitle: '出错了',
  errors: chineseErrors,
  server_unreachable: '无法连接服务器。请确认服务仍在运行，然后重试。',
  stream_interrupted: '连接在回答完成前中断。请重试。',
  examples: [
    '北京天气怎么样？另外 17*23 等于多少？',
    '东京比巴黎暖和吗？相差多少华氏度？',
    '现在纽约几点？',
    "What's the weather in Beijing and what is 17*23?",
  ],
};

let language: Language = navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
let bindings: { node: Element; apply: () => void }[] = [];

/** The texts of the language in use. */
export function texts(): Texts {
  return language === 'zh' ? zh : en;
}

/** Keeps a text of an element in the language in use, also when that changes. */
export function bindText(node: Element, read: (texts: Texts) => string, attribute?: string): void {
  const apply = (): void => {
    const text = read(texts());
    if (attribute) node.setAttribute(attribute, text);
    else node.textContent = text;
  };
  bindings.push({ node, apply });
  apply();
}

export function setLanguage(chosen: Language): void {
  language = chosen;
  document.documentElement.lang = chosen === 'zh' ? 'zh-CN' : 'en';
  bindings = bindings.filter(({ node }) => node.isConnected);
  for (const { apply } of bindings) apply();
}

export function currentLanguage(): Language {
  return language;
}
