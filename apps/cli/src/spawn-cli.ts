import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// For the tests: the command line as a process of its own, far from the keys and the network of this machine.

export interface CliOptions {
  /** Added to an environment that has no keys and is offline. */
  env?: Record<string, string>;
  /** What is piped in; the pipe is closed after it. `null` leaves it open. @default '' */
  stdin?: string | null;
  /** @default an empty folder */
  cwd?: string;
}

export interface CliEnd {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  durationMs: number;
}

export interface CliProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<CliEnd>;
  /** Resolves to what stdout or stderr has so far, as soon as it holds the text; rejects when the process ends without it. */
  printed(stream: 'stdout' | 'stderr', text: string): Promise<string>;
}

/** Runs the command line to its end. */
export function runCli(words: readonly string[], options: CliOptions = {}): Promise<CliEnd> {
  return spawnCli(words, options).ended;
}

/** Starts the command line. */
export function spawnCli(words: readonly string[], options: CliOptions = {}): CliProcess {
  const { env = {}, stdin = '', cwd = emptyFolder } = options;
  const startedMs = performance.now();
  const child = spawn(process.execPath, ['--conditions=@anyturn/source', mainFile, ...words], {
    cwd,
    env: {
      PATH: process.env['PATH'],
      HOME: emptyFolder,
      ANYTURN_OFFLINE: '1',
      ANYTURN_NO_PROBE: '1',
      ...env,
    },
  });
  const texts = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      texts[stream] += text;
      for (const watcher of watchers) watcher();
    });
  }
  // A process that ends before it has read everything is part of some tests.
  child.stdin.on('error', () => {});
  if (stdin === null) child.stdin.write('');
  else child.stdin.end(stdin);

  const ended = new Promise<CliEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      resolve({ exitCode, signal, ...texts, durationMs: performance.now() - startedMs });
    });
  });
  return {
    child,
    ended,
    printed: (stream, text) =>
      new Promise((resolve, reject) => {
        const watcher = () => {
          if (!texts[stream].includes(text)) return;
          watchers.delete(watcher);
          resolve(texts[stream]);
        };
        watchers.add(watcher);
        watcher();
        void ended.then(() =>
          reject(new Error(`Ended without "${text}" on ${stream}: ${JSON.stringify(texts)}`)),
        );
      }),
  };
}

const mainFile = fileURLToPath(new URL('main.ts', import.meta.url));
const emptyFolder = mkdtempSync(join(tmpdir(), 'anyturn-cli-'));
