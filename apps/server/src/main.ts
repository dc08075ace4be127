import { existsSync } from 'node:fs';
import { AnyturnError, calculator, chooseModel, createWeather, currentTime } from '@anyturn/core';
import type { ChosenModel } from '@anyturn/core';
import { createAgent } from '@anyturn/runtime';
import { startServer } from '@anyturn/server';
import type { RunningServer } from '@anyturn/server';
import { startDemoModel } from '@anyturn/testing';

if (existsSync('.env')) process.loadEnvFile();

try {
  const choice = await chooseModel({ startDemo: startDemoModel });
  const server = await serve(choice).catch(async (error: unknown) => {
    await choice.close();
    throw error;
  });
  console.error(`Model: ${choice.provider}/${choice.modelId}. ${choice.reason}`);
  console.error(`Page:  ${server.url}`);
  console.error('Stop with Ctrl-C.');

  const stop = async (): Promise<void> => {
    process.once('SIGINT', () => process.exit(130)); // a second Ctrl-C does not wait
    await server.close();
    await choice.close();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} catch (error) {
  if (!AnyturnError.isInstance(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function serve(choice: ChosenModel): Promise<RunningServer> {
  const { HOST, PORT } = process.env;
  // Whoever tries the demo should not wait long for a network that is not there.
  const weather = createWeather(choice.demo ? { totalMs: 1_500 } : {});
  const assistant = createAgent({
    model: choice.model,
    tools: { weather, calculator, currentTime },
  });
  return startServer({
    agents: { assistant },
    models: Object.fromEntries(listFromEnv('ANYTURN_MODELS').map((name) => [name, name])),
    allowedHosts: listFromEnv('ANYTURN_ALLOWED_HOSTS'),
    allowedOrigins: listFromEnv('ANYTURN_ALLOWED_ORIGINS'),
    pageRoot: new URL('../../web/src/', import.meta.url),
    info: { provider: choice.provider, model: choice.modelId, reason: choice.reason },
    // Text that is no number stays no number, and is refused as a port with a remedy.
    ...(PORT && { port: Number(PORT) }),
    ...(HOST && { host: HOST }),
  });
}

/** `a, b` in the environment as `['a', 'b']`. */
function listFromEnv(name: string): string[] {
  const items = (process.env[name] ?? '').split(',').map((item) => item.trim());
  return items.filter((item) => item !== '');
}
