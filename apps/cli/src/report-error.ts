import { toAnyturnError } from '@anyturn/core';
import type { ErrorCode } from '@anyturn/core';
import { toOneLine } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** Prints an error as one line, then the next step if the message does not name it. The stack only with ANYTURN_DEBUG=1. */
export function reportError(error: unknown, terminal: Terminal): void {
  const { message, code, provider, retryAfterMs } = toAnyturnError(error);
  terminal.endAnswer();
  terminal.alert(`${terminal.paint('red', 'error:')} ${toOneLine(message, 2_000)}`);
  const isLoopbackDown = provider === 'demo' && code === 'network';
  const nextStep = isLoopbackDown ? bringLoopbackUp : nextSteps[code];
  const wait =
    retryAfterMs === undefined ? '' : ` It asks to wait ${Math.ceil(retryAfterMs / 1_000)} s.`;
  if (nextStep !== undefined) terminal.alert(`${nextStep}${wait}`);
  if (process.env['ANYTURN_DEBUG'] === '1' && error instanceof Error) {
    terminal.alert(error.stack ?? error.message);
  }
}

const ourMistake = 'This is a mistake in anyturn. ANYTURN_DEBUG=1 shows where it happened.';
const tryLater = 'Try again in a moment, or use another model: --model <provider/model-id>.';

const bringLoopbackUp =
  'The demo runs on this machine, whose loopback network is down: `ip link set lo up` starts it.';

/** What this program can do about it. The other codes have messages that say all there is. */
const nextSteps: Partial<Record<ErrorCode, string>> = {
  config: '`anyturn providers` lists the providers and their variables.',
  auth: '`anyturn providers` shows which variables are read.',
  forbidden: 'The key may not use this model: use another one, or ask the vendor for access.',
  model_not_found: '`anyturn models` lists the models we know.',
  context_overflow: '`anyturn models` shows how much each model takes.',
  rate_limit: tryLater,
  overloaded: tryLater,
  upstream_error: tryLater,
  timeout: tryLater,
  network: '`anyturn demo` works without a network.',
  stream_interrupted: 'What had arrived was kept. Ask again for the rest.',
  internal: ourMistake,
};
