import type { AnyturnError, ErrorCode } from '../errors.ts';

/** These would end the same way anywhere, or are the caller's own wish. */
const final: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'bad_request',
  'content_filter',
  'output_limit',
  'aborted',
  'internal',
]);

/** These need a model that takes more. */
const tooLong: ReadonlySet<ErrorCode> = new Set<ErrorCode>(['context_overflow', 'too_large']);

/** Whether a failed call may go to another model. `contextTokens` are the windows of both, where known. */
export function canFailOver(
  { code }: AnyturnError,
  from: { contextTokens: number | undefined },
  to: { contextTokens: number | undefined },
): boolean {
  if (final.has(code)) return false;
  if (!tooLong.has(code)) return true;
  return (
    from.contextTokens !== undefined &&
    to.contextTokens !== undefined &&
    to.contextTokens > from.contextTokens
  );
}

/** Whether nothing answers at all, so that trying again at once is in vain. */
export function isVendorGone({ code, cause }: AnyturnError): boolean {
  const reason = (cause as { code?: unknown } | undefined)?.code;
  return code === 'network' && GONE.test(String(reason));
}

const GONE = /ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH/;
