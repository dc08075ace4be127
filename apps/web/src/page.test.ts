import { existsSync } from 'node:fs';
import { createAgent } from '@anyturn/runtime';
import { calculator, createWeather, currentTime } from '@anyturn/core';
import { startServer } from '@anyturn/server';
import { createFakeVendor, reply } from '@anyturn/testing';
import type { FakeVendor, FakeVendorScript } from '@anyturn/testing';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';

const browserPath = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));
let browser: Browser | undefined;
const cleanups: (() => Promise<unknown>)[] = [];

beforeEach(async ({ skip }) => {
  // Where the tests are the gate, a missing browser must not look like success.
  if (browserPath === undefined && !process.env['CI']) {
    skip('No Chromium found: install it, or set CHROMIUM_PATH.');
  }
  browser ??= await chromium.launch({ executablePath: browserPath ?? 'chromium', args: flags });
}, 60_000);
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(() => browser?.close());

test('an answer appears once, letter by letter, with its tool calls, tokens and cost', async () => {
  const pieces = ['It is ', '12 °C ', 'in Beijing', ', and 17*23 = 391.\n', 'Enjoy! 👩‍👩‍👧'];
  const { page } = await openPage([
    reply.toolCalls([
      { name: 'weather', input: { city: 'Beijing' } },
      { name: 'calculator', input: { expression: '17*23' } },
    ]),
    reply.text(pieces, { chunkDelayMs: 40, usage: { prompt_tokens: 1234, completion_tokens: 56 } }),
  ]);
  const seen = await watchAnswer(page);

  await ask(page, 'What is the weather in Beijing and what is 17*23?');
  await page.waitForSelector('.usage');

  const answer = pieces.join('');
  expect(await page.locator('.answer').allTextContents()).toEqual([answer]);
  const growth = await seen();
  expect(growth.length).toBeGreaterThan(5);
  for (const text of growth) expect(answer.startsWith(text)).toBe(true);

  const cards = page.locator('.tool');
  expect(await cards.locator('.tool-name').allTextContents()).toEqual(['weather', 'calculator']);
  expect(await cards.nth(0).locator('.tool-brief').textContent()).toMatch(
    /^Beijing → -?[\d.]+ °C, [a-z ]+$/,
  );
  expect(await cards.nth(0).locator('.sample').textContent()).toBe('sample data');
  expect(await cards.nth(1).locator('.tool-brief').textContent()).toBe('17*23 → 391');
  expect(await cards.nth(1).locator('.sample').count()).toBe(0);
  await cards.nth(1).locator('summary').click();
  expect(await cards.nth(1).locator('.tool-input pre').innerText()).toContain(
    '"expression": "17*23"',
  );
  expect(await cards.nth(1).locator('.tool-output pre').innerText()).toContain('"result": 391');
  expect(await cards.locator('.tool-time').allTextContents()).toEqual([
    expect.stringMatching(/^(\d+|< 1) ms$/),
    expect.stringMatching(/^(\d+|< 1) ms$/),
  ]);

  expect(await page.locator('.tokens').textContent()).toMatch(/^1,\d{3} tokens in, \d+ out$/);
  expect(await page.locator('.cost').textContent()).toBe('price unknown');
  expect(await page.locator('.turn').getAttribute('aria-busy')).toBe('false');
});

test.each([
  ['a desktop', { width: 1280, height: 800 }],
  ['a phone', { width: 390, height: 844 }],
])(
  'a long conversation follows its newest answer on %s, until the reader scrolls up',
  async (_, size) => {
    const { page } = await openPage(() => reply.text('A line of the answer.\n'.repeat(12)));
    await page.setViewportSize(size);
    const distanceToEnd = () =>
      page.evaluate(() => {
        const { scrollHeight, clientHeight } = document.documentElement;
        return scrollHeight - clientHeight - scrollY;
      });

    for (let turn = 1; turn <= 6; turn++) {
      await ask(page, `Question ${turn}`);
      await page.waitForFunction(
        (count) => document.querySelectorAll('.usage').length === count,
        turn,
      );
      await expect.poll(distanceToEnd).toBeLessThan(4);
    }
    await page.evaluate(() => scrollTo({ top: 0 }));
    await expect.poll(() => page.locator('#latest').isVisible()).toBe(true);
  },
);

