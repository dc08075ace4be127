/** Words that are never a place by themselves, lower case. Known cities win over this list. */
export const commonWords: ReadonlySet<string> = new Set(
  `a about above across actually add added after again ago ahead air all also although always am among an and another any
  anyone anything anyway are area around as ask at average away bad be because been before being below best better between bit book both
  bring but buy by bye calc calculate calculation can car carry celsius centigrade check chilly city climate clock close clothes cloud clouds cloudy
  coat cold colder coldest come coming compare compared comparison compute conditions convert cool cooler coolest could country cube cubed
  currently current daily date day days dear degree degrees deg depending did difference different divide divided do does doing don't done double dress dry
  during each early either else equal equals error even evening ever every exact exactly expect expected explain fahrenheit fact fall
  far favorite feel feeling feels fetch few figure find fine first fly flying fog foggy following for forecast forecasts freezing friday from full
  general get getting give given go going gonna good got great greetings guess had hail half happen has have having he heat hello help her here
  hers hey hi higher highest him his hot hotter hottest hour hours how however humid humidity i i'd i'll i'm i've if important in
  information info inside instead into is isn't it it's its jacket january february march april may june july august
  september october november december just kindly know last late later least leave less let let's like likely list local location long
  look looking looks lot lower lowest lunch make many map math maybe me mean meaning meet mention met midnight mild minus
  minute minutes moment monday month months more morning most much multiplied multiply my name near nearby need needed never new next nice
  night no noon nor not now number o'clock of off office often ok okay old on once one only open or other others our out outdoor outdoors outside
  over overcast pack part percent perhaps picnic pick place places plan planning please plus possible power precipitation prepare probably
  product provide pull put question quick quickly quotient rain raincoat raining rains rainy rather read ready real really report reports result
  right root run running same saturday say scale season second see seem send set several shall she shine shorts should show
  sir size sky snow snowing snows snowy so some someone something soon sorry sort spring square squared start state still storm stormy
  street subtract such sum summer sun sunday sunny sunscreen sure sweater take tell temp temps temperature temperatures than thank
  thanks that that's the their them then there there's these they thing things think third this those though thunderstorm
  thursday time times to today today's together tomorrow tonight too total town travel traveling travelling trip triple try tuesday
  twice two umbrella under unit units until up update us use using usually value versus very via visit visiting vs wait walk
  want warm warmer warmest was watch we wear weather wednesday week weekend weeks well were wet what what's whats when where where's
  whether which while who who's whose why will wind windy wind-speed winter wise wish with within without won't wondering wonder word work world
  would write wrong year years yes yesterday yet you you're your yours zone timezone moment degrees-celsius umbrellas afternoon
  zero three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty
  thirty forty fifty sixty seventy eighty ninety hundred thousand million billion point added multiplied raised modulo mod sqrt
  english chinese french german japanese spanish speak answer answers reply respond briefly short sentence sentences words json
  tool tools calculator function functions api model ai bot assistant chatgpt gpt claude llm demo anyturn offline online key keys
  c f km mph kmh kph am pm utc gmt est pst cet ist bst`
    .split(/\s+/u)
    .filter(Boolean),
);

/** Chinese words that are never a place, for cutting a sentence into words. The longest match wins. */
export const commonHanWords: ReadonlySet<string> = new Set(
  `的 了 吗 呢 吧 啊 呀 嘛 么 哦 哈 请 请问 问 问一下 想 想问 想知道 知道 告诉 告诉我 我 我们 你 你们 您 他 她 它 他们 帮 帮我 帮忙 给 给我 查 查询 查一下
  查查 看 看看 看一下 说 说说 讲 一下 下 今天 明天 后天 昨天 前天 今日 明日 今早 今晚 明早 明晚 现在 当前 目前 此刻 此时 刚才 最近 这几天 这两天 未来 周末 本周 下周 这周
  早上 上午 中午 下午 晚上 夜里 白天 凌晨 那里 那边 那儿 这里 这边 这儿 当地 本地 外面 室外 户外 天气 天气预报 气温 温度 气候 预报 情况 状况 怎么样 怎样 如何 怎么
  怎么说 咋样 多少 多少度 几度 度 摄氏 摄氏度 华氏 华氏度 热 冷 暖 暖和 凉 凉快 闷热 干燥 潮湿 湿度 湿 晴 晴天 晴朗 阴 阴天 多云 雨 雪 风 雾 霾 雾霾 下雨 下雪 刮风 有雨 有雪
  有风 大 小 大吗 大不大 雨伞 伞 带伞 带 带把伞 打伞 要 需要 要不要 需不需要 用 不用 会 会不会 能 能不能 可以 可不可以 可能 应该 该 是 是不是 不是 有 有没有 没有 没 不 也 都 还 还是 还有 再 就 才
  和 与 跟 同 及 以及 或 或者 比 比较 相比 对比 更 最 哪 哪个 哪里 哪儿 哪座 哪一个 哪边 哪些 谁 什么 什么样 为什么 时候 时间 几点 几点钟 几点了 几号 星期几 日期 点 钟 分 今 天 日 月 年 周
  号 在 到 去 从 往 来 对 把 被 让 被 由 于 向 离 里 上 中 内 外 边 市 省 县 区 国 城市 城 地区 地方 那 那么 这 这个 那个 然后 接着 另外 此外 顺便 同时 并且 而且 但是 不过 如果 的话 要是 因为 所以
  加 加上 减 减去 乘 乘以 除 除以 等于 得 得多少 等 计算 算 算一下 算算 算出 求 求出 平方 平方根 立方 次方 倍 之 和是 差 差多少 相差 温差 积 商 平均 平均值 平均数 平均气温 平均温度 总和 结果 数 换算 转换 换成 转成 转为 成 以 单位 表示
  高 低 高多少 低多少 高几度 低几度 热多少 冷多少 多 少 几 些 一 二 三 四 五 六 七 八 九 十 百 千 万 亿 零 两 点儿 一点 有点 很 太 真 好 挺 非常 特别 这么 那么 多么
  适合 合适 出门 出去 出行 旅游 旅行 玩 跑步 散步 户外活动 运动 穿 穿什么 衣服 外套 羽绒服 毛衣 短袖 厚 薄 打算 准备 计划 出差 飞 坐 开车 周边 附近 一起 分别 各 各自 各是 各自的 分别是 多大 
  你好 您好 谢谢 麻烦 麻烦你 劳驾 嗨 早 早安 晚安 再见 好的 好吗 行 行吗 对吗 呗 咯 喂 那儿的 的天气 预计 显示 实时 最新 具体 详细 大概 大约 左右 感觉 觉得 听说 是否 还会 要带 适不适合 冷不冷 热不热 晒 晒不晒 防晒 冻 冻不冻 凉不凉 淋雨 更热 更冷 最热 最冷`
    .split(/\s+/u)
    .filter(Boolean),
);

export const maxHanWordLength = 5;
