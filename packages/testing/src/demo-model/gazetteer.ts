/** A place whose name the rules know by heart. Any other name is passed to the tools as the user wrote it. */
export interface KnownPlace {
  /** English name, as given to a tool when the user wrote it in Latin letters. */
  readonly name: string;
  readonly nameZh: string | undefined;
  /** IANA time zone; `undefined` for a country with several. */
  readonly timeZone: string | undefined;
  readonly isCountry: boolean;
}

/** Finds a place by any of its names, lower case, without accents. */
export function findKnownPlace(name: string): KnownPlace | undefined {
  return byName.get(name) ?? byName.get(stripAccents(name));
}

/** The most words that an English name has. */
export const maxNameWords = 4;
/** The most characters that a Chinese name has. */
export const maxNameCharacters = 8;

/** The zone of a city that is in the IANA database by its own name, such as "Ushuaia" or "porto velho". */
export function findTimeZone(city: string): string | undefined {
  zonesByCity ??= new Map(
    Intl.supportedValuesOf('timeZone').map((zone) => [zone.split('/').at(-1)?.toLowerCase(), zone]),
  );
  return zonesByCity.get(stripAccents(city.toLowerCase()).replaceAll(' ', '_'));
}
let zonesByCity: Map<string | undefined, string> | undefined;

function stripAccents(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '');
}

/** Cities that are also English words count only with a capital letter or after a preposition. */
export const ambiguousNames: ReadonlySet<string> = new Set(
  'nice bath reading cork split phoenix orlando victoria turkey jordan georgia rio porto bali dali'.split(
    ' ',
  ),
);

