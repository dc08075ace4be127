import { AnyturnError } from '../errors.ts';
import type { ErrorFacts } from '../errors.ts';

/** Bytes that were read already, and where the rest comes from. */
export interface OpenBody {
  seen: readonly Uint8Array[];
  reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
}

export function openBody({ body }: Response): OpenBody {
  return { seen: [], reader: body?.getReader() };
}

/** A body as JSON when it is JSON, else as text; a page is told by its title. Reads at most 4 MB. */
export async function readBody(
  response: Response,
  { seen, reader }: OpenBody,
  signal: AbortSignal,
  facts: ErrorFacts,
): Promise<unknown> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  const take = (bytes: Uint8Array) => {
    size += bytes.byteLength;
    if (size > MAX_BODY) {
      throw new AnyturnError({
        code: 'bad_response',
        message: `${facts.provider}: the response is larger than 4 MB. Check the base URL.`,
        retryable: false,
        ...facts,
      });
    }
    text += decoder.decode(bytes, { stream: true });
  };
  seen.forEach(take);
  while (reader) {
    const { done, value } = await orAborted(reader.read(), signal);
    if (done) break;
    take(value);
  }
  return toJson(response, text + decoder.decode());
}

/** The beginning of an error's body: at most 64 KB, and what came within its deadline. */
export async function readErrorBody(response: Response, signal: AbortSignal): Promise<unknown> {
  const { reader } = openBody(response);
  const decoder = new TextDecoder();
  let text = '';
  try {
    while (reader && text.length < MAX_ERROR_BODY) {
      const { done, value } = await orAborted(reader.read(), signal);
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // Told by its status alone.
  }
  const body = toJson(response, text);
  return isHtml(response, text) ? `answered with ${String(body)}` : body;
}

/** A fetch or read of a foreign `fetch` may ignore its signal; waiting never does. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) {
    promise.catch(() => {});
    return Promise.reject(signal.reason);
  }
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

const MAX_ERROR_BODY = 65_536;
const MAX_BODY = 4 * 1_048_576;

/** JSON where it is JSON, else the text; a page is told by its title. */
function toJson(response: Response, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return isHtml(response, text) ? describeHtml(text) : text;
  }
}

function isHtml(response: Response, text: string): boolean {
  return (
    /html/i.test(response.headers.get('content-type') ?? '') || /^\s*<(?:!doctype|html)/i.test(text)
  );
}

/** A page's title says more than its markup. */
function describeHtml(text: string): string {
  const title = /<title[^<>]{0,200}>([^<]{0,200})/i.exec(text.slice(0, 4_096))?.[1]?.trim();
  return `an HTML page${title ? ` titled "${title}"` : ''} instead of an API answer`;
}
