/** What a sentence asks about, told by the words in it. Places count only where there is a cue. */

type CueType = 'weather' | 'time';

export interface Cue {
  readonly type: CueType;
  /** A strong cue speaks of weather or time alone; "hot" and "jacket" need a place next to them. */
  readonly isStrong: boolean;
  readonly start: number;
  readonly end: number;
}

/** Finds the cues of a text in their order. */
export function findCues(text: string): Cue[] {
  return patterns
    .flatMap(([type, isStrong, pattern]) =>
      [...text.matchAll(pattern)].map(({ index, 0: { length } }) => {
        return { type, isStrong, start: index, end: index + length };
      }),
    )
    .toSorted((a, b) => a.start - b.start);
}

const patterns: readonly (readonly [CueType, boolean, RegExp])[] = [
  [
    'weather',
    true,
    /\b(?:weather(?:-wise|s)?|forecasts?|temperatures?|temps?|degrees|rain(?:s|ing|y|ed)?|drizzl(?:e|es|ing|y)|snow(?:s|ing|y|ed)?|hail(?:ing)?|sunny|sunshine|cloudy|overcast|windy|humid(?:ity)?|umbrella|raincoat|sunscreen|climate|thunderstorms?|storm(?:s|y|ing)?|fog(?:gy)?|chilly|freezing|celsius|fahrenheit|centigrade|hott(?:er|est)|cold(?:er|est)|warm(?:er|est)|cool(?:er|est)|precipitation|wind speed|is it (?:\w{1,10} )?(?:hot|cold|warm|cool|dry|wet)|how (?:hot|cold|warm|cool)|(?:hot|cold|warm|like) (?:outside|out))(?![\p{L}\p{M}])/giu,
  ],
  ['weather', true, /°\s?[cf]\b/giu],
  [
    'weather',
    false,
    /\b(?:hot|cold|warm|cool|wet|dry|mild|wind|sun|clouds?|jacket|coat|sweater|scarf|gloves|boots|shorts|outside|outdoors?|picnic|what(?:'s| is) it like|how(?:'s| is) it|(?:current|present|local|latest|today's|outdoor) conditions|(?:what|how)(?: are|'re) (?:the )?conditions(?= (?:in|at|like)))(?![\p{L}\p{M}])/giu,
  ],
  [
    'time',
    true,
    /\b(?:what time|what's the time|what is the time|time is it|(?:current|local|exact|right) time|time (?:right )?now|the time(?: right now| now)?(?= (?:in|at|for) )|time(?= (?:in|at|for) )|time(?=\?|$)|time(?= ?(?:,|&|\+|and|plus) ?(?:the |current ){0,2}(?:weather|forecast|temp))|(?<=(?:weather|forecast|temperature|temp) ?(?:,|&|\+|and|plus) ?(?:the |current ){0,2})time|(?<=(?:\band|\bthe|[,&+]) ?)time(?= there\b)|what(?:'s| is) the (?:date|day)|what (?:date|day)|today's date|time (?:difference|zone)|clock|o'clock)(?![\p{L}\p{M}])/giu,
  ],
  [
    'time',
    true,
    /几点|几时|时差|什么时间|什么时候了|现在时间|当前时间|当地时间|本地时间|的时间|时间(?=是|呢|多少|$|[?。])|几号|星期几|周几|礼拜几|什么日期|今天日期|几月/gu,
  ],
  [
    'weather',
    true,
    /天气|气温|温度|气候|天儿|预报|下雨|有雨|下雪|有雪|降雨|降水|下不下|雨大|雪大|有没有雨|带伞|雨伞|打伞|雨衣|防晒|晴天|晴不晴|晴吗|多云|阴天|阴吗|刮风|风大|有风|大风|台风|起雾|有雾|雾霾|湿度|潮湿|几度|多少度|摄氏|华氏|冷不冷|热不热|冻不冻|凉不凉|暖不暖|更热|更冷|更暖和?|更凉快?|最热|最冷|最暖和?|最凉快?|温差|多热|多冷|(?:很|太|好|这么|有点)(?:热|冷)|(?:热|冷|暖和|凉快|闷热|潮|干燥)(?:吗|么|不|还是|一点|一些|些|多少|几|$|[?。!])|雨吗|雪吗|风吗|伞吗|晒吗|淋雨/gu,
  ],
  [
    'weather',
    false,
    /热|冷|暖和|凉快|穿什么|外套|羽绒服|毛衣|短袖|穿衣|厚衣|晒|伞|雨|雪|风|户外|出门|适合|适不适合/gu,
  ],
];

/** Asks for another day than today, which the tools cannot answer. */
export const otherDay =
  /\b(?:tomorrow|yesterday|tonight|next (?:week|month|year|weekend|mon|tues|wednes|thurs|fri|satur|sun)\w*|this (?:week|weekend|month)|weekend|last (?:week|month|year|night)|(?:on|this) (?:mon|tues|wednes|thurs|fri|satur|sun)day|in \d+ (?:days|weeks)|next \d+ days)\b|明天|后天|昨天|前天|大后天|周末|下周|上周|下个?月|未来|这周|本周|明早|明晚/iu;

export const fahrenheit = /°\s?f\b|fahrenheit|\b(?:degrees?|deg|in|to|as)\s+f\b|华氏/iu;
export const celsius = /°\s?c\b|celsius|centigrade|\b(?:degrees?|deg|in|to|as)\s+c\b|摄氏/iu;

/** Asks which of several is warmer or colder, or by how much. */
export const comparison =
  /\b(?:warmer|hotter|colder|cooler|chillier|compared?(?: to| with)?|comparison|differen(?:ce|t)|versus|vs\.?|gap|higher|lower)\b|比.{0,12}(?:热|冷|暖|凉|高|低)|更(?:热|冷|暖|凉|高|低)|对比|比较|相比|温差|相差|差多少|差几|哪(?:个|里|儿|边|座|一个).{0,6}(?:热|冷|暖|凉|高|低)|谁.{0,3}(?:热|冷|暖|凉|高|低)|(?:热|冷)还是/iu;
export const superlative =
  /\b(?:hottest|warmest|coldest|coolest|chilliest|highest|lowest|(?:which|what|where)[^.?!]{0,40}(?:hotter|warmer|colder|cooler))\b|最(?:热|冷|暖|凉|高|低)/iu;
/** Asks for the cold end. */
export const colder =
  /\b(?:cold(?:er|est)|cool(?:er|est)|chill(?:ier|iest)|lower|lowest)\b|[更最比].{0,12}?(?:冷|凉|低)|冷/iu;
/** Asks for the size of a difference. */
export const howMuch =
  /\bby how (?:much|many)\b|\bhow (?:much|many)(?: degrees?| °?[cf]\b)?[^.?!]{0,12}(?:warmer|hotter|colder|cooler|higher|lower)|\bdifference\b|\bgap\b|温差|相差|差多少|差几|差距|(?:热|冷|高|低|暖和?|凉快?)(?:了)?(?:多少|几)|比.{0,16}(?:多少|几)度?/iu;
export const averageAsked = /\b(?:average|mean)\b|平均/iu;
/** Asks whether it rains or needs an umbrella. */
export const rainAsked = /\b(?:rain\w*|umbrella|raincoat|wet|drizzl\w*)\b|雨|伞/iu;
export const snowAsked = /\bsnow\w*\b|雪/iu;
