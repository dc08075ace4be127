import type { Response } from 'express';

export interface SseWriter {
  /** Writes a record and waits until there is room for the next. A no-op once the client has left. */
  write(record: string): Promise<void>;
  end(): void;
}

export interface SseWriterOptions {
  /** Milliseconds between comments that keep proxies from closing a silent stream. */
  heartbeatMs: number;
  /** Milliseconds that a client may leave its buffer full before it is cut off. */
  slowReaderMs: number;
}

/**
 * Begins an event stream: status 200, headers that keep proxies from buffering, and a comment at once, so that
 * both are on their way before the first event.
 */
export function openSse(res: Response, options: SseWriterOptions): SseWriter {
  const { heartbeatMs, slowReaderMs } = options;
  res.status(200).set({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    'x-content-type-options': 'nosniff',
    connection: 'keep-alive',
  });
  res.flushHeaders();
  res.write(': ok\n\n');

  const heartbeat = setInterval(() => {
    // A full buffer needs no sign of life, and must not grow by one.
    if (!res.writableNeedDrain) res.write(': ping\n\n');
  }, heartbeatMs);
  res.once('close', () => clearInterval(heartbeat));

  return {
    async write(record) {
      if (res.destroyed || res.writableEnded) return;
      if (!res.write(record)) await drained(res, slowReaderMs);
    },
    end() {
      clearInterval(heartbeat);
      res.end();
    },
  };
}

/** Resolves when the client has read on, or left, or was cut off for not reading. Never rejects. */
function drained(res: Response, slowReaderMs: number): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      for (const event of ['drain', 'close', 'error']) res.off(event, finish);
      resolve();
    };
    // The same listeners: waiting for `drain` alone would wait forever once the client has left.
    for (const event of ['drain', 'close', 'error']) res.on(event, finish);
    const timer = setTimeout(() => res.destroy(), slowReaderMs);
  });
}
