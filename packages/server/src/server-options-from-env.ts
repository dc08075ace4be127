import { AnyturnError } from '@anyturn/core';
import type { Environment } from '@anyturn/core';
import type { ServerOptions } from './start-server.ts';

/**
 * What the ready apps read from the environment: `HOST`, `PORT`, and the comma lists `ANYTURN_MODELS`, `ANYTURN_ALLOWED_HOSTS` and
 * `ANYTURN_ALLOWED_ORIGINS`. Only what is set comes back.
 *
 * @throws {AnyturnError} code `config` when `PORT` is no port; the message says what it is.
 */
export function serverOptionsFromEnv(env: Environment): Partial<ServerOptions> {
  const host = env['HOST']?.trim();
  const port = env['PORT']?.trim();
  const models = list(env['ANYTURN_MODELS']);
  return {
    ...(host && { host }),
    ...(port && { port: toPort(port) }),
    ...(models.length > 0 && { models: Object.fromEntries(models.map((name) => [name, name])) }),
    allowedHosts: list(env['ANYTURN_ALLOWED_HOSTS']),
    allowedOrigins: list(env['ANYTURN_ALLOWED_ORIGINS']),
  };
}

/**
 * What to say when a server listens where other machines reach it: it asks for no login, and whoever reaches it spends the owner's
 * keys. Undefined for a loopback address.
 */
export function openServerWarning(host: string): string | undefined {
  if (/^(?:localhost|::1|127(?:\.\d{1,3}){3})$/i.test(host)) return undefined;
  return (
    `warning: ${host} can be reached from other machines, and the server asks for no login: whoever reaches it ` +
    'can use your API keys. Put a proxy with a login before it, or listen on 127.0.0.1.'
  );
}

function toPort(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new AnyturnError({
    code: 'config',
    message: `PORT is "${text.slice(0, 40)}"; it must be a whole number from 0 to 65535.`,
  });
}

/** `a, b` as `['a', 'b']`. */
function list(value: string | undefined): string[] {
  const items = (value ?? '').split(',').map((item) => item.trim());
  return items.filter((item) => item !== '');
}
