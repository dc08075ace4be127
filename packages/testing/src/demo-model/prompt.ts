/** Languages the rules read and write. */
export type Language = 'en' | 'zh';

export interface Prompt {
  /** Cut, folded to one spelling of characters, without the private-use characters that the rules mark spans with. */
  readonly text: string;
  readonly language: Language;
}

/** Longer prompts are cut: nothing the rules understand needs more. */
const maxLength = 4_000;

/** Prepares what a user wrote for the rules. */
export function toPrompt(raw: string): Prompt {
  const text = foldCharacters(raw.slice(0, maxLength)).slice(0, maxLength);
  return { text, language: detectLanguage(text) };
}

/** Each Han character counts as much as a Latin word: "What's the weather in 北京?" is English. */
function detectLanguage(text: string): Language {
  const hanCharacters = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const latinWords = text.match(/\p{Script=Latin}+(?:['’]\p{Script=Latin}+)?/gu)?.length ?? 0;
  return hanCharacters > 0 && hanCharacters >= latinWords ? 'zh' : 'en';
}

function foldCharacters(raw: string): string {
  return (
    raw
      // Before NFKC, which turns 5² into 52 and ½ into 1⁄2.
      .replace(/²/gu, '^2')
      .replace(/³/gu, '^3')
      .replace(/(\d)\s?½/gu, '$1.5')
      .replace(/½/gu, '(1/2)')
      // Or two numbers of a list would read as thousands.
      .replace(/，/gu, ', ')
      .normalize('NFKC')
      .replace(/[\uE000-\uF8FF\u200B-\u200F\u2060\uFEFF]/gu, '')
      .replace(/[\u2018\u2019\u02BC\u0060\u00B4]/gu, "'")
      .replace(/[\u201C\u201D«»「」『』“”]/gu, '"')
      .replace(/[\u2010-\u2015\u2212]/gu, '-')
      .replace(/[✕✖∗⨯]/gu, '×')
      .replace(/⁄/gu, '/')
      .replace(/\b(St|Mt|Ft)\. (?=\p{Lu})/gu, '$1 ')
      .replace(/\bD\.\s?C\b\.?/gu, 'DC')
      .replace(/\bU\.\s?(S|K)\.(?:\s?A\.)?/gu, 'U$1')
      .replace(/[,\s]*打\s?(\d\.?\d?|[一二三四五六七八九]{1,2})折/gu, (_, share: string) =>
        toFactor(share),
      )
      .replace(/[\u4E00-\u9FFF]/gu, (character) => simplified.get(character) ?? character)
  );
}

/** A Chinese price cut names what is left: 打八折 is times 0.8, 打七五折 times 0.75. */
function toFactor(share: string): string {
  const digits = share.replace(/\D/gu, (digit) =>
    digit === '.' ? '' : String('零一二三四五六七八九'.indexOf(digit)),
  );
  return `×0.${digits}`;
}

/** Traditional characters of the words and cities that the rules know; others pass as they are. */
const simplified = new Map(
  (
    '氣气溫温熱热嗎吗會会幾几點点時时間间現现東东廣广華华還还傘伞帶带風风灣湾台台倫伦紐纽約约羅罗馬马' +
    '黎黎漢汉靈灵島岛慶庆門门陽阳寧宁濱滨爾尔瀋沈長长圳圳濟济鄭郑肅肃蘭兰貴贵昆昆盧卢薩萨魯鲁臺台週周' +
    '樣样麼么嘛嘛請请問问幫帮個个較较暖暖涼凉濕湿乾干雲云霧雾陰阴預预報报攝摄氏氏轉转換换計计減减' +
    '乘乘餘余數数總总積积兩两萬万億亿負负開开從从裡里裏里後后對对誰谁謝谢語语說说讓让變变應应該该' +
    '準准備备離离遠远給给與与為为這这國国韓韩義义德德緬缅達达曼曼烏乌蘇苏聖圣維维納纳須须買买嚴严寒寒' +
    '雙双塔塔結结蓋盖衣衣曬晒單单號号當当鐘钟將将査查測测體体覺觉來来輸输種种學学愛爱歡欢機机關关無无' +
    '連连難难邊边處处過过遊游際际劍剑橋桥聯联薦荐廈厦莊庄髮发業业麗丽澤泽頭头營营懷怀寶宝諾诺穀谷贊赞'
  )
    .match(/../gu)
    ?.map((pair) => [pair.charAt(0), pair.charAt(1)]) ?? [],
);
