export interface Typewriter {
  /** Adds text to be shown. */
  push(text: string): void;
  /** Shows all that is left at once. */
  flush(): void;
  /** Resolves when all that was pushed is shown. */
  finish(): Promise<void>;
}

/**
 * Shows text letter by letter, at the pace it arrives: the further behind, the more letters a frame. Every letter
 * leaves the queue as it is appended, so none can be shown twice or lost. At once where motion is not wanted, and in
 * hidden tabs, which get no animation frames.
 */
export function createTypewriter(node: Text, onShow: () => void): Typewriter {
  let queue = '';
  let frameId = 0;
  let finished: (() => void) | undefined;

  const show = (length: number): void => {
    node.appendData(queue.slice(0, length));
    queue = queue.slice(length);
    onShow();
  };
  const flush = (): void => {
    cancelAnimationFrame(frameId);
    frameId = 0;
    document.removeEventListener('visibilitychange', flush);
    if (queue !== '') show(queue.length);
    finished?.();
  };
  const tick = (): void => {
    show(lettersToShow(queue));
    if (queue === '') return flush();
    frameId = requestAnimationFrame(tick);
  };
  const start = (): void => {
    if (frameId !== 0) return;
    frameId = requestAnimationFrame(tick);
    document.addEventListener('visibilitychange', flush);
  };

  return {
    push(text) {
      queue += text;
      if (document.hidden || reducedMotion.matches) flush();
      else if (queue !== '') start();
    },
    flush,
    finish: () =>
      new Promise((resolve) => {
        if (queue === '') return resolve();
        finished = resolve;
      }),
  };
}

const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
const letters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How much of the queue the next frame shows, in code units: whole letters, so that an emoji never shows as a half. */
function lettersToShow(queue: string): number {
  const target = Math.ceil(queue.length / 10);
  let length = 0;
  for (const { segment } of letters.segment(queue.slice(0, target + 32))) {
    length += segment.length;
    if (length >= target) break;
  }
  return length;
}
