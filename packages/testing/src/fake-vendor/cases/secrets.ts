import { casesOf } from '../case.ts';
import { toSseEvent } from '../../completion-chunk.ts';
import type { FakeVendorRequest } from '../recorded-request.ts';
import { reply, type FakeReply } from '../reply.ts';
import { hello } from './steps.ts';

/** Vendors that repeat what they should not: the key and the prompt, so that a test can see whether they leak. */
export const secretsCases = casesOf('secrets', {
  'echo-secrets-status': echoes('400, whose body, headers and status text hold', (secrets) =>
    reply.status(400, {
      body: toError(secrets),
      headers: toHeaders(secrets),
      statusText: toAscii(secrets),
    }),
  ),
  'echo-secrets-rate-limit': echoes(
    '429 and Retry-After: 1, whose body and headers hold',
    (secrets) =>
      reply.status(429, {
        body: toError(secrets),
        headers: { ...toHeaders(secrets), 'retry-after': '1' },
      }),
  ),
  'echo-secrets-html': echoes(
    'an HTML page with status 502, whose text and headers hold',
    (secrets) =>
      reply.status(502, {
        body: `<!doctype html><title>Bad gateway</title><pre>${secrets}</pre>`,
        headers: { ...toHeaders(secrets), 'content-type': 'text/html' },
      }),
  ),
  'echo-secrets-200': echoes(
    'status 200 and a JSON error, whose message and headers hold',
    (secrets) => reply.json(toError(secrets), { headers: toHeaders(secrets) }),
  ),
  'echo-secrets-redirect': echoes('307 to a URL that holds', (secrets) =>
    reply.redirect(307, {
      headers: { location: `http://127.0.0.1:9/?secrets=${encodeURIComponent(secrets)}` },
    }),
  ),
  'echo-secrets-first-chunk': echoes(
    'a stream that begins with an error, whose message holds',
    (secrets) => reply.sse([toError(secrets), 'data: [DONE]\n\n'], { headers: toHeaders(secrets) }),
  ),
  'echo-secrets-mid-stream': echoes(
    'a stream with an error after two words, whose message holds',
    (secrets) =>
      reply.text(hello, {
        headers: toHeaders(secrets),
        stream: true,
        editEvents: (events) => [
          ...events.slice(0, 3),
          `event: error\n${toSseEvent(toError(secrets))}`,
        ],
      }),
  ),
  'echo-secrets-malformed': echoes('a stream whose second event is no JSON and holds', (secrets) =>
    reply.text(hello, {
      stream: true,
      editEvents: (events) => events.toSpliced(2, 0, `data: ${secrets.replaceAll('\n', ' ')}\n\n`),
    }),
  ),
});

function echoes(what: string, toReply: (secrets: string) => FakeReply) {
  return {
    description: `Every request gets ${what} the Authorization header and the prompt.`,
    script: (request: FakeVendorRequest) => toReply(secretsOf(request)),
  };
}

/** What the request should have kept between client and vendor; the prompt's first 2,000 characters. */
function secretsOf({ headers, body }: FakeVendorRequest): string {
  const { messages } = Object(body) as { messages?: unknown };
  const contents = (Array.isArray(messages) ? messages : []).map((message) => {
    const { content } = Object(message) as { content?: unknown };
    return typeof content === 'string' ? content : JSON.stringify(content ?? '');
  });
  return `${headers['authorization'] ?? 'no key'} ${contents.join(' ').slice(0, 2_000)}`.trim();
}

function toError(secrets: string): object {
  const code = 'echo';
  return {
    error: { message: `Bad request: ${secrets}`, type: 'server_error', param: secrets, code },
  };
}

function toHeaders(secrets: string): Record<string, string> {
  return { 'x-request-id': `req_${toAscii(secrets)}` };
}

/** Headers take nothing else. */
function toAscii(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/gu, '?');
}
