import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { chooseModel } from './choose-model.ts';
import type { ChooseModelOptions, ChosenModel } from './choose-model.ts';
import type { LocalProbe } from './local-server.ts';

const ollamaList = {
  models: [{ name: 'qwen3:4b', model: 'qwen3:4b', details: { family: 'qwen3' } }],
};
const lmStudioList = { object: 'list', data: [{ id: 'google/gemma-4', object: 'model' }] };
const llamaCppList = { object: 'list', data: [{ id: 'tiny.gguf', owned_by: 'llamacpp' }] };

describe('the order', () => {
  const everything = {
    ANYTURN_MODEL: 'qwen/qwen-max',
    ANYTURN_BASE_URL: 'http://127.0.0.1:9/v1',
    DASHSCOPE_API_KEY: 'key-of-qwen',
    DEEPSEEK_API_KEY: 'key-of-deepseek',
    DEEPSEEK_BASE_URL: 'http://127.0.0.1:9/deepseek',
  };

  test('a model that is named wins over everything in the environment', async () => {
    expect(summary(await choose({ model: 'deepseek/deepseek-v4-pro', env: everything }))).toEqual([
      'deepseek/deepseek-v4-pro',
      'The model was named.',
    ]);
  });

  test('ANYTURN_MODEL wins over base URLs and keys', async () => {
    expect(summary(await choose({ env: everything }))).toEqual([
      'qwen/qwen-max',
      'ANYTURN_MODEL is set.',
    ]);
  });

  test('a base URL wins over keys', async () => {
    const { DEEPSEEK_API_KEY, DEEPSEEK_BASE_URL } = everything;
    const env = { OPENAI_API_KEY: 'key-of-openai', DEEPSEEK_API_KEY, DEEPSEEK_BASE_URL };
    expect(summary(await choose({ env }))).toEqual([
      'deepseek/deepseek-flash',
      'DEEPSEEK_BASE_URL is set.',
    ]);
  });

  test('of several keys the first in the order of the providers wins, and the reason names the others', async () => {
    const env = {
      ZHIPUAI_API_KEY: 'c',
      DASHSCOPE_API_KEY_1: 'b',
      DEEPSEEK_API_KEY: 'a',
      MOONSHOT_API_KEY: 'd',
    };
    const chosen = await choose({ env });
    expect(chosen.provider).toBe('deepseek');
    expect(chosen.reason).toMatch(
      /^DEEPSEEK_API_KEY is set \(also found: DASHSCOPE_API_KEY, MOONSHOT_API_KEY, \w+\)\.$/,
    );
  });

  test('a key that belongs to one region opens that region', async () => {
    const urls: string[] = [];
    const fetch = async (url: string | URL | Request) => {
      urls.push(url instanceof Request ? url.url : url.toString());
      return Response.json({ error: { message: 'no' } }, { status: 400 });
    };
    const chosen = await choose({ env: { HUNYUAN_API_KEY: 'key-of-hunyuan' }, fetch });
    await callOnce(chosen);
    expect(urls).toEqual(['https://api.hunyuan.cloud.tencent.com/v1/chat/completions']);
  });

  test('a key wins over a local server', async () => {
    const probes = [await serve('ollama', json(ollamaList))];
    expect((await choose({ env: { DEEPSEEK_API_KEY: 'a' }, probe: true, probes })).provider).toBe(
      'deepseek',
    );
  });

  test('with nothing configured the demo model is chosen, at no cost', async () => {
    const chosen = await choose({});
    expect(chosen).toMatchObject({
      provider: 'demo',
      modelId: 'demo-rules-1',
      demo: true,
      reason: 'No model is named, and no key or base URL is set.',
    });
  });

  test('empty variables count as unset', async () => {
    const env = { ANYTURN_MODEL: ' ', ANYTURN_BASE_URL: '', DEEPSEEK_API_KEY: ' ' };
    expect((await choose({ env })).demo).toBe(true);
  });
});

