import { endByInterrupt } from './end-process.ts';

/** Turns the signals that ask a process to stop into an abort. */
export interface StopSignal {
  readonly signal: AbortSignal;
  /** 130 after Ctrl-C, 143 after SIGTERM; undefined as long as nobody asked. */
  readonly exitCode: number | undefined;
  /** Gives the signals back to their defaults. */
  release(): void;
}

/** From now on the first Ctrl-C or SIGTERM aborts the signal, and the second one ends the process at once. */
export function watchStopSignals(): StopSignal {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const stop = (code: number) => {
    if (exitCode !== undefined) return endByInterrupt();
    exitCode = code;
    controller.abort();
  };
  const onInterrupt = () => stop(130);
  const onTerminate = () => stop(143);
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    release() {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
    },
  };
}

/** Resolves when the process is asked to stop. */
export function stopRequested({ signal }: StopSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
