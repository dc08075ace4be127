interface SampleCity {
  name: string;
  nameZh: string;
  country: string;
  countryZh: string;
  temperatureC: number;
  /** WMO code, see `toConditions`. */
  weatherCode: number;
  humidityPercent: number;
  windSpeedKmh: number;
}

/** The day the sample pretends to be. Its values are invented, plausible for that season, and measure nothing. */
export const sampleDate = '2026-11-01';

/** The city of the sample that a name in English or Chinese means, with or without its country. */
export function findSampleCity(name: string): SampleCity | undefined {
  index ??= createIndex();
  return index.get(toKey(name));
}

/** How many cities the sample has, and the first few, for messages. */
export function describeSample(): string {
  const shown = rows.slice(0, 6).map(([name]) => name);
  return `${shown.join(', ')} and ${rows.length - shown.length} more big cities`;
}

type Row = readonly [
  name: string,
  nameZh: string,
  country: string,
  temperatureC: number,
  weatherCode: number,
  humidityPercent: number,
  windSpeedKmh: number,
];

const rows: readonly Row[] = [
  ['Beijing', '北京', 'China', 11.5, 1, 38, 9],
  ['Shanghai', '上海', 'China', 18.2, 2, 64, 14],
  ['Tokyo', '东京', 'Japan', 17.4, 2, 58, 12],
  ['Paris', '巴黎', 'France', 12.1, 61, 83, 17],
  ['London', '伦敦', 'United Kingdom', 11.3, 3, 86, 19],
  ['New York', '纽约', 'United States', 13.6, 1, 55, 16],
  ['Guangzhou', '广州', 'China', 25.3, 1, 61, 8],
  ['Shenzhen', '深圳', 'China', 26.1, 0, 63, 11],
  ['Chengdu', '成都', 'China', 16.7, 3, 79, 5],
  ['Chongqing', '重庆', 'China', 17.9, 51, 84, 4],
  ['Hangzhou', '杭州', 'China', 17.8, 2, 68, 9],
  ['Nanjing', '南京', 'China', 16.4, 1, 62, 11],
  ['Suzhou', '苏州', 'China', 17.3, 2, 66, 10],
  ['Wuhan', '武汉', 'China', 16.9, 2, 67, 8],
  ["Xi'an", '西安', 'China', 12.8, 45, 72, 6],
  ['Tianjin', '天津', 'China', 12.6, 1, 45, 12],
  ['Zhengzhou', '郑州', 'China', 14.2, 2, 54, 9],
  ['Changsha', '长沙', 'China', 17.1, 61, 80, 7],
  ['Qingdao', '青岛', 'China', 14.5, 1, 57, 18],
  ['Dalian', '大连', 'China', 11.9, 2, 52, 21],
  ['Shenyang', '沈阳', 'China', 6.3, 1, 49, 13],
  ['Harbin', '哈尔滨', 'China', 1.4, 71, 66, 15],
  ['Xiamen', '厦门', 'China', 23.7, 0, 65, 13],
  ['Kunming', '昆明', 'China', 16.2, 80, 70, 8],
  ['Sanya', '三亚', 'China', 28.4, 2, 74, 15],
  ['Urumqi', '乌鲁木齐', 'China', 3.2, 3, 58, 7],
  ['Lhasa', '拉萨', 'China', 8.6, 0, 27, 10],
  ['Hong Kong', '香港', 'China', 25.8, 1, 69, 14],
  ['Macau', '澳门', 'China', 25.5, 1, 71, 13],
  ['Osaka', '大阪', 'Japan', 18.1, 1, 56, 10],
  ['Seoul', '首尔', 'South Korea', 12.4, 0, 48, 9],
  ['Singapore', '新加坡', 'Singapore', 29.6, 95, 81, 8],
  ['Bangkok', '曼谷', 'Thailand', 30.8, 2, 70, 7],
  ['Jakarta', '雅加达', 'Indonesia', 31.2, 80, 75, 9],
  ['Kuala Lumpur', '吉隆坡', 'Malaysia', 29.9, 95, 82, 6],
  ['Manila', '马尼拉', 'Philippines', 29.4, 81, 78, 12],
  ['Hanoi', '河内', 'Vietnam', 24.6, 3, 73, 8],
  ['Delhi', '德里', 'India', 24.9, 45, 52, 5],
  ['Mumbai', '孟买', 'India', 30.3, 1, 62, 11],
  ['Dubai', '迪拜', 'United Arab Emirates', 30.5, 0, 51, 14],
  ['Istanbul', '伊斯坦布尔', 'Turkey', 15.7, 2, 69, 18],
  ['Moscow', '莫斯科', 'Russia', 2.7, 3, 84, 15],
  ['Berlin', '柏林', 'Germany', 9.4, 3, 82, 16],
  ['Munich', '慕尼黑', 'Germany', 8.2, 45, 88, 7],
  ['Madrid', '马德里', 'Spain', 14.8, 1, 59, 10],
  ['Barcelona', '巴塞罗那', 'Spain', 18.3, 1, 66, 13],
  ['Rome', '罗马', 'Italy', 17.6, 2, 71, 9],
  ['Milan', '米兰', 'Italy', 13.1, 51, 83, 5],
  ['Amsterdam', '阿姆斯特丹', 'Netherlands', 11.2, 80, 87, 24],
  ['Vienna', '维也纳', 'Austria', 10.3, 3, 78, 14],
  ['Zurich', '苏黎世', 'Switzerland', 9.1, 61, 85, 8],
  ['Stockholm', '斯德哥尔摩', 'Sweden', 5.8, 63, 89, 17],
  ['Cairo', '开罗', 'Egypt', 25.2, 0, 46, 12],
  ['Nairobi', '内罗毕', 'Kenya', 22.4, 80, 65, 13],
  ['Lagos', '拉各斯', 'Nigeria', 29.8, 95, 80, 9],
  ['Johannesburg', '约翰内斯堡', 'South Africa', 23.3, 95, 50, 14],
  ['Los Angeles', '洛杉矶', 'United States', 21.4, 0, 49, 10],
  ['San Francisco', '旧金山', 'United States', 16.3, 2, 72, 19],
  ['Chicago', '芝加哥', 'United States', 8.9, 3, 67, 22],
  ['Seattle', '西雅图', 'United States', 10.2, 63, 88, 13],
  ['Boston', '波士顿', 'United States', 11.8, 2, 61, 18],
  ['Washington', '华盛顿', 'United States', 14.4, 1, 57, 11],
  ['Toronto', '多伦多', 'Canada', 8.3, 61, 76, 20],
  ['Vancouver', '温哥华', 'Canada', 9.7, 63, 90, 12],
  ['Mexico City', '墨西哥城', 'Mexico', 18.9, 2, 53, 7],
  ['São Paulo', '圣保罗', 'Brazil', 22.7, 81, 76, 11],
  ['Rio de Janeiro', '里约热内卢', 'Brazil', 25.9, 2, 73, 14],
  ['Buenos Aires', '布宜诺斯艾利斯', 'Argentina', 20.6, 1, 60, 15],
  ['Sydney', '悉尼', 'Australia', 20.8, 1, 63, 20],
  ['Melbourne', '墨尔本', 'Australia', 16.5, 80, 68, 23],
  ['Auckland', '奥克兰', 'New Zealand', 16.9, 80, 77, 21],
];

