// 中文助手：中文指令、内置工具、多轮对话。每一轮把上一轮返回的 messages 接着传下去。
// 运行（任选一家服务商的密钥）：
//   DASHSCOPE_API_KEY=… node --conditions=@anyturn/source examples/11-chinese-assistant.ts

import { calculator, chooseModel, currentTime, weather } from '@anyturn/core';
import { createAgent } from '@anyturn/runtime';

const { model } = await chooseModel();
const assistant = createAgent({
  model,
  instructions: '你是一位简洁的中文助手。天气、时间和计算一律使用工具，不要凭记忆回答。',
  tools: { weather, calculator, currentTime },
});

let messages: Parameters<typeof assistant.run>[0]['messages'] = [];
for (const question of ['北京天气怎么样？另外 17*23 等于多少？', '那上海呢？']) {
  console.log(`问：${question}`);
  const run = assistant.run({ messages: [...messages, { role: 'user', content: question }] });

  process.stdout.write('答：');
  for await (const event of run) {
    if (event.type === 'text-delta') process.stdout.write(event.text);
    if (event.type === 'attempt-reset') process.stdout.write('\n（回答中断，重新开始）\n答：');
  }

  const result = await run.result;
  messages = result.messages;
  console.log(
    `\n（${result.toolCalls.length} 次工具调用，${result.usage.totalTokens} 个 token）\n`,
  );
}
