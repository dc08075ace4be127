import type { AskError } from './ask-agent.ts';
import { element } from './element.ts';
import type { Frame, RunFacts } from './frame.ts';
import { bindText, texts } from './language.ts';
import { createToolCard } from './tool-card.ts';
import type { ToolCard } from './tool-card.ts';
import { createTypewriter } from './typewriter.ts';
import type { Typewriter } from './typewriter.ts';
import { usageLine } from './usage-line.ts';

/** One question and the answer to it, drawn as the frames of its run come in. */
export interface TurnView {
  readonly node: HTMLElement;
  /** What was answered so far, as the server sent it. */
  readonly text: string;
  show(frame: Frame): void;
  /** Ends the turn; resolves when the last letter is shown. */
  end(reason: 'done' | 'stopped' | AskError): Promise<void>;
}

export function createTurnView(
  question: string,
  options: { onShow: () => void; onRetry: () => void },
): TurnView {
  const { onShow, onRetry } = options;
  const byline = element('p', { class: 'byline' });
  const blocks = element('div', { class: 'blocks' });
  const status = element('p', { class: 'thinking' });
  bindText(status, (t) => t.thinking);
  const footer = element('footer');
  const answer = element('div', { class: 'reply' }, byline, blocks, status, footer);
  const node = element(
    'article',
    { class: 'turn', 'aria-busy': 'true' },
    element('p', { class: 'question' }, question),
    answer,
  );

  const cards = new Map<string, ToolCard>();
  const sources = new Set<string>();
  let text = '';
  /** How much there was when the present step began. */
  let step = { text: 0, blocks: 0 };
  let isDemo = false;
  let facts: RunFacts | undefined;
  let notice: 'limit' | 'length' | undefined;
  let writing: { block: HTMLElement; typewriter: Typewriter } | undefined;

  /** The block that text goes to; a tool card or reasoning in between starts a new one. */
  const write = (kind: 'answer' | 'reasoning', delta: string): void => {
    if (!writing?.block.classList.contains(kind)) {
      closeBlock();
      const letters = document.createTextNode('');
      const block = kind === 'answer' ? answerBlock(letters) : reasoningBlock(letters);
      blocks.append(block);
      writing = { block, typewriter: createTypewriter(letters, onShow) };
    }
    writing.typewriter.push(delta);
  };
  const closeBlock = (): void => {
    writing?.typewriter.flush();
    writing?.block.classList.remove('typing');
    writing = undefined;
  };
  const addCard = (id: string, name: string, input: unknown): void => {
    closeBlock();
    const card = createToolCard(name, input);
    cards.set(id, card);
    blocks.append(card.node);
  };

  return {
    node,
    get text() {
      return text;
    },
    show(frame) {
      switch (frame.type) {
        case 'start':
          isDemo = frame.demo === true;
          byline.append(`${frame.provider}/${frame.model}`);
          if (isDemo) byline.append(demoBadge());
          break;
        case 'step-start':
          closeBlock();
          step = { text: text.length, blocks: blocks.childElementCount };
          break;
        case 'attempt-reset':
          closeBlock();
          text = text.slice(0, step.text);
          for (const block of [...blocks.children].slice(step.blocks)) block.remove();
          bindText(status, (t) => t.waiting);
          break;
        case 'chunk':
          text += frame.content;
          write('answer', frame.content);
          break;
        case 'reasoning-delta':
          write('reasoning', frame.text);
          break;
        case 'tool-call':
          addCard(frame.toolCallId, frame.toolName, frame.input);
          break;
        case 'tool-result':
          cards.get(frame.toolCallId)?.succeed(frame.output, frame.durationMs);
          sources.add(attributionOf(frame.output));
          break;
        case 'tool-error':
          cards.get(frame.toolCallId)?.fail(frame.error.message, frame.durationMs);
          break;
        case 'attempt':
          bindText(status, (t) => (frame.state === 'waiting' ? t.waiting : t.thinking));
          break;
        case 'done':
          facts = frame;
          if (frame.outcome === 'limit') notice = 'limit';
          else if (frame.finishReason === 'length') notice = 'length';
      }
      if (frame.type === 'chunk' || frame.type === 'done') status.hidden = true;
      if (frame.type.startsWith('attempt') || frame.type === 'tool-result') status.hidden = false;
      onShow();
    },
    async end(reason) {
      status.hidden = true;
      for (const card of cards.values()) card.stop();
      if (reason === 'done') await writing?.typewriter.finish();
      closeBlock();
      if (notice) blocks.append(noticeBox((t) => t[notice ?? 'limit']));
      if (reason === 'stopped') blocks.append(noticeBox((t) => t.stopped));
      else if (reason !== 'done') blocks.append(errorBox(reason));
      for (const source of sources) {
        if (source) blocks.append(element('p', { class: 'notice source' }, source));
      }
      footer.append(actions(() => text, onRetry));
      if (facts) footer.append(usageLine(facts, isDemo));
      node.setAttribute('aria-busy', 'false');
      onShow();
    },
  };
}

/** What the terms of some data ask to be shown with it. */
function attributionOf(output: unknown): string {
  const { attribution } = Object(output) as { attribution?: unknown };
  return typeof attribution === 'string' ? attribution : '';
}

/** The badge that says that no language model is speaking. */
export function demoBadge(): HTMLElement {
  const badge = element('span', { class: 'badge demo' });
  bindText(badge, (t) => t.demo);
  return badge;
}

function answerBlock(letters: Text): HTMLElement {
  const block = element('div', { class: 'answer typing' });
  block.append(letters);
  return block;
}

function reasoningBlock(letters: Text): HTMLElement {
  const summary = element('summary');
  bindText(summary, (t) => t.reasoning);
  return element('details', { class: 'reasoning typing' }, summary, element('p', {}, letters));
}

function noticeBox(read: Parameters<typeof bindText>[1]): HTMLElement {
  const box = element('p', { class: 'notice' });
  bindText(box, read);
  return box;
}

/** Names an error in the language of the page; what the server says about it follows as it is. */
function errorBox({ code, message }: AskError): HTMLElement {
  // Failures that never reached the server have no message: the page has its own words for them.
  const isOwn = message === '' && (code === 'server_unreachable' || code === 'stream_interrupted');
  const title = element('strong');
  bindText(title, (t) => (isOwn ? undefined : t.errors[code]?.title) ?? t.errorTitle);
  const hint = element('p', { class: 'hint' });
  bindText(hint, (t) => (isOwn ? t[code] : (t.errors[code]?.hint ?? '')));
  const said = element('p', { class: 'message' }, message);
  return element(
    'div',
    { class: 'error', role: 'alert' },
    title,
    element('code', {}, code),
    hint,
    said,
  );
}

function actions(readText: () => string, onRetry: () => void): HTMLElement {
  const copy = element('button', { type: 'button', class: 'copy' });
  bindText(copy, (t) => t.copy);
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(readText());
    copy.textContent = texts().copied;
    setTimeout(() => (copy.textContent = texts().copy), 1500);
  });
  const retry = element('button', { type: 'button', class: 'retry' });
  bindText(retry, (t) => t.retry);
  retry.addEventListener('click', onRetry);
  return element('span', { class: 'actions' }, ...(readText() ? [copy] : []), retry);
}