/** Names of the countries other than the one in the rows; the first is the Chinese one. */
const countryNames: Readonly<Record<string, readonly [zh: string, ...others: string[]]>> = {
  Argentina: ['阿根廷'],
  Australia: ['澳大利亚', '澳洲'],
  Austria: ['奥地利'],
  Brazil: ['巴西'],
  Canada: ['加拿大'],
  China: ['中国', 'PRC', '中國'],
  Egypt: ['埃及'],
  France: ['法国'],
  Germany: ['德国'],
  India: ['印度'],
  Indonesia: ['印度尼西亚', '印尼'],
  Italy: ['意大利'],
  Japan: ['日本'],
  Kenya: ['肯尼亚'],
  Malaysia: ['马来西亚'],
  Mexico: ['墨西哥'],
  Netherlands: ['荷兰', 'The Netherlands', 'Holland'],
  'New Zealand': ['新西兰'],
  Nigeria: ['尼日利亚'],
  Philippines: ['菲律宾', 'The Philippines'],
  Russia: ['俄罗斯'],
  Singapore: ['新加坡'],
  'South Africa': ['南非'],
  'South Korea': ['韩国', 'Korea'],
  Spain: ['西班牙'],
  Sweden: ['瑞典'],
  Switzerland: ['瑞士'],
  Thailand: ['泰国'],
  Turkey: ['土耳其', 'Türkiye'],
  'United Arab Emirates': ['阿联酋', 'UAE'],
  'United Kingdom': ['英国', 'UK', 'England', 'Great Britain'],
  'United States': ['美国', 'USA', 'US', 'United States of America'],
  Vietnam: ['越南', 'Viet Nam'],
};

