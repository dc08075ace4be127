import { AnyturnError, redact, systemClock } from '@anyturn/core';
import type { Tool, ToolExecutionOptions, ToolSet } from 'ai';

/** Limits for tools that set none of their own. */
export interface ToolDefaults {
  /** Milliseconds a tool may take. @default 60_000 */
  timeoutMs?: number;
}

/**
 * The tools of a run, each with a time limit that holds even when the tool ignores its signal, and with errors that carry no
 * secrets. `onDone` learns how long each call took.
 */
export function guardTools(
  tools: ToolSet,
  defaults: ToolDefaults,
  onDone: (toolCallId: string, durationMs: number) => void,
): ToolSet {
  return Object.fromEntries(
    Object.entries(tools).map(([name, tool]) => [
      name,
      guardTool(name, tool as Tool, defaults, onDone), // A ToolSet's members are tools narrowed by use.
    ]),
  );
}

function guardTool(
  name: string,
  tool: Tool,
  defaults: ToolDefaults,
  onDone: (toolCallId: string, durationMs: number) => void,
): Tool {
  const { execute } = tool;
  if (!execute) return tool;
  const own =
    'timeoutMs' in tool && typeof tool.timeoutMs === 'number' ? tool.timeoutMs : undefined;
  const timeoutMs = own ?? defaults.timeoutMs ?? 60_000;

  const guarded = (input: unknown, options: ToolExecutionOptions<unknown>) => {
    const startedAt = performance.now();
    const limit = new TimeLimit(name, timeoutMs, options.abortSignal);
    const done = () => {
      limit.clear();
      onDone(options.toolCallId, Math.round(performance.now() - startedAt));
    };
    const fail = (error: unknown): never => {
      throw toToolError(name, error);
    };
    try {
      const output: unknown = execute.call(tool, input, { ...options, abortSignal: limit.signal });
      if (isAsyncIterable(output)) return limited(output, limit, fail, done);
      return limit.race(output).then(assertJson).catch(fail).finally(done);
    } catch (error) {
      done();
      return fail(error);
    }
  };
  // Its prototype too: a tool may be an instance of a class. The SDK types `execute` by each tool's own schema.
  return Object.assign(Object.create(Object.getPrototypeOf(tool)), tool, {
    execute: guarded,
  }) as Tool;
}

/** A race that the clock or the caller can win; the loser is told by its signal and no longer waited for. */
class TimeLimit {
  readonly #controller = new AbortController();
  readonly #lost: Promise<never>;
  readonly #cancel: () => void;

  constructor(name: string, timeoutMs: number, caller: AbortSignal | undefined) {
    const { promise, reject } = Promise.withResolvers<never>();
    this.#lost = promise;
    promise.catch(() => {});
    const stop = (reason: unknown) => {
      this.#controller.abort(reason);
      reject(reason);
    };
    const onAbort = () => stop(caller?.reason);
    const cancelTimer = systemClock.after(timeoutMs, () =>
      stop(
        new AnyturnError({
          code: 'tool_timeout',
          message: `The tool "${name}" took longer than ${timeoutMs / 1000} s.`,
          retryable: true,
        }),
      ),
    );
    if (caller?.aborted) onAbort();
    caller?.addEventListener('abort', onAbort, { once: true });
    this.#cancel = () => {
      cancelTimer();
      caller?.removeEventListener('abort', onAbort);
    };
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  race<T>(work: T | PromiseLike<T>): Promise<T> {
    return Promise.race([Promise.resolve(work), this.#lost]);
  }

  clear(): void {
    this.#cancel();
  }
}

/** A tool that yields its progress: each step of it is raced. */
async function* limited(
  outputs: AsyncIterable<unknown>,
  limit: TimeLimit,
  fail: (error: unknown) => never,
  done: () => void,
): AsyncGenerator<unknown> {
  const iterator = outputs[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await limit.race(iterator.next());
      if (next.done) return;
      yield assertJson(next.value);
    }
  } catch (error) {
    fail(error);
  } finally {
    done();
    // Not awaited: a tool that hangs would hang here too.
    iterator.return?.()?.catch(() => {});
  }
}

/** The model gets outputs as JSON; one that cannot be written as such would end the run. */
function assertJson<T>(output: T): T {
  JSON.stringify(output);
  return output;
}

/** What the model and the events are told about a failed tool. */
function toToolError(name: string, error: unknown): AnyturnError {
  if (AnyturnError.isInstance(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AnyturnError({
    code: 'tool_failed',
    message: `The tool "${name}" failed: ${redact(message).slice(0, 1_000)}`,
    cause: error,
  });
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}