test.each([
  ['a desktop', { width: 1280, height: 800 }],
  ['a phone', { width: 390, height: 844 }],
])('a failure at the end of a long conversation is in view on %s', async (_, viewport) => {
  let requests = 0;
  const { page } = await openPage(
    () => (++requests > 5 ? reply.status(401) : reply.text('A line of the answer.\n'.repeat(12))),
    { viewport },
  );

  for (let turn = 1; turn <= 5; turn++) {
    await ask(page, `Question ${turn}`);
    await page.waitForSelector(`.turn:nth-child(${turn}) .usage`);
  }
  await page.evaluate(() => scrollTo({ top: 0 }));
  await page.locator('#latest').waitFor();
  await ask(page, 'Question 6');
  await page.waitForSelector('.error');

  await expect.poll(() => isAboveComposer(page, '.turn:last-child footer')).toBe(true);
  expect(await isAboveComposer(page, '.error')).toBe(true);
  expect(await page.locator('#latest').isVisible()).toBe(false);
});

test('a reader who scrolls up a little while the answer grows stays there', async () => {
  const lines = Array.from({ length: 60 }, (_, index) => `Line ${index}.\n`);
  const { page } = await openPage([reply.text(lines, { chunkDelayMs: 30 })]);
  await ask(page, 'Count');
  await page.getByText('Line 30.').waitFor();

  await page.mouse.move(600, 300);
  await page.mouse.wheel(0, -40);
  await page.locator('#latest').waitFor();
  const top = await page.evaluate(() => scrollY);
  await page.waitForSelector('.usage');

  expect(await page.evaluate(() => scrollY)).toBeLessThanOrEqual(top);
  await page.click('#latest');
  await expect.poll(() => isAboveComposer(page, '.usage')).toBe(true);
});

test('the page says that the demo model is no language model, before and in the answer', async () => {
  const { page } = await openPage([reply.text('Hi')], { model: 'demo-rules-1' });

  await page.waitForSelector('header .badge.demo');
  expect(await page.locator('header .badge').textContent()).toBe('offline demo — not an LLM');
  expect(await page.locator('#demo-hint').isVisible()).toBe(true);

  await ask(page, 'Hello');
  await page.waitForSelector('.usage');

  expect(await page.locator('.byline .badge').textContent()).toBe('offline demo — not an LLM');
  expect(await page.locator('.cost').textContent()).toBe('no cost: demo model');
});

test('a real model is not called a demo', async () => {
  const { page } = await openPage([reply.text('Hi')]);

  await ask(page, 'Hello');
  await page.waitForSelector('.usage');

  expect(await page.locator('.badge.demo').count()).toBe(0);
  expect(await page.locator('#model-name').textContent()).toBe('custom/fake-model');
});

test('a Chinese question gets its Chinese answer whole', async () => {
  const answer = '北京现在 12 °C，小雨；17*23 等于 391。🌧️ 出门请带伞。';
  const { page, vendor } = await openPage([reply.text(answer, { splitBytes: 5 })], {
    locale: 'zh-CN',
  });

  expect(await page.locator('#tagline').textContent()).toBe('问一个需要工具才能回答的问题。');
  await ask(page, '北京天气怎么样？另外 17*23 等于多少？');
  await page.waitForSelector('.usage');

  expect(await page.locator('.answer').allTextContents()).toEqual([answer]);
  expect(vendor.requests[0]?.body).toMatchObject({
    messages: [{ role: 'user', content: '北京天气怎么样？另外 17*23 等于多少？' }],
  });
});

test('the switch changes the language of everything, also of what is shown already', async () => {
  const { page } = await openPage([reply.text('Hi')]);
  await ask(page, 'Hello');
  await page.waitForSelector('.usage');

  await page.click('#language');

  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  expect(await page.locator('.cost').textContent()).toBe('价格未知');
  expect(await page.locator('.retry').textContent()).toBe('重新回答');
  await page.click('#language');
  expect(await page.locator('.cost').textContent()).toBe('price unknown');
});

