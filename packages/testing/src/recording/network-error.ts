const resetCodes: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** How an exchange ended, in a word: `reset` for a broken connection, else the code of the error, else `failed`. */
export function nameNetworkError(error: unknown): string {
  for (let current = error, depth = 0; depth < 5; depth += 1) {
    const { code, cause } = Object(current) as { code?: unknown; cause?: unknown };
    if (typeof code === 'string') return resetCodes.has(code) ? 'reset' : code;
    current = cause;
  }
  return 'failed';
}

/** An error as `fetch` throws it, before the headers or in the middle of a body, for such a word. */
export function toNetworkError(name: string, message: 'fetch failed' | 'terminated'): TypeError {
  const code = name === 'reset' ? 'ECONNRESET' : name;
  const cause = Object.assign(new Error(`Replayed: ${code}`), name === 'failed' ? {} : { code });
  return new TypeError(message, { cause });
}
