import { expect, test } from 'vitest';
import { countTokens } from './count-tokens.ts';
import { estimateTokens } from './estimate-tokens.ts';

test.each([
  ['english', 0.1],
  ['chinese', 0.2],
  ['code', 0.1],
  ['json', 0.2],
] as const)('the estimate of %s is off by no more than %f in all', async (kind, error) => {
  const counted = await Promise.all(samples[kind].map((text) => countTokens(text)));
  const ratio = sum(samples[kind].map(estimateTokens)) / sum(counted);
  expect(ratio).toBeGreaterThan(1 - error);
  expect(ratio).toBeLessThan(1 + error);
});

test('an empty text has no tokens, any other at least one', () => {
  expect(['', 'a', '。', '\u0000', '\ud800'].map(estimateTokens)).toEqual([0, 1, 1, 1, 1]);
});

test('ten million characters are estimated', () => {
  const tokens = ['word '.repeat(2e6), 'a'.repeat(1e7), '中'.repeat(1e7)].map(estimateTokens);
  expect(tokens[0]).toBeCloseTo(2e6, -5);
});

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

// Written for this purpose: the kinds of text that agents send.
const samples = {
  english: [
    'The ferry leaves at half past six, so we should be at the pier by six at the latest. Bring a warm coat: the deck is windy even in July, and the cabin fills up quickly with families and their luggage.',
    'Distributed systems fail in partial and surprising ways. A request may time out although the work was done, a retry may arrive before the original, and a clock may run backwards for a moment after synchronisation. Idempotency keys make the second attempt harmless.',
    'Please summarise the attached report in five bullet points. Mention the revenue of the third quarter, the two acquisitions, and any risk that the auditors raised. Keep the tone neutral and do not exceed 150 words.',
    "I've never understood why people like olives. My grandmother kept a jar on every table, and we'd politely move it aside whenever she wasn't looking. She noticed, of course; she simply refilled it.",
  ],
  chinese: [
    '渡轮六点半开船，所以我们最晚六点要到码头。请带一件厚外套：即使在七月，甲板上的风也很大，船舱里很快就会坐满带着行李的家庭。',
    '分布式系统的故障往往是局部的，而且出人意料。请求可能在工作已经完成之后才超时，重试可能比原始请求先到达，时钟在同步之后也可能短暂倒退。幂等键可以让第二次尝试变得无害。',
    '请用五个要点总结附件中的报告，提到第三季度的营业收入、两次收购以及审计师指出的风险。语气保持中立，不要超过一百五十个字。',
    '我一直不明白为什么有人喜欢吃苦瓜。外婆每个夏天都要炒上一大盘，我们总是趁她不注意悄悄推到一边。她当然看见了，只是笑着又给每个人夹了一筷子。',
  ],
  code: [
    `export async function loadInvoices(customerId: string, { limit = 50, signal }: LoadOptions = {}): Promise<Invoice[]> {
  const response = await fetch(\`\${baseUrl}/customers/\${customerId}/invoices?limit=\${limit}\`, { signal });
  if (!response.ok) {
    throw new HttpError(response.status, await response.text());
  }
  const { items } = (await response.json()) as { items: Invoice[] };
  return items.filter((invoice) => invoice.status !== 'draft').sort((a, b) => a.dueAt - b.dueAt);
}`,
    `class MovingAverage:
    """Mean of the last \`size\` values."""

    def __init__(self, size: int) -> None:
        if size <= 0:
            raise ValueError("size must be positive")
        self._values = deque(maxlen=size)
        self._total = 0.0

    def add(self, value: float) -> float:
        if len(self._values) == self._values.maxlen:
            self._total -= self._values[0]
        self._values.append(value)
        self._total += value
        return self._total / len(self._values)`,
    `SELECT c.name, COUNT(o.id) AS orders, SUM(o.total_cents) / 100.0 AS revenue
FROM customers AS c
LEFT JOIN orders AS o ON o.customer_id = c.id AND o.created_at >= DATE '2026-01-01'
WHERE c.country IN ('DE', 'FR', 'JP')
GROUP BY c.name
HAVING COUNT(o.id) > 3
ORDER BY revenue DESC NULLS LAST;`,
    `func (q *Queue) Pop(ctx context.Context) (Job, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.jobs) == 0 {
		if err := q.wait(ctx); err != nil {
			return Job{}, fmt.Errorf("waiting for a job: %w", err)
		}
	}
	job := q.jobs[0]
	q.jobs = q.jobs[1:]
	return job, nil
}`,
  ],
  json: [
    '{"city":"Hamburg","country":"DE","latitude":53.5511,"longitude":9.9937,"current":{"temperature_c":11.4,"feels_like_c":9.2,"humidity":82,"wind_kmh":23.7,"conditions":"light rain"},"observed_at":"2026-11-03T14:20:00Z"}',
    JSON.stringify(
      {
        type: 'object',
        properties: {
          query: { type: 'string', description: 'Words to look for' },
          maxResults: { type: 'integer', minimum: 1, maximum: 50, default: 10 },
          language: { type: 'string', enum: ['en', 'zh', 'de'] },
        },
        required: ['query'],
        additionalProperties: false,
      },
      null,
      2,
    ),
    '[{"id":"ord_81f3","sku":"LAMP-04","quantity":2,"unitPrice":"39.90","shipped":true},{"id":"ord_81f4","sku":"DESK-17","quantity":1,"unitPrice":"249.00","shipped":false},{"id":"ord_81f9","sku":"CHAIR-02","quantity":6,"unitPrice":"89.50","shipped":null}]',
    '{"订单":{"编号":"A20261103","客户":"李娜","商品":[{"名称":"台灯","数量":2,"单价":199.0},{"名称":"书架","数量":1,"单价":458.5}],"备注":"工作日送货，到达前请打电话"},"状态":"已发货"}',
  ],
} as const;