/** Other names of a city. Those with a state are listed whole: Paris, Texas must not find Paris. */
const cityAliases: Readonly<Record<string, readonly string[]>> = {
  Beijing: ['Peking'],
  Boston: ['Boston MA', 'Boston Massachusetts'],
  Chicago: ['Chicago IL', 'Chicago Illinois'],
  Delhi: ['New Delhi', '新德里'],
  Guangzhou: ['Canton', '廣州'],
  Harbin: ['哈爾濱'],
  'Hong Kong': ['Hongkong', 'HK', '中国香港'],
  'Los Angeles': ['LA', 'Los Angeles CA', 'Los Angeles California', '洛杉磯'],
  Macau: ['Macao', '澳門', '中国澳门'],
  'Mexico City': ['Ciudad de México', 'CDMX'],
  Milan: ['Milano'],
  Mumbai: ['Bombay'],
  Munich: ['München'],
  'New York': ['New York City', 'NYC', 'New York NY', '紐約'],
  Paris: ['Paris, Île-de-France'],
  'Rio de Janeiro': ['Rio', '里约'],
  Rome: ['Roma', '羅馬'],
  'San Francisco': ['SF', 'San Francisco CA', 'San Francisco California', '三藩市'],
  Seattle: ['Seattle WA', 'Seattle Washington'],
  Seoul: ['首爾', '서울'],
  Sydney: ['Sydney NSW', '雪梨'],
  Tokyo: ['東京', '东京都', '東京都'],
  Toronto: ['Toronto ON', 'Toronto Ontario'],
  Urumqi: ['Ürümqi', 'Wulumuqi'],
  Vancouver: ['Vancouver BC', 'Vancouver British Columbia'],
  Vienna: ['Wien'],
  Washington: ['Washington DC', 'Washington D.C.', '华盛顿特区', '华盛顿哥伦比亚特区'],
  "Xi'an": ['Sian'],
};

let index: Map<string, SampleCity> | undefined;

function createIndex(): Map<string, SampleCity> {
  const cities = new Map<string, SampleCity>();
  for (const row of rows) {
    const city = toCity(row);
    for (const name of [city.name, city.nameZh, ...(cityAliases[city.name] ?? [])]) {
      cities.set(toKey(name), city);
      for (const country of [city.country, ...(countryNames[city.country] ?? [])]) {
        cities.set(toKey(`${name} ${country}`), city);
        cities.set(toKey(`${country} ${name}`), city);
      }
    }
  }
  return cities;
}

function toCity([name, nameZh, country, temperatureC, weatherCode, ...air]: Row): SampleCity {
  const [humidityPercent, windSpeedKmh] = air;
  const countryZh = countryNames[country]?.[0] ?? country;
  return {
    name,
    nameZh,
    country,
    countryZh,
    temperatureC,
    weatherCode,
    humidityPercent,
    windSpeedKmh,
  };
}

/** "São Paulo" and "sao  paulo", "Xi'an" and "xian", "上海市" and "上海" are the same name. */
function toKey(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '')
    .replace(/市$/, '');
}