// Names and zones as in the IANA time zone database; Chinese names are the common ones.
const cities = `
Beijing,Peking|北京,北平,帝都|Asia/Shanghai
Shanghai|上海,魔都|Asia/Shanghai
Guangzhou,Canton|广州|Asia/Shanghai
Shenzhen|深圳|Asia/Shanghai
Chengdu|成都|Asia/Shanghai
Chongqing|重庆|Asia/Shanghai
Hangzhou|杭州|Asia/Shanghai
Wuhan|武汉|Asia/Shanghai
Xi'an,Xian|西安|Asia/Shanghai
Nanjing|南京|Asia/Shanghai
Tianjin|天津|Asia/Shanghai
Suzhou|苏州|Asia/Shanghai
Qingdao|青岛|Asia/Shanghai
Dalian|大连|Asia/Shanghai
Shenyang|沈阳|Asia/Shanghai
Harbin|哈尔滨|Asia/Shanghai
Changchun|长春|Asia/Shanghai
Changsha|长沙|Asia/Shanghai
Zhengzhou|郑州|Asia/Shanghai
Jinan|济南|Asia/Shanghai
Xiamen|厦门|Asia/Shanghai
Fuzhou|福州|Asia/Shanghai
Kunming|昆明|Asia/Shanghai
Dali|大理|Asia/Shanghai
Lijiang|丽江|Asia/Shanghai
Guiyang|贵阳|Asia/Shanghai
Nanning|南宁|Asia/Shanghai
Guilin|桂林|Asia/Shanghai
Sanya|三亚|Asia/Shanghai
Haikou|海口|Asia/Shanghai
Lhasa|拉萨|Asia/Shanghai
Urumqi|乌鲁木齐|Asia/Urumqi
Lanzhou|兰州|Asia/Shanghai
Xining|西宁|Asia/Shanghai
Yinchuan|银川|Asia/Shanghai
Hohhot|呼和浩特|Asia/Shanghai
Taiyuan|太原|Asia/Shanghai
Shijiazhuang|石家庄|Asia/Shanghai
Hefei|合肥|Asia/Shanghai
Nanchang|南昌|Asia/Shanghai
Ningbo|宁波|Asia/Shanghai
Wuxi|无锡|Asia/Shanghai
Wenzhou|温州|Asia/Shanghai
Dongguan|东莞|Asia/Shanghai
Foshan|佛山|Asia/Shanghai
Zhuhai|珠海|Asia/Shanghai
Jiujiang|九江|Asia/Shanghai
Hotan|和田|Asia/Urumqi
Luoyang|洛阳|Asia/Shanghai
Yantai|烟台|Asia/Shanghai
Weihai|威海|Asia/Shanghai
Jilin|吉林|Asia/Shanghai
Huangshan|黄山|Asia/Shanghai
Mohe|漠河|Asia/Shanghai
Zhangjiajie|张家界|Asia/Shanghai
Hong Kong,HK|香港|Asia/Hong_Kong
Macau,Macao|澳门|Asia/Macau
Taipei|台北|Asia/Taipei
Kaohsiung|高雄|Asia/Taipei
Tokyo|东京|Asia/Tokyo
Osaka|大阪|Asia/Tokyo
Kyoto|京都|Asia/Tokyo
Sapporo|札幌|Asia/Tokyo
Nagoya|名古屋|Asia/Tokyo
Yokohama|横滨|Asia/Tokyo
Fukuoka|福冈|Asia/Tokyo
Okinawa|冲绳|Asia/Tokyo
Seoul|首尔|Asia/Seoul
Busan|釜山|Asia/Seoul
Pyongyang|平壤|Asia/Pyongyang
Ulaanbaatar,Ulan Bator|乌兰巴托|Asia/Ulaanbaatar
Singapore|新加坡|Asia/Singapore
Kuala Lumpur,KL|吉隆坡|Asia/Kuala_Lumpur
Bangkok|曼谷|Asia/Bangkok
Chiang Mai|清迈|Asia/Bangkok
Phuket|普吉岛,普吉|Asia/Bangkok
Hanoi|河内|Asia/Bangkok
Ho Chi Minh City,Saigon|胡志明市,西贡|Asia/Ho_Chi_Minh
Phnom Penh|金边|Asia/Phnom_Penh
Vientiane|万象|Asia/Vientiane
Yangon,Rangoon|仰光|Asia/Yangon
Manila|马尼拉|Asia/Manila
Jakarta|雅加达|Asia/Jakarta
Bali,Denpasar|巴厘岛|Asia/Makassar
Delhi,New Delhi|新德里,德里|Asia/Kolkata
Mumbai,Bombay|孟买|Asia/Kolkata
Bangalore,Bengaluru|班加罗尔|Asia/Kolkata
Kolkata,Calcutta|加尔各答|Asia/Kolkata
Chennai,Madras|金奈|Asia/Kolkata
Hyderabad|海得拉巴|Asia/Kolkata
Kathmandu|加德满都|Asia/Kathmandu
Dhaka|达卡|Asia/Dhaka
Colombo|科伦坡|Asia/Colombo
Karachi|卡拉奇|Asia/Karachi
Lahore|拉合尔|Asia/Karachi
Islamabad|伊斯兰堡|Asia/Karachi
Kabul|喀布尔|Asia/Kabul
Tashkent|塔什干|Asia/Tashkent
Almaty|阿拉木图|Asia/Almaty
Bishkek|比什凯克|Asia/Bishkek
Tehran|德黑兰|Asia/Tehran
Baghdad|巴格达|Asia/Baghdad
Dubai|迪拜|Asia/Dubai
Abu Dhabi|阿布扎比|Asia/Dubai
Doha|多哈|Asia/Qatar
Riyadh|利雅得|Asia/Riyadh
Jeddah|吉达|Asia/Riyadh
Mecca|麦加|Asia/Riyadh
Kuwait City|科威特城|Asia/Kuwait
Jerusalem|耶路撒冷|Asia/Jerusalem
Tel Aviv|特拉维夫|Asia/Jerusalem
Beirut|贝鲁特|Asia/Beirut
Damascus|大马士革|Asia/Damascus
Amman|安曼|Asia/Amman
Istanbul|伊斯坦布尔|Europe/Istanbul
Ankara|安卡拉|Europe/Istanbul
Tbilisi|第比利斯|Asia/Tbilisi
Yerevan|埃里温|Asia/Yerevan
Baku|巴库|Asia/Baku
Cairo|开罗|Africa/Cairo
Alexandria|亚历山大|Africa/Cairo
Casablanca|卡萨布兰卡|Africa/Casablanca
Marrakesh,Marrakech|马拉喀什|Africa/Casablanca
Tunis|突尼斯市|Africa/Tunis
Algiers|阿尔及尔|Africa/Algiers
Lagos|拉各斯|Africa/Lagos
Accra|阿克拉|Africa/Accra
Dakar|达喀尔|Africa/Dakar
Nairobi|内罗毕|Africa/Nairobi
Addis Ababa|亚的斯亚贝巴|Africa/Addis_Ababa
Kampala|坎帕拉|Africa/Kampala
Johannesburg|约翰内斯堡|Africa/Johannesburg
Cape Town|开普敦|Africa/Johannesburg
Durban|德班|Africa/Johannesburg
London|伦敦|Europe/London
Manchester|曼彻斯特|Europe/London
Liverpool|利物浦|Europe/London
Birmingham|伯明翰|Europe/London
Edinburgh|爱丁堡|Europe/London
Glasgow|格拉斯哥|Europe/London
Cardiff|加的夫|Europe/London
Belfast|贝尔法斯特|Europe/London
Oxford|牛津|Europe/London
Cambridge|剑桥|Europe/London
Bristol|布里斯托|Europe/London
Bath|巴斯|Europe/London
Reading||Europe/London
Dublin|都柏林|Europe/Dublin
Cork|科克|Europe/Dublin
Paris|巴黎|Europe/Paris
Lyon|里昂|Europe/Paris
Marseille|马赛|Europe/Paris
Nice|尼斯|Europe/Paris
Bordeaux|波尔多|Europe/Paris
Toulouse|图卢兹|Europe/Paris
Strasbourg|斯特拉斯堡|Europe/Paris
Monaco|摩纳哥|Europe/Monaco
Brussels|布鲁塞尔|Europe/Brussels
Antwerp|安特卫普|Europe/Brussels
Amsterdam|阿姆斯特丹|Europe/Amsterdam
Rotterdam|鹿特丹|Europe/Amsterdam
The Hague|海牙|Europe/Amsterdam
Luxembourg|卢森堡|Europe/Luxembourg
Berlin|柏林|Europe/Berlin
Munich,München|慕尼黑|Europe/Berlin
Hamburg|汉堡|Europe/Berlin
Frankfurt|法兰克福|Europe/Berlin
Cologne,Köln|科隆|Europe/Berlin
Stuttgart|斯图加特|Europe/Berlin
Düsseldorf,Dusseldorf|杜塞尔多夫|Europe/Berlin
Leipzig|莱比锡|Europe/Berlin
Dresden|德累斯顿|Europe/Berlin
Zurich,Zürich|苏黎世|Europe/Zurich
Geneva|日内瓦|Europe/Zurich
Bern|伯尔尼|Europe/Zurich
Vienna|维也纳|Europe/Vienna
Salzburg|萨尔茨堡|Europe/Vienna
Prague|布拉格|Europe/Prague
Budapest|布达佩斯|Europe/Budapest
Warsaw|华沙|Europe/Warsaw
Krakow,Kraków|克拉科夫|Europe/Warsaw
Rome|罗马|Europe/Rome
Milan|米兰|Europe/Rome
Venice|威尼斯|Europe/Rome
Florence|佛罗伦萨|Europe/Rome
Naples|那不勒斯|Europe/Rome
Turin|都灵|Europe/Rome
Genoa|热那亚|Europe/Rome
Madrid|马德里|Europe/Madrid
Barcelona|巴塞罗那|Europe/Madrid
Seville|塞维利亚|Europe/Madrid
Valencia|瓦伦西亚|Europe/Madrid
Lisbon|里斯本|Europe/Lisbon
Porto|波尔图|Europe/Lisbon
Athens|雅典|Europe/Athens
Thessaloniki|塞萨洛尼基|Europe/Athens
Sofia|索非亚|Europe/Sofia
Bucharest|布加勒斯特|Europe/Bucharest
Belgrade|贝尔格莱德|Europe/Belgrade
Zagreb|萨格勒布|Europe/Zagreb
Split||Europe/Zagreb
Sarajevo|萨拉热窝|Europe/Sarajevo
Copenhagen|哥本哈根|Europe/Copenhagen
Oslo|奥斯陆|Europe/Oslo
Bergen|卑尔根|Europe/Oslo
Stockholm|斯德哥尔摩|Europe/Stockholm
Gothenburg|哥德堡|Europe/Stockholm
Helsinki|赫尔辛基|Europe/Helsinki
Tallinn|塔林|Europe/Tallinn
Riga|里加|Europe/Riga
Vilnius|维尔纽斯|Europe/Vilnius
Reykjavik|雷克雅未克|Atlantic/Reykjavik
Kyiv,Kiev|基辅|Europe/Kyiv
Minsk|明斯克|Europe/Minsk
Moscow|莫斯科|Europe/Moscow
Saint Petersburg,St Petersburg|圣彼得堡|Europe/Moscow
Novosibirsk|新西伯利亚|Asia/Novosibirsk
Vladivostok|海参崴,符拉迪沃斯托克|Asia/Vladivostok
New York,New York City,NYC|纽约|America/New_York
Washington,Washington DC|华盛顿|America/New_York
Boston|波士顿|America/New_York
Philadelphia|费城|America/New_York
Miami|迈阿密|America/New_York
Orlando|奥兰多|America/New_York
Atlanta|亚特兰大|America/New_York
Detroit|底特律|America/Detroit
Pittsburgh|匹兹堡|America/New_York
Chicago|芝加哥|America/Chicago
Houston|休斯顿,休斯敦|America/Chicago
Dallas|达拉斯|America/Chicago
Austin|奥斯汀|America/Chicago
San Antonio|圣安东尼奥|America/Chicago
New Orleans|新奥尔良|America/Chicago
Nashville|纳什维尔|America/Chicago
Minneapolis|明尼阿波利斯|America/Chicago
St Louis,Saint Louis|圣路易斯|America/Chicago
Denver|丹佛|America/Denver
Salt Lake City|盐湖城|America/Denver
Phoenix|菲尼克斯,凤凰城|America/Phoenix
Las Vegas|拉斯维加斯|America/Los_Angeles
Los Angeles,LA|洛杉矶|America/Los_Angeles
San Francisco,SF|旧金山,三藩市|America/Los_Angeles
San Diego|圣迭戈,圣地亚哥市|America/Los_Angeles
San Jose|圣何塞|America/Los_Angeles
Seattle|西雅图|America/Los_Angeles
Portland|波特兰|America/Los_Angeles
Anchorage|安克雷奇|America/Anchorage
Honolulu|檀香山,火奴鲁鲁|Pacific/Honolulu
Toronto|多伦多|America/Toronto
Montreal|蒙特利尔|America/Toronto
Ottawa|渥太华|America/Toronto
Vancouver|温哥华|America/Vancouver
Calgary|卡尔加里|America/Edmonton
Mexico City|墨西哥城|America/Mexico_City
Cancun|坎昆|America/Cancun
Havana|哈瓦那|America/Havana
Panama City|巴拿马城|America/Panama
Bogota,Bogotá|波哥大|America/Bogota
Caracas|加拉加斯|America/Caracas
Quito|基多|America/Guayaquil
Lima|利马|America/Lima
La Paz|拉巴斯|America/La_Paz
Santiago|圣地亚哥|America/Santiago
Buenos Aires|布宜诺斯艾利斯|America/Argentina/Buenos_Aires
Montevideo|蒙得维的亚|America/Montevideo
São Paulo,Sao Paulo|圣保罗|America/Sao_Paulo
Rio de Janeiro,Rio|里约热内卢,里约|America/Sao_Paulo
Brasilia|巴西利亚|America/Sao_Paulo
Sydney|悉尼|Australia/Sydney
Melbourne|墨尔本|Australia/Melbourne
Brisbane|布里斯班|Australia/Brisbane
Perth|珀斯|Australia/Perth
Adelaide|阿德莱德|Australia/Adelaide
Darwin|达尔文|Australia/Darwin
Canberra|堪培拉|Australia/Sydney
Hobart|霍巴特|Australia/Hobart
Auckland|奥克兰|Pacific/Auckland
Wellington|惠灵顿|Pacific/Auckland
Christchurch|基督城|Pacific/Auckland
Queenstown|皇后镇|Pacific/Auckland
`;

