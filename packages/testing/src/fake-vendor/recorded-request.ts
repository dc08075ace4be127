import type { IncomingMessage, ServerResponse } from 'node:http';

/** How a request ended: the reply was sent whole, the client left first, or the fake vendor cut it. */
export type RequestEnd = 'answered' | 'client-left' | 'vendor-cut';

/** One request that reached the fake vendor, and what became of it. */
export interface FakeVendorRequest {
  /** 0 for the first one. */
  readonly index: number;
  readonly method: string;
  /** Path and query, for example `/v1/chat/completions`. */
  readonly path: string;
  /** Lower-case names; repeated headers are joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed JSON body, the text when it is not JSON, `undefined` when there is none. */
  readonly body: unknown;
  /** When it arrived, in milliseconds since the epoch, with fractions. Comparable with `Date.now()`. */
  readonly at: number;
  /** When its response was over, in the same clock. */
  readonly endedAt: number | undefined;
  /** `undefined` as long as the response is open. */
  readonly end: RequestEnd | undefined;
  /** True once the client has left before the reply was complete. */
  readonly aborted: boolean;
  /** Resolves when the response is over, however it ended. Never rejects. */
  readonly ended: Promise<{ end: RequestEnd; at: number }>;
}

/** Records a request and watches its response until it is over. */
export class RecordedRequest implements FakeVendorRequest {
  readonly index: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly at = now();
  readonly ended: Promise<{ end: RequestEnd; at: number }>;
  body: unknown;
  endedAt: number | undefined;
  end: RequestEnd | undefined;
  /** Set before the fake vendor destroys the socket itself, so that this is not taken for the client's doing. */
  cutByVendor = false;
  hasBody = false;

  constructor(index: number, request: IncomingMessage, response: ServerResponse) {
    this.index = index;
    this.method = request.method ?? 'GET';
    this.path = request.url ?? '/';
    this.headers = toHeaders(request);
    this.ended = new Promise((resolve) => {
      response.once('close', () => {
        this.endedAt = now();
        this.end = this.#endOf(response);
        resolve({ end: this.end, at: this.endedAt });
      });
    });
  }

  get aborted(): boolean {
    return this.end === 'client-left';
  }

  #endOf(response: ServerResponse): RequestEnd {
    if (this.cutByVendor) return 'vendor-cut';
    return response.writableFinished ? 'answered' : 'client-left';
  }
}

function toHeaders(request: IncomingMessage): Record<string, string> {
  const headers = Object.entries(request.headers);
  return Object.fromEntries(
    headers.map(([name, value]) => [name, [value ?? ''].flat().join(', ')]),
  );
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
