import type { Clock } from '@anyturn/core';

/**
 * Time that jumps to the next timer whenever nothing has happened for a while, so that a minute's silence takes a moment.
 * Whatever reads or sets it counts as something happening: a stream sets its deadline anew with every piece that comes.
 */
export function createVirtualClock(): Clock & {
  /** The global `fetch`; every piece of a body that comes through it is something happening, comments apart. */
  fetch: typeof globalThis.fetch;
  /** Virtual milliseconds since it was made. */
  elapsedMs(): number;
  stop(): void;
} {
  // A vendor on this machine may name a date to come back at.
  const startedAt = Date.now();
  let now = startedAt;
  let quietTurns = 0;
  const timers = new Set<{ at: number; callback: () => void }>();

  const turn = setInterval(() => {
    quietTurns++;
    if (quietTurns < QUIET_TURNS || timers.size === 0) return;
    const next = [...timers].reduce((a, b) => (b.at < a.at ? b : a));
    timers.delete(next);
    now = Math.max(now, next.at);
    quietTurns = 0;
    next.callback();
  }, 1);

  return {
    now: () => now,
    random: () => 0.5,
    after(ms, callback) {
      quietTurns = 0;
      if (ms === Infinity) return () => {};
      const timer = { at: now + ms, callback };
      timers.add(timer);
      return () => {
        quietTurns = 0;
        timers.delete(timer);
      };
    },
    fetch: async (input, init) => {
      const response = await fetch(input, init);
      const { body } = response;
      if (!body) return response;
      const getReader = () => {
        const reader = body.getReader();
        return {
          read: async () => {
            const piece = await reader.read();
            if (piece.value?.[0] !== COLON) quietTurns = 0;
            return piece;
          },
          cancel: (reason: unknown) => reader.cancel(reason),
        };
      };
      // A pipe in between would lose what is queued when a connection breaks.
      return Object.defineProperty(response, 'body', { value: { getReader } });
    },
    elapsedMs: () => now - startedAt,
    stop: () => clearInterval(turn),
  };
}

/** What SSE comments begin with. */
const COLON = 58;
/** Turns of the event loop: what is on its way over loopback arrives within a few, however slow the machine is. */
const QUIET_TURNS = 60;