const countries = `
China|中国|Asia/Shanghai
Taiwan|台湾|Asia/Taipei
Japan|日本|Asia/Tokyo
South Korea,Korea|韩国|Asia/Seoul
India|印度|Asia/Kolkata
Thailand|泰国|Asia/Bangkok
Vietnam|越南|Asia/Ho_Chi_Minh
Malaysia|马来西亚|Asia/Kuala_Lumpur
Philippines,the Philippines|菲律宾|Asia/Manila
Nepal|尼泊尔|Asia/Kathmandu
Pakistan|巴基斯坦|Asia/Karachi
Bangladesh|孟加拉国|Asia/Dhaka
Israel|以色列|Asia/Jerusalem
Turkey,Türkiye|土耳其|Europe/Istanbul
UAE,United Arab Emirates|阿联酋|Asia/Dubai
Saudi Arabia|沙特阿拉伯,沙特|Asia/Riyadh
Qatar|卡塔尔|Asia/Qatar
Iran|伊朗|Asia/Tehran
Egypt|埃及|Africa/Cairo
Morocco|摩洛哥|Africa/Casablanca
Kenya|肯尼亚|Africa/Nairobi
Nigeria|尼日利亚|Africa/Lagos
South Africa|南非|Africa/Johannesburg
UK,United Kingdom,Great Britain,Britain|英国|Europe/London
England|英格兰|Europe/London
Scotland|苏格兰|Europe/London
Wales|威尔士|Europe/London
Ireland|爱尔兰|Europe/Dublin
France|法国|Europe/Paris
Germany|德国|Europe/Berlin
Italy|意大利|Europe/Rome
Spain|西班牙|Europe/Madrid
Portugal|葡萄牙|Europe/Lisbon
Netherlands,the Netherlands,Holland|荷兰|Europe/Amsterdam
Belgium|比利时|Europe/Brussels
Switzerland|瑞士|Europe/Zurich
Austria|奥地利|Europe/Vienna
Poland|波兰|Europe/Warsaw
Czech Republic,Czechia|捷克|Europe/Prague
Hungary|匈牙利|Europe/Budapest
Greece|希腊|Europe/Athens
Sweden|瑞典|Europe/Stockholm
Norway|挪威|Europe/Oslo
Denmark|丹麦|Europe/Copenhagen
Finland|芬兰|Europe/Helsinki
Iceland|冰岛|Atlantic/Reykjavik
Ukraine|乌克兰|Europe/Kyiv
Russia|俄罗斯|
USA,US,United States,America|美国|
Canada|加拿大|
Mexico|墨西哥|
Brazil|巴西|
Argentina|阿根廷|America/Argentina/Buenos_Aires
Colombia|哥伦比亚|America/Bogota
Peru|秘鲁|America/Lima
Australia|澳大利亚,澳洲|
New Zealand|新西兰|Pacific/Auckland
Hawaii|夏威夷|Pacific/Honolulu
California|加州,加利福尼亚|America/Los_Angeles
Texas|德州,得克萨斯|America/Chicago
Florida|佛罗里达|America/New_York
Illinois|伊利诺伊|America/Chicago
Massachusetts|马萨诸塞|America/New_York
Georgia||America/New_York
Ontario|安大略|America/Toronto
Quebec|魁北克|America/Toronto
British Columbia||America/Vancouver
`;

const byName = new Map([
  ...readRows(countries, true),
  // After the countries: a city wins where a name is both.
  ...readRows(cities, false),
]);

function readRows(table: string, isCountry: boolean): [string, KnownPlace][] {
  return table
    .trim()
    .split('\n')
    .flatMap((row) => {
      const [english = '', chinese = '', timeZone] = row.split('|');
      const names = english.split(',');
      const namesZh = chinese.split(',').filter(Boolean);
      const name = names[0] ?? '';
      const place = { name, nameZh: namesZh[0], timeZone: timeZone || undefined, isCountry };
      const spellings = names.flatMap((spelling) => [
        spelling.toLowerCase(),
        stripAccents(spelling.toLowerCase()),
      ]);
      return [...spellings, ...namesZh].map((key): [string, KnownPlace] => [key, place]);
    });
}
