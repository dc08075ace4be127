/** What stands where a secret was. */
export const secretMark = '[secret]';

/** Shorter values of headers are too likely to be words of a text, such as the key `test`. */
const minDerivedLength = 6;

/** Whether the values of a header or of a query parameter of this name are secret. */
function isSecretName(name: string): boolean {
  return /auth|cookie|key|token|secret|password|credential|signature|session/iu.test(name);
}

/** Headers as pairs in the order of their names, with a mark for the values that are secret. */
export function redactHeaders(
  headers: Iterable<[string, string]>,
  secrets: readonly string[],
): Record<string, string> {
  const pairs = [...headers].map(([name, value]): [string, string] => [
    name,
    isSecretName(name) && !isRateLimit(name, value) ? secretMark : redactText(value, secrets),
  ]);
  return Object.fromEntries(pairs);
}

/** A URL without user, password, fragment and the values of secret parameters. */
export function redactUrl(text: string, secrets: readonly string[]): string {
  if (!URL.canParse(text)) return redactText(text, secrets);
  const { origin, pathname, searchParams } = new URL(text);
  const query = [...searchParams].map(([name, value]) => {
    const shown = isSecretName(name) ? secretMark : encodeURIComponent(value);
    return `${encodeURIComponent(name)}=${shown}`;
  });
  return redactText(
    `${origin}${pathname}${query.length > 0 ? '?' : ''}${query.join('&')}`,
    secrets,
  );
}

/** Puts the mark where a secret is, as it is, URL-encoded or escaped for JSON. */
export function redactText(text: string, secrets: readonly string[]): string {
  return writtenForms(secrets).reduce((clean, form) => clean.replaceAll(form, secretMark), text);
}

/** The ways in which secrets may be written, the longest first, so that none is hidden by a part of it. */
export function writtenForms(secrets: readonly string[]): string[] {
  const forms = secrets.flatMap((secret) => {
    const json = JSON.stringify(secret).slice(1, -1);
    const ascii = json.replaceAll(/[^\x20-\x7e]/gu, escapeUnicode);
    return [secret, encodeURIComponent(secret.toWellFormed()), json, ascii];
  });
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length);
}

/** The values that a request carries as credentials, in its headers, its URL or its body. */
export function findSecrets(request: {
  url: string;
  headers: Iterable<[string, string]>;
  body: string;
}): string[] {
  const inHeaders = [...request.headers].flatMap(([name, value]) =>
    isSecretName(name) && !isRateLimit(name, value) ? partsOfCredential(value) : [],
  );
  const found = [...inHeaders, ...secretsOfUrl(request.url), ...secretsOfBody(request.body)];
  return [...new Set(found)].filter((value) => value.length >= minDerivedLength);
}

/** `Bearer x` is x, `a=x; b=y` are x and y, and of `Basic x` the password counts too. */
function partsOfCredential(value: string): string[] {
  const [, scheme = '', credential = value] =
    /^(Basic|Bearer|Token|Digest) +(.+)$/iu.exec(value) ?? [];
  const cookies = credential.split(/; */u).map((pair) => pair.replace(/^[^=]*=(?=.)/u, ''));
  const isBasic = scheme.toLowerCase() === 'basic';
  const password = isBasic ? Buffer.from(credential, 'base64').toString().split(':').slice(1) : [];
  return [credential, ...cookies, password.join(':')];
}

function secretsOfUrl(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const { username, password, searchParams } = new URL(text);
  const values = [...searchParams].filter(([name]) => isSecretName(name));
  return [username, password, ...values.map(([, value]) => value)];
}

function secretsOfBody(body: string): string[] {
  const fields =
    /"(?:api[_-]?key|access[_-]?token|refresh[_-]?token|client[_-]?secret|password)"\s*:\s*"([^"\\]+)"/giu;
  return [...body.matchAll(fields)].map(([, value = '']) => value);
}

/** `x-ratelimit-remaining-tokens: 4000` tells no secret, and clients learn from it. */
function isRateLimit(name: string, value: string): boolean {
  return /ratelimit/iu.test(name) && /^[\d.:TZhms +-]{1,40}$/u.test(value);
}

function escapeUnicode(text: string): string {
  return Array.from(
    { length: text.length },
    (_, at) => String.raw`\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`,
  ).join('');
}
