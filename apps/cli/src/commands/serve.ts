import { startServer } from '@anyturn/server';
import { chooseForCommand, createAssistant, noteChoice } from '../assistant.ts';
import { stopRequested, watchStopSignals } from '../stop-signal.ts';
import { createTerminal } from '../terminal.ts';

export interface ServeFlags {
  port: number;
  host: string;
  /** References; the first is the default, requests may name the others. */
  model?: string[];
}

/** Serves the assistant over HTTP, with the page, until it is stopped. */
export async function serve({ port, host, model: refs = [] }: ServeFlags): Promise<number> {
  const terminal = await createTerminal();
  const stop = watchStopSignals();
  const chosen = await chooseForCommand(refs[0], stop.signal);
  try {
    const server = await startServer({
      agents: { assistant: createAssistant(chosen) },
      models: Object.fromEntries(refs.slice(1).map((ref) => [ref, ref])),
      pageRoot: new URL('../../../web/src/', import.meta.url),
      port,
      host,
    });
    noteChoice(chosen, terminal);
    terminal.note(`Page:  ${server.url}\nStop with Ctrl-C.`);
    await stopRequested(stop);
    await server.close();
    return 0;
  } finally {
    await chosen.close();
  }
}
