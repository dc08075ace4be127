import { AnyturnError } from '../errors.ts';
import type { ErrorCode, ErrorFacts } from '../errors.ts';
import { redactUrl } from '../redact.ts';

/**
 * Turns what `fetch` threw into a typed error that says where it tried to go and what to check. Its words are ours: a message of
 * `fetch` may quote a header with the key in it.
 */
export function classifyNetworkError(error: unknown, url: string, facts: ErrorFacts): AnyturnError {
  const chain = causes(error);
  const signs = chain.map(({ name, code, message }) => [name, code, message].map(toText).join(' '));
  const kind = kinds.find(({ sign }) => signs.some((text) => sign.test(text))) ?? unknownKind;
  const known = chain.find(({ code }) => typeof code === 'string' && SYSTEM_CODE.test(code));
  const shown = known ? ` (${String(known.code)})` : '';
  const where = `${facts.provider} at ${redactUrl(url).slice(0, 300)}`;
  const { code, retryable, what, remedy } = kind;
  return new AnyturnError({
    code,
    message: `Cannot reach ${where}: ${what}${shown}. ${remedy}`,
    ...(retryable !== undefined && { retryable }),
    // The link that knows the reason; nothing of an error that quotes what was to be sent.
    ...(code !== 'config' && { cause: known ?? error }),
    ...facts,
  });
}

interface NetworkErrorKind {
  code: ErrorCode;
  /** Found in the name, code or message of the error or of one of its causes. */
  sign: RegExp;
  /** @default what is usual for `code` */
  retryable?: boolean;
  what: string;
  remedy: string;
}

const checkAddress = 'Check the network and the base URL.';

/** First match wins. Codes and messages of Node 22 and 24 (undici 7), measured; of Deno and Bun: unsure. */
const kinds: readonly NetworkErrorKind[] = [
  {
    code: 'config',
    sign: /invalid header|ByteString|ERR_INVALID_(?:CHAR|HTTP_TOKEN|URL)|UND_ERR_INVALID_ARG|invalid url|parse url|includes credentials/i,
    what: 'the address, a header or the key in it is not valid',
    remedy:
      'Check the API key, the headers and the base URL for line breaks, blanks and letters outside Latin-1.',
  },
  {
    code: 'config',
    sign: /\bbad port\b|unknown scheme|unsupported (?:protocol|scheme)/i,
    what: 'requests to such an address are refused before they are sent',
    remedy: 'Check the scheme and the port of the base URL.',
  },
  {
    code: 'redirect_refused',
    sign: /unexpected redirect|redirect count exceeded|redirect mode/i,
    what: 'the server redirects elsewhere; the prompt was not sent there',
    remedy: 'Set the base URL to the final address.',
  },
  {
    code: 'tls',
    sign: /\b(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY|DECRYPT|DECODE)|EPROTO\b|HOSTNAME_MISMATCH|INVALID_CA)|self[- ]signed|certificate|SSL routines|wrong version number|tls handshake/i,
    what: 'no secure connection',
    remedy: 'Check the certificate, and that the URL should be https.',
  },
  {
    code: 'bad_response',
    sign: /Z_DATA_ERROR|incorrect header check|ERR__ERROR_FORMAT|ERR_BROTLI|ZSTD_error|decompress/i,
    retryable: false,
    what: 'the answer is not in the content encoding that it names',
    remedy: 'Check the server, or the proxy before it.',
  },
  {
    code: 'bad_response',
    sign: /HTTPParserError|\bHPE_(?!INVALID_EOF)|UND_ERR_HEADERS_OVERFLOW|UND_ERR_RES_EXCEEDED/,
    retryable: false,
    what: 'what answers there does not speak HTTP as expected',
    remedy: 'Check the base URL and its port.',
  },
  {
    code: 'network',
    sign: /ECONNREFUSED|ConnectionRefused/,
    what: 'nothing listens there; is the server running?',
    remedy: checkAddress,
  },
  {
    code: 'network',
    sign: /ENOTFOUND|EAI_NONAME|EAI_NODATA|\bENODATA\b/,
    retryable: false,
    what: 'the host name is not known',
    remedy: checkAddress,
  },
  {
    code: 'network',
    sign: /EAI_AGAIN|EAI_FAIL/,
    what: 'the host name could not be looked up',
    remedy: checkAddress,
  },
  {
    code: 'timeout',
    sign: /UND_ERR_HEADERS_TIMEOUT|UND_ERR_BODY_TIMEOUT|\bTimeoutError\b/,
    what: 'it took longer than the HTTP client allows',
    remedy: 'Try again, or raise the time limit of the HTTP client.',
  },
  {
    code: 'network',
    sign: /UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT|ESOCKETTIMEDOUT/,
    what: 'no connection in time',
    remedy: 'Check the network, a proxy or firewall on the way, and the base URL.',
  },
  {
    code: 'network',
    sign: /EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|ENETDOWN|EADDRNOTAVAIL/,
    what: 'there is no way to that host',
    remedy: checkAddress,
  },
  {
    code: 'network',
    sign: /\b(?:EACCES|EPERM)\b/,
    retryable: false,
    what: 'this process may not connect there',
    remedy: 'Check its permissions and the firewall.',
  },
  {
    code: 'network',
    sign: /ECONNRESET|EPIPE|ECONNABORTED|UND_ERR_SOCKET|UND_ERR_CLOSED|UND_ERR_DESTROYED|other side closed|socket hang up|terminated/,
    what: 'the connection was closed',
    remedy: checkAddress,
  },
];

const unknownKind: Omit<NetworkErrorKind, 'sign'> = {
  code: 'network',
  what: 'the connection failed',
  remedy: checkAddress,
};

const SYSTEM_CODE = /^[A-Z][A-Za-z\d_]{2,39}$/;
const MAX_DEPTH = 5;
const MAX_TEXT = 2_000;

/** The error and what caused it. Node puts the reason on a cause, sometimes inside an AggregateError of one error per address. */
function causes(error: unknown): { name?: unknown; code?: unknown; message?: unknown }[] {
  const chain = [];
  for (let current = error; chain.length < MAX_DEPTH;) {
    if (typeof current !== 'object' || current === null) break;
    chain.push(current);
    const { cause, errors } = current as { cause?: unknown; errors?: unknown };
    current = cause ?? (Array.isArray(errors) ? errors[0] : undefined);
  }
  return chain;
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, MAX_TEXT) : '';
}
