export type SmallTalk =
  | 'greeting'
  | 'thanks'
  | 'farewell'
  | 'identity'
  | 'abilities'
  | 'well-being';

/** What a message without a question for a tool is about. The first that fits wins. */
export function findSmallTalk(text: string): SmallTalk | undefined {
  return topics.find(([, pattern]) => pattern.test(text))?.[0];
}

const topics: readonly (readonly [SmallTalk, RegExp])[] = [
  [
    'identity',
    /\b(?:who|what) (?:exactly )?(?:are|r) (?:you|u)\b(?! (?:able|capable))|\bare you (?:an? |really |some |the |actually )*(?:ai|a\.i|llm|bot|robot|human|person|real|chatgpt|chat gpt|gpt|openai|claude|gemini|deepseek|qwen|llama|language model|large|machine|computer|assistant)|\b(?:what|which) (?:ai |language )?(?:model|llm)\b|\byour name\b|\bintroduce yourself|\babout yourself|\bwho (?:made|built|created) you|\bwhat(?:'s| is) this\b|\b(?:is this|am i (?:talking|speaking|chatting) (?:to|with))\b[^.?!]{0,30}\b(?:gpt|chatgpt|ai|llm|bot|human|person|claude|gemini|deepseek|qwen|model)|你是(?:谁|什么|不是|哪|个|真人|人|机器|ai|chatgpt|gpt|一个)|你叫什么|你的名字|介绍(?:一下)?(?:你)?自己|自我介绍|什么模型|哪个模型|大模型|谁(?:开发|创造|做)(?:了|的)?你|您是/iu,
  ],
  [
    'abilities',
    /\bwhat (?:can|could|do|all can) (?:you|u|i|this)\b|\bwhat are you (?:able|capable)|\bhow can you help|\bwhat (?:do|can) you (?:do|know|understand)|\b(?:your|list) (?:\w{1,12} )?(?:abilities|capabilities|features|tools|skills)|^\W*help(?: me)?\W*$|\bwhat tools\b|\bcan you help\b|\bhow do(?:es)? (?:you|this|it) work|\bexamples?\b|\b(?:api|real) (?:key|model)s?\b|密钥|能做什么|会做什么|可以做什么|会什么|能干什么|能干嘛|可以干什么|能帮我|有什么功能|什么功能|哪些功能|怎么用|如何使用|帮助|你能|你会|有哪些工具/iu,
  ],
  ['thanks', /\b(?:thanks?|thank you|thx|ty|cheers|appreciate)\b|谢谢|多谢|感谢|谢了|辛苦/iu],
  [
    'well-being',
    /\bhow (?:are|r) (?:you|u)\b|\bhow(?:'s| is) it going|\bwhat'?s up\b|\bhow do you do\b|你好吗|最近(?:怎么样|好吗|如何)|过得/iu,
  ],
  [
    'farewell',
    /\b(?:good ?bye|bye|see you|good night|farewell|ciao|later)\b|再见|拜拜|晚安|回见|回头见/iu,
  ],
  [
    'greeting',
    /^\W*(?:hi+|hey+|hello+|hiya|howdy|yo|greetings|good (?:morning|afternoon|evening|day)|sup|test|testing|ping|hola|bonjour)\b|^[\s\p{P}]*(?:你好|您好|嗨|哈喽|哈啰|在吗|在么|早上好|早安|下午好|晚上好|大家好|早|喂|测试|hi)/iu,
  ],
];
