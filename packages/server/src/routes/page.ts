import { readdirSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AnyturnError } from '@anyturn/core';
import type { RequestHandler } from 'express';

/**
 * Serves the files of one folder, with `index.html` at `/` and TypeScript as JavaScript. The folder is listed
 * once and only listed names are answered, so no path can lead out of it. Tests and hidden files are left out.
 *
 * @throws {AnyturnError} code `config` when the folder has no `index.html`.
 */
export function servePage(pageRoot: string | URL): RequestHandler {
  const folder = typeof pageRoot === 'string' ? pageRoot : fileURLToPath(pageRoot);
  const paths = new Map(listFiles(folder).map((name) => [`/${name}`, join(folder, name)]));
  const index = paths.get('/index.html');
  if (!index) {
    throw new AnyturnError({
      code: 'config',
      message: `No page in ${folder}: pageRoot must be a folder with an index.html.`,
    });
  }
  paths.set('/', index);
  const cache = new Map<string, CachedFile>();

  return async (req, res, next) => {
    const path = paths.get(req.path);
    if (!path || !['GET', 'HEAD'].includes(req.method)) return next();
    const file = await loadFile(path, cache);
    // Express adds the entity tag and answers 304 by itself.
    res.set(securityHeaders).set('content-type', file.contentType).send(file.content);
  };
}

interface CachedFile {
  modifiedMs: number;
  contentType: string;
  content: Buffer;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
};

const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-cache',
};

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && isServed(entry.name))
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

function isServed(name: string): boolean {
  return !name.startsWith('.') && !/\.(test|d)\.ts$/.test(name) && extname(name) in contentTypes;
}

/** Reads a file again only when it changed, so that the page can be edited while the server runs. */
async function loadFile(path: string, cache: Map<string, CachedFile>): Promise<CachedFile> {
  const { mtimeMs } = await stat(path);
  const cached = cache.get(path);
  if (cached?.modifiedMs === mtimeMs) return cached;
  const source = await readFile(path);
  const file = {
    modifiedMs: mtimeMs,
    contentType: contentTypes[extname(path)] ?? 'application/octet-stream',
    content: extname(path) === '.ts' ? Buffer.from(stripTypes(String(source))) : source,
  };
  cache.set(path, file);
  return file;
}

/** Node warns that its own API is new; whoever runs the server can do nothing about that. */
function stripTypes(source: string): string {
  // oxlint-disable-next-line typescript/unbound-method -- only put back, never called
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