test('the stop button ends the run at the vendor and keeps what was said', async () => {
  const { page, vendor } = await openPage([reply.text(['One, ', 'two, '], { stallAfter: 3 })]);
  await ask(page, 'Count');
  await page.getByText('One, two,').waitFor();

  await page.click('#stop');
  await page.waitForSelector('.notice');

  expect(await page.locator('.notice').textContent()).toBe('Stopped.');
  expect(await page.locator('.answer').textContent()).toBe('One, two, ');
  expect(await vendor.requests[0]?.ended).toMatchObject({ end: 'client-left' });
  expect(await page.locator('#send').isVisible()).toBe(true);
});

test('the next question brings the turns before it along', async () => {
  const { page, vendor } = await openPage([reply.text('First.'), reply.text('Second.')]);

  await ask(page, 'One?');
  await page.waitForSelector('.usage');
  await ask(page, 'Two?');
  await page.waitForSelector('.turn:nth-child(2) .usage');

  expect(vendor.requests[1]?.body).toMatchObject({
    messages: [
      { role: 'user', content: 'One?' },
      { role: 'assistant', content: 'First.' },
      { role: 'user', content: 'Two?' },
    ],
  });
});

test('a failure shows its reason, and asking again replaces it', async () => {
  const { page } = await openPage([reply.status(401), reply.text('Now it works.')]);
  await ask(page, 'Hello');
  await page.waitForSelector('.error');

  expect(await page.locator('.error code').textContent()).toBe('auth');
  expect(await page.locator('.error strong').textContent()).toBe('That did not work');
  expect(await page.locator('.error .message').textContent()).toMatch(/key/i);
  await page.click('.retry');
  await page.waitForSelector('.usage');

  expect(await page.locator('.turn').count()).toBe(1);
  expect(await page.locator('.answer').allTextContents()).toEqual(['Now it works.']);
  expect(await page.locator('.error').count()).toBe(0);
});

test('an answer that is cut and begins anew is there once', async () => {
  const pieces = ['The bridge ', 'is made ', 'of stone.'];
  const { page } = await openPage([
    reply.toolCalls([{ name: 'calculator', input: { expression: '1+1' } }], {
      text: 'Let me see.',
    }),
    reply.text(pieces, { resetAfter: 3, chunkDelayMs: 20 }),
    reply.text(pieces),
  ]);
  await ask(page, 'What is it made of?');
  await page.waitForSelector('.usage');
  expect(await page.locator('.answer').allTextContents()).toEqual(['Let me see.', pieces.join('')]);
  expect(await page.locator('.tool').count()).toBe(1);
  expect(await page.locator('.error').count()).toBe(0);
});

test('a Chinese page says in Chinese what went wrong, and keeps the words of the server', async () => {
  const { page } = await openPage([reply.status(401)], { locale: 'zh-CN' });
  await ask(page, '你好');
  await page.waitForSelector('.error');

  expect(await page.locator('.error strong').textContent()).toBe('密钥无效');
  expect(await page.locator('.error code').textContent()).toBe('auth');
  expect(await page.locator('.error .hint').textContent()).toContain('.env');
  expect(await page.locator('.error .message').textContent()).toMatch(/key/i);
  await page.click('#language');
  expect(await page.locator('.error strong').textContent()).toBe('That did not work');
  expect(await page.locator('.error .hint').isVisible()).toBe(false);
});

test('what the page itself writes about a tool is in its language', async () => {
  const { page } = await openPage(
    [
      reply.toolCalls([{ name: 'currentTime', input: { timeZone: 'Asia/Shanghai' } }]),
      reply.text('好'),
    ],
    { locale: 'zh-CN' },
  );
  await ask(page, '现在几点？');
  await page.waitForSelector('.usage');
  const brief = page.locator('.tool-brief');

  expect(await brief.textContent()).toMatch(/^Asia\/Shanghai → \d\d:\d\d，星期[一二三四五六日]$/);
  await page.click('#language');
  expect(await brief.textContent()).toMatch(/^Asia\/Shanghai → \d\d:\d\d, \w+day$/);
});

