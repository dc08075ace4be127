/**
 * Takes secrets out of a text before it reaches an error, a log line or an event. Every sink uses this one.
 *
 * Removes the exact `secrets` given (API keys in use), and whatever looks like a credential:
 * `sk-…` style keys, bearer tokens, `key=`/`token=` query values and credentials inside a URL.
 * Linear in the length of the text; texts over 64 KiB are cut first.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
  for (const secret of secrets) {
    if (secret.length >= MIN_SECRET_LENGTH) clean = clean.replaceAll(secret, REDACTED);
  }
  for (const [pattern, replacement] of CREDENTIALS) clean = clean.replace(pattern, replacement);
  return clean;
}

/** A URL as it may be shown: without user, password and query. Text that is no URL is redacted as text. */
export function redactUrl(url: string): string {
  if (!URL.canParse(url)) return redact(url);
  const { origin, pathname, protocol, host } = new URL(url);
  return redact(origin === 'null' ? `${protocol}//${host}${pathname}` : `${origin}${pathname}`);
}

const REDACTED = '[redacted]';
const MAX_LENGTH = 65_536;
/** Shorter strings are no secrets, and replacing them would eat ordinary words. */
const MIN_SECRET_LENGTH = 6;

const CREDENTIALS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:sk|pk|rk|gsk|xai|ak|tp)-[A-Za-z0-9_*.…-]{5,}[A-Za-z0-9_*…-]/g, REDACTED],
  [/\bgsk_[A-Za-z0-9]{6,}/g, REDACTED],
  [/\bbce-v3\/[\w./-]{6,}/g, REDACTED],
  [/\bAIza[\w-]{10,}/g, REDACTED],
  [/\beyJ[\w-]{8,}\.[\w.-]{8,}/g, REDACTED],
  [/\b(bearer|basic)\s+[\w.~+/=:-]{6,}/gi, `$1 ${REDACTED}`],
  [
    /\b((?:api[-_ ]?key|access[-_ ]?token|token|secret|password|authorization)["']?\s*[=:]\s*["']?)[^\s"'&,;}]{6,}/gi,
    `$1${REDACTED}`,
  ],
  [/([?&](?:api[-_]?key|key|token|access_token|secret)=)[^&\s"']+/gi, `$1${REDACTED}`],
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@]{1,256}@/gi, `$1${REDACTED}@`],
];
