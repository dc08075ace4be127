/** A JSON object as the vendor sent it: nothing about it is certain. */
export type JsonObject = Record<string, unknown>;

/** The value, or `undefined` for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** True for a text that holds something. */
export function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Escapes the control characters inside the strings of a JSON text, which some vendors forget to do. */
export function escapeControls(json: string): string {
  let escaped = '';
  let done = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) inString = !inString;
    else if (code === BACKSLASH && inString) at++;
    else if (code < SPACE && inString) {
      escaped += `${json.slice(done, at)}\\u${code.toString(16).padStart(4, '0')}`;
      done = at + 1;
    }
  }
  return done === 0 ? json : escaped + json.slice(done);
}

/** Whether a piece of a line may stand between the quotes of a JSON string as it is. */
export function isStringBody(body: string): boolean {
  for (let at = 0; at < body.length; at++) {
    const code = body.charCodeAt(at);
    if (code === BACKSLASH) return parseJson(`"${body}"`) !== undefined;
    if (code === QUOTE || code < SPACE) return false;
  }
  return true;
}

/** A text as it stands between the quotes of a JSON string. */
export function toStringBody(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
