import { AnyturnError } from '../errors.ts';
import type { AnyturnErrorOptions } from '../errors.ts';
import { redactUrl } from '../redact.ts';

/** Turns what `fetch` threw into a typed error that says where it tried to go and what to check. */
export function classifyNetworkError(
  error: unknown,
  url: string,
  facts: Partial<AnyturnErrorOptions> & { provider: string },
): AnyturnError {
  const code = systemCode(error);
  const where = `${facts.provider} at ${redactUrl(url)}`;
  if (code && /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO)/.test(code)) {
    return new AnyturnError({
      code: 'tls',
      message: `No secure connection to ${where} (${code}). Check the certificate, and that the URL should be https.`,
      cause: error,
      ...facts,
    });
  }
  const { reason, retryable } = networkReason(code);
  return new AnyturnError({
    code: 'network',
    message: `Cannot reach ${where}: ${reason}${code ? ` (${code})` : ''}. Check the network and the base URL.`,
    retryable,
    cause: error,
    ...facts,
  });
}

function networkReason(code: string | undefined): { reason: string; retryable: boolean } {
  switch (code) {
    case 'ECONNREFUSED':
      return { reason: 'nothing listens there; is the server running?', retryable: true };
    case 'ENOTFOUND':
      return { reason: 'the host name is not known', retryable: false };
    case 'EAI_AGAIN':
      return { reason: 'the host name could not be looked up', retryable: true };
    default:
      return { reason: 'the connection failed', retryable: true };
  }
}

/** Node puts the code on the cause, sometimes inside an AggregateError of one error per address. */
function systemCode(error: unknown): string | undefined {
  for (let current = error, depth = 0; depth < 5; depth++) {
    if (typeof current !== 'object' || current === null) return undefined;
    const { code, cause, errors } = current as Record<string, unknown>;
    if (typeof code === 'string') return code;
    current = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return undefined;
}
