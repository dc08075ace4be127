import { element } from './element.ts';
import { bindText } from './language.ts';
import { preview } from './tool-preview.ts';
import { time } from './usage-line.ts';

export interface ToolCard {
  readonly node: HTMLElement;
  succeed(output: unknown, durationMs: number | undefined): void;
  fail(message: string, durationMs: number | undefined): void;
  /** Marks a call whose run ended before it did. */
  stop(): void;
}

/** Shows one tool call: a line that says all, and behind it the exact input and output. */
export function createToolCard(toolName: string, input: unknown): ToolCard {
  const state = element('span', { class: 'tool-state', 'aria-hidden': 'true' });
  const duration = element('span', { class: 'tool-time' });
  bindText(duration, (t) => t.running);
  const brief = element('span', { class: 'tool-brief' }, briefly(input));
  const summary = element(
    'summary',
    {},
    state,
    element('code', { class: 'tool-name' }, toolName),
    brief,
    duration,
  );
  const body = element('div', { class: 'tool-body' }, section('input', input));
  const node = element('details', { class: 'tool', 'data-state': 'running' }, summary, body);

  const end = (outcome: string, durationMs: number | undefined): void => {
    node.dataset['state'] = outcome;
    duration.replaceWith((durationNode = element('span', { class: 'tool-time' })));
    if (durationMs !== undefined) durationNode.textContent = time(durationMs);
  };
  let durationNode = duration;

  return {
    node,
    succeed(output, durationMs) {
      end('done', durationMs);
      brief.append(arrow(), element('span', { class: 'tool-result' }, briefly(output)));
      if (isSample(output)) {
        const badge = element('span', { class: 'badge sample' });
        bindText(badge, (t) => t.sample);
        durationNode.before(badge);
      }
      body.append(section('output', output));
    },
    fail(message, durationMs) {
      end('failed', durationMs);
      brief.append(arrow(), element('span', { class: 'tool-result' }, message));
      body.append(section('output', message));
    },
    stop() {
      if (node.dataset['state'] === 'running') end('stopped', undefined);
    },
  };
}

function briefly(value: unknown): HTMLElement {
  const node = element('span');
  bindText(node, () => preview(value));
  return node;
}

function section(kind: 'input' | 'output', value: unknown): HTMLElement {
  const title = element('h4');
  bindText(title, (t) => t[kind]);
  const text = typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
  return element('section', { class: `tool-${kind}` }, title, element('pre', {}, text));
}

function arrow(): HTMLElement {
  return element('span', { class: 'arrow' }, ' → ');
}

/** Tools that answer from a bundled sample say so in their output. */
function isSample(output: unknown): boolean {
  return (output as { source?: unknown } | null)?.source === 'sample';
}
