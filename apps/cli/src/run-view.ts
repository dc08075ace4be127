import type { Run, RunEvent } from '@anyturn/runtime';
import { toOneLine } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { toolCallLine, toolErrorLine, toolResultLine } from './tool-line.ts';

/**
 * Shows a run while it goes on: the answer on stdout, the rest as notes. Throws what the run throws.
 *
 * With `showSteps` each model call gets a line of its own.
 */
export async function showRun(
  run: Run,
  terminal: Terminal,
  { showSteps = false, hideAnswer = false }: { showSteps?: boolean; hideAnswer?: boolean } = {},
): Promise<void> {
  for await (const event of run) {
    if (event.type === 'text-delta') {
      if (!hideAnswer) terminal.answer(event.text);
    } else if (event.type === 'attempt-reset') {
      const notice = `the answer was cut (${event.reason}); it begins anew`;
      // Where nobody saw the beginning, nothing has to be taken back: then it is news like any other.
      if (hideAnswer) terminal.note(terminal.paint('yellow', notice));
      else terminal.alert(terminal.paint('yellow', `${notice}:`));
    } else if (event.type === 'step-start' && showSteps) {
      terminal.note(terminal.paint('dim', `· model call ${event.step}`));
      terminal.wait('waiting for the model');
    } else {
      showEvent(event, terminal);
    }
  }
}

function showEvent(event: RunEvent, terminal: Terminal): void {
  switch (event.type) {
    case 'step-start':
      return terminal.wait('waiting for the model');
    case 'reasoning-delta':
      return terminal.wait('the model is thinking');
    case 'tool-call':
      terminal.note(terminal.paint('cyan', toolCallLine(event)));
      return terminal.wait(event.toolName);
    case 'tool-result':
      return terminal.note(terminal.paint('cyan', toolResultLine(event)));
    case 'tool-error':
      return terminal.note(terminal.paint('yellow', toolErrorLine(event)));
    case 'attempt':
      return showAttempt(event, terminal);
    case 'warning':
      return terminal.note(terminal.paint('yellow', `warning: ${toOneLine(event.message, 500)}`));
  }
}

function showAttempt(
  { state, attempt, delayMs = 0, error, provider, model }: Extract<RunEvent, { type: 'attempt' }>,
  terminal: Terminal,
): void {
  const reason = error ? `: ${toOneLine(error.message, 500)}` : '';
  if (state === 'waiting') {
    const seconds = (delayMs / 1_000).toFixed(1);
    terminal.note(terminal.paint('yellow', `attempt ${attempt} in ${seconds} s${reason}`));
    terminal.wait('waiting to try again');
  } else if (state === 'failover') {
    terminal.note(terminal.paint('yellow', `going on with ${provider}/${model}${reason}`));
  }
}
