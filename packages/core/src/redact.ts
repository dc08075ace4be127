/**
 * Takes secrets out of a text before it reaches an error, a log line or an event. Every sink uses this one.
 *
 * Removes the exact `secrets` given (API keys in use), and whatever looks like a credential: keys with the prefixes that vendors
 * use, bearer tokens, `key=`/`token:` values and credentials inside a URL. Linear in the length of the text; texts over
 * 64 KiB are cut.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text.length > MAX_LENGTH ? text.slice(0, MAX_LENGTH + MAX_SECRET_LENGTH) : text;
  // The longest first: one secret may begin with another.
  for (const secret of secrets.toSorted((a, b) => b.length - a.length)) {
    if (secret.length >= MIN_SECRET_LENGTH) clean = clean.replaceAll(secret, REDACTED);
  }
  for (const [pattern, replacement] of CREDENTIALS) clean = clean.replace(pattern, replacement);
  // Cut after redacting, so that no half of a secret is left at the end.
  return text.length > MAX_LENGTH ? `${clean.slice(0, MAX_LENGTH)}…` : clean;
}

/** A URL as it may be shown: without user, password and query. Text that is no URL is redacted as text. */
export function redactUrl(url: string): string {
  // `localhost:1` parses too, as a URL of the scheme "localhost".
  if (!url.includes('//') || !URL.canParse(url)) return redact(url);
  const { origin, pathname, protocol, host } = new URL(url);
  return redact(origin === 'null' ? `${protocol}//${host}${pathname}` : `${origin}${pathname}`);
}

const REDACTED = '[redacted]';
const MAX_LENGTH = 65_536;
/** Shorter strings are no secrets, and replacing them would eat ordinary words. */
const MIN_SECRET_LENGTH = 6;
/** Longest secret that is surely taken out at the end of a text that is cut. */
const MAX_SECRET_LENGTH = 4_096;

/** Bounded repetitions, so that no text makes them slow. */
const CREDENTIALS: readonly (readonly [RegExp, string])[] = [
  [/(?<![A-Za-z0-9])(?:sk|rk|pk)[-_](?=[\w-]{0,512}\d)[\w*.…-]{5,512}[\w*…-]/g, REDACTED],
  [/(?<![A-Za-z0-9])(?:gsk|hf|ghp|gho|r8)_[A-Za-z0-9]{6,512}/g, REDACTED],
  [/(?<![A-Za-z0-9])(?:xai|nvapi|tp|ak)-(?=[\w-]{0,512}\d)[\w*…-]{6,512}/g, REDACTED],
  [/\bbce-v3\/[\w./-]{6,512}/g, REDACTED],
  [/\bAIza[\w-]{10,512}/g, REDACTED],
  [/\beyJ[\w-]{8,2000}\.[\w.-]{8,4000}/g, REDACTED],
  [/\b(bearer|basic|token)\s+(?=[\w.~+/=:-]{0,512}\d)[\w.~+/=:-]{6,2000}/gi, `$1 ${REDACTED}`],
  [
    /((?<![A-Za-z])(?:api[-_ ]?key|key|token|secret|password|authorization)["']?\s{0,8}[=:]\s{0,8}["']?)(?=[^\s"'&,;}]{0,512}\d)[^\s"'&,;}]{6,2000}/gi,
    `$1${REDACTED}`,
  ],
  [/([?&](?:api[-_]?key|key|token|access_token|secret)=)[^&\s"']{1,2000}/gi, `$1${REDACTED}`],
  [/(\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s@]{1,256}@/gi, `$1${REDACTED}@`],
];
