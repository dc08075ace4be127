import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

test('without a key the demo model answers, the page is there, and SIGTERM ends it all', async () => {
  const server = await start({ ANYTURN_MODEL: 'demo' });
  const url = await server.url;

  const page = await fetch(url);
  const answer = await fetch(`${url}/api/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: 'What is 17*23?' }),
  });
  const text = await answer.text();
  server.stop();

  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(text).toMatch(/"type":"start".*"demo":true[^]*"type":"done"/);
  expect(await server.exit).toEqual({ code: 0, stderr: expect.stringContaining('demo-rules-1') });
}, 30_000);

test('the file .env is read', async () => {
  const server = await start({}, 'ANYTURN_MODEL=demo\nANYTURN_MODELS=demo-two/x, openai/gpt-5\n');

  const response = await fetch(`${await server.url}/api/models`);
  server.stop();

  expect(await response.json()).toMatchObject({
    agents: [
      {
        id: 'assistant',
        tools: ['weather', 'calculator', 'currentTime'],
        models: [{ demo: true }, { name: 'demo-two/x' }, { name: 'openai/gpt-5' }],
      },
    ],
  });
  await server.exit;
}, 30_000);

test('a missing key ends the start with the variable to set', async () => {
  const server = await start({ ANYTURN_MODEL: 'deepseek/deepseek-chat' });

  expect(await server.exit).toEqual({
    code: 1,
    stderr: expect.stringContaining('DEEPSEEK_API_KEY'),
  });
}, 30_000);

test('a PORT that is no port ends the start with its name and value', async () => {
  const server = await start({ ANYTURN_MODEL: 'demo', PORT: 'abc' });

  expect(await server.exit).toEqual({
    code: 1,
    stderr: expect.stringContaining('PORT is "abc"'),
  });
}, 30_000);

test('a server that other machines reach says that it asks for no login', async () => {
  const server = await start({ ANYTURN_MODEL: 'demo', HOST: '0.0.0.0' });
  await server.url;
  server.stop();

  expect(await server.exit).toMatchObject({ stderr: expect.stringContaining('no login') });
}, 30_000);

test('a port in use ends the start with what to do', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  cleanups.push(() => other.close());
  const { port } = other.address() as { port: number };

  const server = await start({ ANYTURN_MODEL: 'demo', PORT: String(port) });

  expect(await server.exit).toEqual({
    code: 1,
    stderr: expect.stringContaining(`Port ${port} is in use`),
  });
}, 30_000);

/** Runs the program in an empty folder, with nothing of this environment but the way to Node. */
async function start(env: Record<string, string>, dotEnv = '') {
  const folder = await mkdtemp(join(tmpdir(), 'anyturn-'));
  cleanups.push(() => rm(folder, { recursive: true }));
  if (dotEnv) await writeFile(join(folder, '.env'), dotEnv);

  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@anyturn/source', main], {
    cwd: folder,
    env: { PATH: process.env['PATH'], PORT: '0', ANYTURN_OFFLINE: '1', ...env },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  cleanups.push(() => child.kill('SIGKILL'));

  let stderr = '';
  const exit = new Promise<{ code: number | null; stderr: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, stderr }));
  });
  const url = new Promise<string>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      const found = /Page: +(\S+)/.exec(stderr)?.[1];
      if (found) resolve(found);
    });
  });
  return { url, exit, stop: () => child.kill('SIGTERM') };
}