describe('the demo model', () => {
  test.each(['demo', 'demo/demo-rules-1', 'DEMO'])(
    'is chosen by %s, also when a key is set',
    async (model) => {
      expect(await choose({ model, env: { DEEPSEEK_API_KEY: 'a' } })).toMatchObject({
        demo: true,
        modelId: 'demo-rules-1',
        reason: 'The model was named.',
      });
    },
  );

  test('is not started for any other choice', async () => {
    const demo = demoStarter();
    await choose({ model: 'deepseek', env: { DEEPSEEK_API_KEY: 'a' }, startDemo: demo.start });
    expect(demo.log).toEqual([]);
  });

  test('is stopped by close()', async () => {
    const demo = demoStarter();
    const chosen = await choose({ startDemo: demo.start });
    await chosen.close();
    expect(demo.log).toEqual(['start', 'close']);
  });

  test('has one model; another id is refused, and what was started is stopped', async () => {
    const demo = demoStarter();
    await expect(choose({ model: 'demo/gpt-9', startDemo: demo.start })).rejects.toMatchObject({
      code: 'model_not_found',
      message: 'The offline demo has one model: "demo" or "demo/demo-rules-1".',
    });
    expect(demo.log).toEqual(['start', 'close']);
  });

  test('that cannot be started leaves an error with the next step', async () => {
    await expect(chooseModel({ env: {}, probe: false })).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining('Set a key such as DEEPSEEK_API_KEY'),
    });
  });
});

describe('what was configured but cannot be used is an error, never the demo model', () => {
  test.each([
    ['an unknown provider', { ANYTURN_MODEL: 'nobody/model' }, 'Unknown provider "nobody"'],
    [
      'a wrong name in a variable',
      { ANYTURN_MODEL: 'nobody/model' },
      'The model comes from ANYTURN_MODEL.',
    ],
    ['a malformed name in a variable', { ANYTURN_MODEL: 'a b' }, 'comes from ANYTURN_MODEL.'],
    ['a missing key', { ANYTURN_MODEL: 'deepseek' }, 'DEEPSEEK_API_KEY'],
    [
      'a base URL that is none',
      { OPENAI_BASE_URL: 'nonsense', OPENAI_API_KEY: 'a' },
      'OPENAI_BASE_URL',
    ],
    [
      'a base URL without a model',
      { ANYTURN_BASE_URL: 'http://127.0.0.1:9/v1' },
      'ANYTURN_BASE_URL is set, but no model is named. Set ANYTURN_MODEL=custom/<model id>',
    ],
    [
      'a local server that does not answer',
      { VLLM_BASE_URL: 'http://127.0.0.1:9/v1' },
      'VLLM_BASE_URL is set, but no model is named and the server lists none.',
    ],
    ['a key with a line end', { DEEPSEEK_API_KEY: 'abc\ndef' }, 'characters that no key has'],
  ])('%s', async (_, env, message) => {
    const demo = demoStarter();
    await expect(choose({ env, startDemo: demo.start })).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining(message),
    });
    expect(demo.log).toEqual([]);
  });

  test('no message holds a key', async () => {
    const env = { DEEPSEEK_API_KEY: 'very secret\nkey' };
    await expect(choose({ env })).rejects.toSatisfy((error) => !String(error).includes('secret'));
  });
});

