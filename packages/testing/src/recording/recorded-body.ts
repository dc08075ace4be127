import type { RecordedHttpRequest } from './recorded-exchange.ts';
import { redactText } from './secrets.ts';

/** What can be read without using it up; otherwise why it cannot. */
export async function readRequestBody(
  body: RequestInit['body'] | Request | undefined,
): Promise<string | { omitted: string } | undefined> {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return String(body);
  if (body instanceof Request) return body.body ? body.clone().text() : undefined;
  if (body instanceof Blob) return body.text();
  if (body instanceof ArrayBuffer) return Buffer.from(body).toString();
  if (ArrayBuffer.isView(body)) {
    return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  }
  return { omitted: body instanceof FormData ? 'a form' : 'a stream' };
}

/** A body without its secrets, as JSON where it is some. */
export function toRecordedBody(
  body: string | { omitted: string } | undefined,
  secrets: readonly string[],
  maxBodyBytes: number,
): Pick<RecordedHttpRequest, 'body'> {
  if (body === undefined) return {};
  if (typeof body !== 'string') return { body };
  const length = Buffer.byteLength(body);
  if (length > maxBodyBytes) return { body: { omitted: `${length} bytes` } };
  const text = redactText(body, secrets);
  try {
    return { body: { json: JSON.parse(text) } };
  } catch {
    return { body: { text } };
  }
}
