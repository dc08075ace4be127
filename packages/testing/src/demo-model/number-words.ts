/** Reads English and Chinese number words. The value is exact text, such as "23" or "2.5". */

const units = numberWords(
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
  1,
);
const tens = numberWords('_ ten twenty thirty forty fifty sixty seventy eighty ninety', 10);
const scales: Record<string, number> = {
  hundred: 100,
  thousand: 1_000,
  million: 1_000_000,
  billion: 1_000_000_000,
  trillion: 1_000_000_000_000,
};

/** Each word's place in the list, times the step. */
function numberWords(words: string, step: number): Record<string, number> {
  return Object.fromEntries(words.split(' ').map((word, index) => [word, index * step]));
}

export interface NumberSpan {
  readonly value: string;
  /** Index in the text behind the last character. */
  readonly end: number;
}

/** Reads words such as "twenty-three", "two hundred and five", "three point five" from a position on. */
export function readEnglishNumber(text: string, start: number): NumberSpan | undefined {
  let total = 0;
  let group = 0;
  let end = -1;
  let at = start;
  let last: 'unit' | 'tens' | 'scale' | undefined;
  for (;;) {
    const word = wordAt(text, at);
    if (!word) break;
    const { lower } = word;
    const isArticle = lower === 'a' || lower === 'an';
    if (
      Object.hasOwn(units, lower) &&
      last !== 'unit' &&
      !(last === 'tens' && (units[lower] ?? 0) > 9)
    ) {
      group += units[lower] ?? 0;
      last = 'unit';
    } else if (Object.hasOwn(tens, lower) && last !== 'unit' && last !== 'tens') {
      group += tens[lower] ?? 0;
      last = 'tens';
    } else if (Object.hasOwn(scales, lower) && last !== undefined) {
      const scale = scales[lower] ?? 1;
      if (scale === 100) group *= 100;
      else {
        total += group * scale;
        group = 0;
      }
      last = 'scale';
    } else if (isArticle && last === undefined && isScaleAt(text, word.end)) {
      group = 1;
      last = 'unit';
      at = skipJoint(text, word.end);
      continue;
    } else if (lower === 'and' && last === 'scale' && isSmallAt(text, word.end)) {
      at = skipJoint(text, word.end);
      continue;
    } else break;
    end = word.end;
    at = skipJoint(text, word.end);
  }
  if (end < 0) return undefined;
  const whole = String(total + group);
  const decimals = readDecimals(text, end);
  return decimals
    ? { value: `${whole}.${decimals.value}`, end: decimals.end }
    : { value: whole, end };
}

/** The factor of "thousand", "million" and so on after digits, as in "2 million". */
export function readScale(text: string, start: number): { zeros: number; end: number } | undefined {
  const han = { 百: 2, 千: 3, 万: 4, 百万: 6, 千万: 7, 亿: 8 };
  for (const [name, zeros] of Object.entries(han).toReversed()) {
    if (text.startsWith(name, start)) return { zeros, end: start + name.length };
  }
  const word = wordAt(text, skipJoint(text, start));
  const scale = word && Object.hasOwn(scales, word.lower) ? scales[word.lower] : undefined;
  return word && scale ? { zeros: Math.round(Math.log10(scale)), end: word.end } : undefined;
}

/** Moves the decimal point of a numeral to the right, without rounding. */
export function shiftDecimal(numeral: string, zeros: number): string {
  const [whole = '0', decimals = ''] = numeral.split('.');
  const moved = whole + decimals.slice(0, zeros).padEnd(zeros, '0');
  const rest = decimals.slice(zeros);
  return (moved.replace(/^0+(?=\d)/u, '') || '0') + (rest ? `.${rest}` : '');
}

const hanDigits = '零一二三四五六七八九';
const hanUnits: Record<string, number> = { 十: 10, 百: 100, 千: 1_000 };
const hanScales: Record<string, number> = { 万: 10_000, 亿: 100_000_000 };
const hanNumeral =
  /[零〇一二两三四五六七八九十百千万亿]{1,24}(?:点[零〇一二三四五六七八九]{1,12})?/uy;
/** Words that begin with a numeral and are none. */
const hanIdiom =
  /一[下起样些共直点般定会旦边面切律同次]|十分|千万(?!\s*[加减乘除])别|万一|三明治|百度|四处|两者/uy;

/** Reads numerals such as "二十三", "两百零五", "三点五", "一二三" from a position on. */
export function readChineseNumber(text: string, start: number): NumberSpan | undefined {
  hanIdiom.lastIndex = start;
  hanNumeral.lastIndex = start;
  if (hanIdiom.test(text)) return undefined;
  const match = hanNumeral.exec(text)?.[0];
  if (!match) return undefined;
  const [whole = '', decimals] = match.split('点');
  const value = /[十百千万亿]/u.test(whole) ? String(readGroups(whole)) : toDigits(whole);
  const number = decimals ? `${value}.${toDigits(decimals)}` : value;
  return { value: number, end: start + match.length };
}

function readGroups(numeral: string): number {
  let total = 0;
  let section = 0;
  let digit = 0;
  let lastUnit = 1;
  for (const character of numeral) {
    const unit = hanUnits[character];
    const scale = hanScales[character];
    if (unit) {
      section += (digit || 1) * unit;
      digit = 0;
      lastUnit = unit;
    } else if (scale) {
      // 一万亿 is a scale of what came before; 三万五千 starts a new section.
      total = section + digit === 0 ? total * scale : total + (section + digit) * scale;
      section = 0;
      digit = 0;
      lastUnit = scale;
    } else {
      const value = toDigit(character);
      if (value === 0) lastUnit = 1;
      else digit = value;
    }
  }
  // 一百五 is 150, 一百零五 is 105.
  return total + section + (digit > 0 && lastUnit >= 100 ? (digit * lastUnit) / 10 : digit);
}

function toDigits(numeral: string): string {
  return numeral.replace(/./gu, (digit) => String(toDigit(digit)));
}

function toDigit(character: string): number {
  if (character === '两') return 2;
  return Math.max(0, hanDigits.indexOf(character));
}

function readDecimals(text: string, start: number): NumberSpan | undefined {
  let word = wordAt(text, skipJoint(text, start));
  if (word?.lower !== 'point') return undefined;
  let value = '';
  let { end } = word;
  for (;;) {
    word = wordAt(text, skipJoint(text, end));
    const digit = word && Object.hasOwn(units, word.lower) ? units[word.lower] : undefined;
    if (!word || digit === undefined || digit > 9) break;
    value += String(digit);
    ({ end } = word);
  }
  return value ? { value, end } : undefined;
}

const wordPattern = /[A-Za-z]{1,20}(?![A-Za-z])/uy;

function wordAt(text: string, at: number): { lower: string; end: number } | undefined {
  wordPattern.lastIndex = at;
  const word = wordPattern.exec(text)?.[0];
  return word === undefined ? undefined : { lower: word.toLowerCase(), end: at + word.length };
}

/** Number words are joined by one space or hyphen. */
function skipJoint(text: string, at: number): number {
  return /[\s-]/u.test(text.charAt(at)) ? at + 1 : at;
}

function isScaleAt(text: string, at: number): boolean {
  const word = wordAt(text, skipJoint(text, at));
  return word !== undefined && Object.hasOwn(scales, word.lower);
}

function isSmallAt(text: string, at: number): boolean {
  const word = wordAt(text, skipJoint(text, at));
  return (
    word !== undefined && (Object.hasOwn(units, word.lower) || Object.hasOwn(tens, word.lower))
  );
}