describe('local servers', () => {
  test('are found by the model list they answer with, and their first model is used', async () => {
    const probes = [await serve('ollama', json(ollamaList))];
    const chosen = await choose({ probe: true, probes });
    expect(summary(chosen)).toEqual([
      'ollama/qwen3:4b',
      `Ollama answers at ${new URL(probes[0]!.origin).host}, and qwen3:4b is its first model.`,
    ]);
  });

  test.each([
    ['lmstudio', lmStudioList, 'google/gemma-4'],
    ['llamacpp', llamaCppList, 'tiny.gguf'],
  ] as const)('%s is found', async (provider, list, modelId) => {
    const probes = [await serve(provider, json(list))];
    expect(await choose({ probe: true, probes })).toMatchObject({ provider, modelId });
  });

  test('are called where they were found', async () => {
    const paths: (string | undefined)[] = [];
    const probe = await serve('ollama', (request, response) => {
      paths.push(request.url);
      json(ollamaList)(request, response);
    });
    await callOnce(await choose({ probe: true, probes: [probe] }));
    expect(paths).toEqual(['/api/tags', '/v1/chat/completions']);
  });

  test('are preferred in the order given, also when a later one answers sooner', async () => {
    const probes = [
      await serve('ollama', (request, response) => {
        setTimeout(() => json(ollamaList)(request, response), 60);
      }),
      await serve('lmstudio', json(lmStudioList)),
    ];
    expect((await choose({ probe: true, probes })).provider).toBe('ollama');
  });

  test.each<[string, LocalProbe['provider'], RequestListener]>([
    ['a page', 'llamacpp', (_, response) => response.end('<!doctype html><title>Jenkins</title>')],
    ['a health check', 'llamacpp', json({ status: 'ok' })],
    ['the model list of another server', 'llamacpp', json(lmStudioList)],
    ['an empty list', 'ollama', json({ models: [] })],
    ['only embedding models', 'ollama', json({ models: [{ name: 'nomic-embed-text:latest' }] })],
    [
      'only models of a cloud',
      'ollama',
      json({ models: [{ name: 'gpt-oss:120b-cloud', remote_host: 'https://ollama.com:443' }] }),
    ],
    ['ids that are no text', 'lmstudio', json({ data: [{ id: 7 }, null, 'x', { id: '' }] })],
    ['an error', 'ollama', (_, response) => response.writeHead(500).end('{"models":[]}')],
    [
      'a redirect',
      'ollama',
      (_, response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
    ],
    ['nothing at all', 'ollama', () => {}],
    ['a list without end', 'ollama', (_, response) => endless(response)],
  ])('that answer with %s are passed over within the time', async (_, provider, listener) => {
    const probes = [await serve(provider, listener)];
    const startedMs = performance.now();
    expect(await choose({ probe: true, probes })).toMatchObject({
      demo: true,
      reason: expect.stringContaining('no local model server answers'),
    });
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });

  test.each(['CI', 'ANYTURN_OFFLINE', 'ANYTURN_NO_PROBE'])(
    'are not asked when %s is set',
    async (name) => {
      let asked = 0;
      const probes = [
        await serve('ollama', (request, response) => {
          asked++;
          json(ollamaList)(request, response);
        }),
      ];
      const { startDemo } = { startDemo: demoStarter().start };
      expect((await chooseModel({ env: { [name]: '1' }, probes, startDemo })).demo).toBe(true);
      expect(asked).toBe(0);
    },
  );

  test.each(['', '0', 'false'])('are asked when CI is "%s"', async (CI) => {
    const probes = [await serve('ollama', json(ollamaList))];
    expect((await chooseModel({ env: { CI }, probes })).provider).toBe('ollama');
  });

  test.each([
    ['host and port', (port: string) => `127.0.0.1:${port}`],
    ['every address of this machine', (port: string) => `0.0.0.0:${port}`],
    ['a port alone', (port: string) => `:${port}`],
    ['a URL', (port: string) => `http://localhost:${port}/`],
  ])('Ollama is asked where OLLAMA_HOST says, written as %s', async (_, write) => {
    const { origin } = await serve('ollama', json(ollamaList));
    const env = { OLLAMA_HOST: write(new URL(origin).port) };
    expect(await choose({ env, probe: true })).toMatchObject({ modelId: 'qwen3:4b' });
  });

  test('that are named by their base URL are asked for their first model, with the key', async () => {
    const seen: unknown[] = [];
    const { origin } = await serve('lmstudio', (request, response) => {
      seen.push([request.url, request.headers.authorization]);
      json({ data: [{ id: 'text-embedding-nomic' }, { id: 'qwen3' }] })(request, response);
    });
    const env = { VLLM_BASE_URL: `${origin}/v1/`, VLLM_API_KEY: 'key-of-vllm' };
    expect(summary(await choose({ env }))).toEqual([
      'vllm/qwen3',
      'VLLM_BASE_URL is set, and qwen3 is its first model.',
    ]);
    expect(seen).toEqual([['/v1/models', 'Bearer key-of-vllm']]);
  });

  test('are not waited for when the signal fires', async () => {
    const probes = [await serve('ollama', () => {})];
    const signal = AbortSignal.timeout(20);
    await expect(choose({ probe: true, probes, signal })).rejects.toMatchObject({
      code: 'aborted',
    });
  });
});

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

function choose(options: ChooseModelOptions): Promise<ChosenModel> {
  return chooseModel({ env: {}, probe: false, startDemo: demoStarter().start, ...options });
}

function summary({ provider, modelId, reason }: ChosenModel): [string, string] {
  return [`${provider}/${modelId}`, reason];
}

function demoStarter() {
  const log: string[] = [];
  return {
    log,
    start: async () => {
      log.push('start');
      return {
        baseURL: 'http://127.0.0.1:9/v1',
        apiKey: 'demo-key',
        modelId: 'demo-rules-1',
        close: async () => void log.push('close'),
      };
    },
  };
}

async function serve(
  provider: LocalProbe['provider'],
  listener: RequestListener,
): Promise<LocalProbe> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { provider, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function json(value: unknown): RequestListener {
  return (_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  };
}

function endless(response: Parameters<RequestListener>[1]): void {
  const write = () => {
    while (!response.destroyed && response.write(' '.repeat(65_536)));
  };
  response.on('drain', write);
  write();
}

/** One call whose failure does not matter. */
async function callOnce({ model }: ChosenModel): Promise<void> {
  const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hi' }] }];
  await Promise.resolve(model.doGenerate({ prompt })).catch(() => {});
}
