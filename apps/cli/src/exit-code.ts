import type { AnyturnError, ErrorCode } from '@anyturn/core';

/** What the process ends with. Part of the command line's contract: scripts branch on it. */
export const exitCodes = {
  ok: 0,
  /** Also for an answer that is empty, or that the vendor's content filter stopped. */
  failed: 1,
  /** The command line, the prompt or the configuration is wrong; nothing was sent. */
  usage: 2,
  /** The key is missing, refused, without balance or without permission. */
  credentials: 3,
  /** A limit was reached: steps, time, output tokens, budget. What had arrived was printed. */
  limit: 4,
  /** Ctrl-C, as shells write it: 128 + SIGINT. */
  interrupted: 130,
} as const;

/** The exit code that tells this error from the others. */
export function exitCodeOf(error: AnyturnError): number {
  const { code, httpStatus, attempt } = error;
  if (code === 'aborted') return exitCodes.interrupted;
  if (limitCodes.has(code)) return exitCodes.limit;
  if (credentialCodes.has(code) || isAboutKey(error)) return exitCodes.credentials;
  const wasSent = httpStatus !== undefined || attempt !== undefined;
  return usageCodes.has(code) && !wasSent ? exitCodes.usage : exitCodes.failed;
}

const limitCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'limit_reached',
  'budget_exceeded',
  'output_limit',
]);
const credentialCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'auth',
  'balance',
  'forbidden',
]);
/** Mistakes of the caller, as long as it was not the vendor who said so. */
const usageCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'config',
  'bad_request',
  'too_large',
  'model_not_found',
]);

/** Core has one code for all that is wrong with the configuration; that it is the key is told by the message alone. */
function isAboutKey({ code, message }: AnyturnError): boolean {
  return code === 'config' && /^(No|An) API key\b/.test(message);
}
