import type { Request, RequestHandler } from 'express';
import { refuse } from './http-error.ts';

export interface HostCheckOptions {
  /**
   * Names under which this server may be reached, besides loopback names and the address that the connection
   * came to. Without port, any case. `'*'` switches the check off.
   * @default []
   */
  allowedHosts?: readonly string[];
  /**
   * Other origins whose pages may call the server, such as `https://app.example.com`. They get CORS headers.
   * `'*'` allows all.
   * @default []
   */
  allowedOrigins?: readonly string[];
}

/**
 * Keeps foreign web pages away from a server that trusts its own machine: a `Host` it does not answer to means
 * DNS rebinding, an `Origin` that is not its own means cross-site request forgery. Both get 403.
 */
export function checkHost(options: HostCheckOptions = {}): RequestHandler {
  const { allowedHosts = [], allowedOrigins = [] } = options;
  const hosts = new Set(allowedHosts.map((host) => toHostname(host) ?? host.toLowerCase()));
  const origins = new Set(allowedOrigins.map((origin) => toOrigin(origin) ?? origin));

  return (req, res, next) => {
    const { host } = req.headers;
    if (!hosts.has('*') && !isOwnHost(req, hosts)) {
      return refuse(res, {
        code: 'forbidden',
        message:
          'This server does not answer to the name in the Host header. ' +
          'If the name is yours, add it to allowedHosts (in the apps: ANYTURN_ALLOWED_HOSTS).',
      });
    }

    const origin = req.headers.origin;
    if (origin === undefined) return next();
    res.vary('origin');
    if (isSameOrigin(origin, host)) return next();
    if (!origins.has('*') && !origins.has(toOrigin(origin) ?? '')) {
      return refuse(res, {
        code: 'forbidden',
        message:
          'Pages of this origin may not call this server. ' +
          'If the origin is yours, add it to allowedOrigins (in the apps: ANYTURN_ALLOWED_ORIGINS).',
      });
    }
    res.set({
      'access-control-allow-origin': origin,
      'access-control-expose-headers': 'retry-after',
    });
    next();
  };
}

/**
 * Refuses what a browser sends for a page of another site when it sends no `Origin`: images, scripts, links
 * and forms with GET. Without it, any page could start a run by showing an image.
 */
export const refuseCrossSite: RequestHandler = (req, res, next) => {
  const site = req.headers['sec-fetch-site'];
  const isForeign = site === 'cross-site' || site === 'same-site';
  if (!isForeign || req.headers.origin !== undefined) return next();
  refuse(res, {
    code: 'forbidden',
    message: 'Requests that another web page starts are refused. Open the URL directly.',
  });
};

/** Answers a CORS preflight. The origin was checked before. */
export function answerPreflight(methods: string): RequestHandler {
  return (req, res) => {
    res.set('allow', methods);
    if (res.hasHeader('access-control-allow-origin')) {
      res.set({
        'access-control-allow-methods': methods,
        'access-control-allow-headers': 'content-type, last-event-id',
        'access-control-max-age': '600',
      });
    }
    res.status(204).end();
  };
}

function isOwnHost(req: Request, hosts: ReadonlySet<string>): boolean {
  const name = toHostname(req.headers.host ?? '');
  if (name === undefined) return false;
  return isLoopback(name) || hosts.has(name) || name === localAddress(req);
}

function isLoopback(name: string): boolean {
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name)
  );
}

/** The address that the client connected to, as a URL writes it. */
function localAddress(req: Request): string | undefined {
  const address = req.socket.localAddress?.replace(/^::ffff:/, '');
  return address?.includes(':') ? `[${address}]` : address;
}

/** Schemes are not compared: behind a TLS proxy the server does not know its own. */
function isSameOrigin(origin: string, host: string | undefined): boolean {
  const url = parseUrl(origin);
  if (!url || !host || !/^https?:$/.test(url.protocol)) return false;
  return url.host === parseUrl(`${url.protocol}//${host}`)?.host;
}

/** The name in a `Host` header, without port and trailing dot; undefined when the header is more than that. */
function toHostname(host: string): string | undefined {
  if (!/^[\w.:[\]-]+$/.test(host)) return undefined;
  return parseUrl(`http://${host}`)?.hostname.replace(/\.$/, '') || undefined;
}

function toOrigin(origin: string): string | undefined {
  const parsed = parseUrl(origin)?.origin;
  return parsed === 'null' ? undefined : parsed;
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
