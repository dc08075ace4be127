import type { RequestHandler } from 'express';

export interface HealthState {
  isStopping: boolean;
  details: Readonly<Record<string, unknown>>;
}

/** `GET /health`: 200 while the server takes requests, 503 once it is stopping. */
export function getHealth(state: () => HealthState): RequestHandler {
  return (_req, res) => {
    const { isStopping, details } = state();
    res
      .status(isStopping ? 503 : 200)
      .set('cache-control', 'no-store')
      .json({
        status: isStopping ? 'Error' : 'OK',
        message: isStopping ? 'The server is stopping.' : 'The server is ready.',
        details,
      });
  };
}
