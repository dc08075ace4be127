import { AskError, askAgent } from './ask-agent.ts';
import type { Question } from './ask-agent.ts';
import { element, elementById } from './element.ts';
import { bindText, currentLanguage, setLanguage, texts } from './language.ts';
import { createTurnView, demoBadge } from './turn-view.ts';
import type { TurnView } from './turn-view.ts';

const log = elementById<HTMLElement>('log');
const welcome = elementById<HTMLElement>('welcome');
const form = elementById<HTMLFormElement>('composer');
const question = elementById<HTMLTextAreaElement>('question');
const send = elementById<HTMLButtonElement>('send');
const stop = elementById<HTMLButtonElement>('stop');
const modelPicker = elementById<HTMLSelectElement>('model');
const latest = elementById<HTMLButtonElement>('latest');
const status = elementById<HTMLElement>('status');

let turns: { question: string; view: TurnView }[] = [];
let running: AbortController | undefined;

labelPage();
listen();
void showModels();

async function ask(text: string): Promise<void> {
  const prompt = text.trim();
  if (prompt === '' || running) return;
  running = new AbortController();
  const { signal } = running;
  const history = turns.filter(({ view }) => view.text.trim() !== '').flatMap(toMessages);
  const view = createTurnView(prompt, { onShow: followText, onRetry: () => askAgain(view) });
  turns.push({ question: prompt, view });
  log.append(view.node);
  showRunning(true);
  isFollowing = true;
  followText();

  let reason: 'done' | 'stopped' | AskError = 'done';
  try {
    const messages: Question['messages'] = [...history, { role: 'user', content: prompt }];
    const model = modelPicker.value;
    for await (const frame of askAgent({ messages, ...(model && { model }) }, signal)) {
      view.show(frame);
    }
  } catch (error) {
    reason = error instanceof AskError ? error : new AskError('internal', String(error));
  }
  if (signal.aborted) reason = 'stopped';
  await view.end(reason);
  followText();
  running = undefined;
  showRunning(false);
  status.textContent = reason === 'done' ? texts().answered : '';
}

function askAgain(view: TurnView): void {
  const last = turns.at(-1);
  if (running || last?.view !== view) return;
  turns.pop();
  view.node.remove();
  void ask(last.question);
}

function toMessages(turn: { question: string; view: TurnView }): Question['messages'] {
  return [
    { role: 'user', content: turn.question },
    { role: 'assistant', content: turn.view.text },
  ];
}

function showRunning(isRunning: boolean): void {
  document.body.classList.toggle('has-turns', turns.length > 0);
  welcome.hidden = turns.length > 0;
  send.hidden = isRunning;
  stop.hidden = !isRunning;
  if (isRunning) status.textContent = texts().thinking;
}

/** Follows the text as it grows, unless the reader has scrolled up. */
let isFollowing = true;
let lastScrollY = 0;
function followText(): void {
  if (isFollowing) scrollTo({ top: document.documentElement.scrollHeight });
}

function listen(): void {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (running) return;
    const text = question.value;
    question.value = '';
    grow();
    isFollowing = true;
    void ask(text);
  });
  question.addEventListener('keydown', (event) => {
    // While an input method composes, Enter picks a word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  question.addEventListener('input', grow);
  stop.addEventListener('click', () => running?.abort());
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') running?.abort();
  });
  elementById('new-chat').addEventListener('click', () => {
    running?.abort();
    turns = [];
    log.replaceChildren();
    showRunning(running !== undefined);
    question.focus();
  });
  elementById('language').addEventListener('click', () => {
    setLanguage(currentLanguage() === 'zh' ? 'en' : 'zh');
    showExamples();
  });
  addEventListener(
    'scroll',
    () => {
      const { scrollHeight, clientHeight } = document.documentElement;
      const toEnd = scrollHeight - clientHeight - scrollY;
      // A text that grows moves the end away too; only going up says that somebody reads elsewhere. A text that
      // shrinks leaves the page at its end.
      if (toEnd > 2 && scrollY < lastScrollY) isFollowing = false;
      else if (toEnd < 80) isFollowing = true;
      lastScrollY = scrollY;
      latest.hidden = isFollowing;
    },
    { passive: true },
  );
  latest.addEventListener('click', () => {
    isFollowing = true;
    followText();
  });
}

function labelPage(): void {
  setLanguage(currentLanguage());
  bindText(elementById('tagline'), (t) => t.tagline);
  bindText(elementById('intro'), (t) => t.intro);
  bindText(elementById('keys'), (t) => t.keys);
  bindText(elementById('new-chat'), (t) => t.newChat);
  bindText(elementById('language'), (t) => t.languageSwitch);
  bindText(elementById('language'), (t) => t.languageLabel, 'aria-label');
  bindText(question, (t) => t.placeholder, 'placeholder');
  bindText(question, (t) => t.question, 'aria-label');
  bindText(modelPicker, (t) => t.model, 'aria-label');
  bindText(send, (t) => t.send, 'aria-label');
  bindText(send, (t) => t.send, 'title');
  bindText(stop, (t) => t.stop, 'aria-label');
  bindText(stop, (t) => t.stop, 'title');
  bindText(latest, (t) => t.latest);
  showExamples();
}

function showExamples(): void {
  const chips = texts().examples.map((example) => {
    const chip = element('button', { type: 'button', class: 'chip' }, example);
    chip.addEventListener('click', () => void ask(example));
    return chip;
  });
  elementById('examples').replaceChildren(...chips);
}

function grow(): void {
  question.style.height = 'auto';
  question.style.height = `${question.scrollHeight}px`;
}

interface ModelList {
  defaultAgent: string;
  agents: { id: string; models: { name: string; demo: boolean; unavailable?: string }[] }[];
}

/** Says which model will answer before the first question; a picker appears when there is a choice. */
async function showModels(): Promise<void> {
  const response = await fetch('api/models').catch(() => undefined);
  if (!response?.ok) return;
  const { agents, defaultAgent } = (await response.json()) as ModelList;
  const models = agents.find(({ id }) => id === defaultAgent)?.models ?? [];
  for (const { name, unavailable } of models) {
    const option = element('option', { value: name, title: unavailable ?? '' }, name);
    option.disabled = unavailable !== undefined;
    modelPicker.append(option);
  }
  modelPicker.hidden = models.length < 2;

  const name = elementById('model-name');
  const hint = elementById('demo-hint');
  const showChosen = (): void => {
    const model = models.find((each) => each.name === modelPicker.value);
    name.textContent = model && models.length < 2 && !model.demo ? model.name : '';
    name.replaceChildren(...(model?.demo ? [demoBadge()] : name.childNodes));
    hint.hidden = !model?.demo;
  };
  modelPicker.addEventListener('change', showChosen);
  bindText(elementById('demo-hint-start'), (t) => t.demoHint);
  bindText(elementById('demo-hint-end'), (t) => t.demoHintEnd);
  showChosen();
}