test('a server that is gone is told in words', async () => {
  const { page, close } = await openPage([]);
  await close();

  await ask(page, 'Hello');
  await page.waitForSelector('.error');

  expect(await page.locator('.error .hint').textContent()).toContain('server cannot be reached');
});

test('markup in a question, an answer or a tool is shown as text', async () => {
  const markup = '<img src=x onerror="document.title=1"><script>document.title=2</script>';
  const { page } = await openPage([
    reply.toolCalls([{ name: 'weather', input: { city: markup } }]),
    reply.text(['<img src=x ', markup]),
  ]);

  await ask(page, markup);
  await page.waitForSelector('.usage');

  expect(await page.locator('.answer').textContent()).toBe(`<img src=x ${markup}`);
  expect(await page.locator('#log img, #log script').count()).toBe(0);
  expect(await page.title()).toBe('anyturn');
});

test('an example asks its question, and Shift+Enter writes a new line', async () => {
  const { page, vendor } = await openPage([reply.text('Hi'), reply.text('Ho')]);

  await page.locator('.chip').first().click();
  await page.waitForSelector('.usage');
  await page.locator('#question').fill('one');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('two');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.turn:nth-child(2) .usage');

  expect(await page.locator('.question').allTextContents()).toEqual([
    "What's the weather in Beijing and what is 17*23?",
    'one\ntwo',
  ]);
  expect(vendor.requests.length).toBe(2);
});

test('without motion the text appears as it arrives', async () => {
  const { page } = await openPage([reply.text('All at once.')], { reducedMotion: 'reduce' });

  await ask(page, 'Hello');
  await page.waitForSelector('.usage');

  expect(await page.locator('.answer').allTextContents()).toEqual(['All at once.']);
});

test('on a phone nothing is wider than the screen', async () => {
  const { page } = await openPage(
    [
      reply.toolCalls([{ name: 'weather', input: { city: 'Llanfair'.repeat(20) } }]),
      reply.text('word'.repeat(100)),
    ],
    { viewport: { width: 360, height: 700 } },
  );

  await ask(page, 'x'.repeat(300));
  await page.waitForSelector('.usage');

  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBe(360);
});

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

async function openPage(
  script: FakeVendorScript,
  options: BrowserContextOptions & { model?: string } = {},
): Promise<{ page: Page; vendor: FakeVendor; close: () => Promise<void> }> {
  const { model = 'fake-model', ...contextOptions } = options;
  const vendor = await createFakeVendor({ script });
  cleanups.push(() => vendor.close());
  const { baseURL, apiKey } = vendor;
  const assistant = createAgent({
    model: { baseURL, model, apiKey },
    tools: { weather: createWeather({ offline: true }), calculator, currentTime },
  });
  const server = await startServer({
    agents: { assistant },
    port: 0,
    graceMs: 0,
    pageRoot: new URL('.', import.meta.url),
  });
  cleanups.push(() => server.close());
  const context = await browser!.newContext({ locale: 'en-US', ...contextOptions });
  cleanups.push(() => context.close());
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) problems.push(message.text());
  });
  cleanups.push(async () => expect(problems).toEqual([]));
  await page.goto(server.url);
  await page.waitForSelector('.chip');
  return { page, vendor, close: () => server.close() };
}

async function ask(page: Page, text: string): Promise<void> {
  await page.locator('#question').fill(text);
  await page.keyboard.press('Enter');
}

/** Whether an element is on the screen, and not behind the header or the composer. */
function isAboveComposer(page: Page, selector: string): Promise<boolean> {
  return page.locator(selector).evaluate((node) => {
    const { top, bottom } = node.getBoundingClientRect();
    const edge = document.querySelector('#composer')!.getBoundingClientRect().top;
    return top > document.querySelector('header')!.offsetHeight && bottom <= edge;
  });
}

/** Notes every state that the answer goes through. */
async function watchAnswer(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const states: string[] = [];
    Object.assign(window, { states });
    new MutationObserver(() => {
      const text = document.querySelector('.answer')?.textContent ?? '';
      if (text !== '' && text !== states.at(-1)) states.push(text);
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
  return () => page.evaluate(() => (window as unknown as { states: string[] }).states);
}
