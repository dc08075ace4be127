import { openServerWarning, serverOptionsFromEnv, startServer } from '@anyturn/server';
import { chooseForCommand, createAssistant, noteChoice } from '../assistant.ts';
import { stopRequested, watchStopSignals } from '../stop-signal.ts';
import { createTerminal } from '../terminal.ts';

export interface ServeFlags {
  /** @default the variable PORT, or 8787 */
  port?: number;
  /** @default the variable HOST, or 127.0.0.1 */
  host?: string;
  /** References; the first is the default, requests may name the others. @default ANYTURN_MODEL and ANYTURN_MODELS */
  model?: string[];
}

/** Serves the assistant over HTTP, with the page, until it is stopped. Flags win over variables. */
export async function serve({ port, host, model = [] }: ServeFlags): Promise<number> {
  const [ref, ...others] = model;
  const options = {
    // A flag makes its variable of no interest, a malformed one included.
    ...serverOptionsFromEnv(port === undefined ? process.env : { ...process.env, PORT: '' }),
    ...(port !== undefined && { port }),
    ...(host !== undefined && { host }),
    ...(others.length > 0 && { models: Object.fromEntries(others.map((name) => [name, name])) }),
  };
  const terminal = await createTerminal();
  const stop = watchStopSignals();
  const chosen = await chooseForCommand(ref, stop.signal);
  try {
    const server = await startServer({
      agents: { assistant: createAssistant(chosen) },
      pageRoot: new URL('../../../web/src/', import.meta.url),
      info: { provider: chosen.provider, model: chosen.modelId, reason: chosen.reason },
      ...options,
    });
    noteChoice(chosen, terminal);
    const warning = openServerWarning(options.host ?? '127.0.0.1');
    if (warning !== undefined) terminal.alert(terminal.paint('yellow', warning));
    terminal.note(`Page:  ${server.url}\nStop with Ctrl-C.`);
    await stopRequested(stop);
    await server.close();
    return 0;
  } finally {
    await chosen.close();
  }
}
