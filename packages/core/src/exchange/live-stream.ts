import { AnyturnError } from '../errors.ts';
import type { ErrorFacts } from '../errors.ts';
import type { Deadlines } from '../provider.ts';
import type { Wire } from '../wire/wire.ts';
import type { Deadline } from './deadline.ts';
import { orAborted } from './read-body.ts';
import type { OpenBody } from './read-body.ts';

interface LiveStreamSettings {
  body: OpenBody;
  wire: Wire;
  /** The clock of the wait that is under way. */
  phase: Deadline;
  deadlines: Deadlines;
  /** Aborting it closes the socket. */
  controller: AbortController;
  facts: ErrorFacts;
  /** Canonical text of a whole answer that came in place of a stream. @default '' */
  ahead?: string;
  /** Called once, however the stream ended. */
  onEnd: () => void;
}

/**
 * A stream of one attempt, watched: content must keep coming, and `[DONE]` ends it even when the vendor keeps the socket open.
 * Comments and empty chunks are no content: the wait that they interrupt goes on.
 */
export class LiveStream {
  readonly wire: Wire;
  readonly #settings: LiveStreamSettings;
  readonly #seen: Uint8Array[];
  /** Canonical text that was read ahead. */
  #ahead: string;
  #isDraining = false;
  #closed = false;

  constructor(settings: LiveStreamSettings) {
    this.#settings = settings;
    this.#seen = [...settings.body.seen];
    this.#ahead = settings.ahead ?? '';
    this.wire = settings.wire;
  }

  /** Reads until something shows that the attempt is good, and keeps it for `read()`. Throws what the stream failed with before. */
  async reachContent(): Promise<void> {
    const { phase, deadlines } = this.#settings;
    phase.set(deadlines.firstContentMs, 'content');
    while (!this.wire.hasContent) {
      const text = await this.#readOn();
      if (text === undefined) break;
      this.#ahead += text;
    }
    phase.clear();
    if (!this.wire.hasContent) throw this.wire.failure ?? this.#interrupted();
  }

  /**
   * The next canonical text, `''` when a read held nothing to hand on, `undefined` at the end of a whole answer.
   * Throws when the stream was cut; everything before the cut has been handed on by then.
   */
  async read(): Promise<string | undefined> {
    if (this.#ahead !== '') {
      const ahead = this.#ahead;
      this.#ahead = '';
      return ahead;
    }
    const { phase, deadlines } = this.#settings;
    const { finish } = this.wire;
    // The clock runs while we wait for the vendor, not while a slow reader makes the vendor wait.
    if (!phase.isSet) {
      phase.set(finish === 'sure' ? AFTER_FINISH_MS : deadlines.idleMs, 'further content');
    }
    try {
      return await this.#readOn();
    } catch (error) {
      if (this.wire.finish !== 'sure' || this.wire.failure) throw error;
      // The answer was complete; the vendor only kept the line open.
      const last = this.wire.end();
      if (this.wire.failure) throw this.wire.failure;
      this.close();
      return last === '' ? undefined : last;
    }
  }

  /** Closes the socket, whatever is left unread on it. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const { body, controller, onEnd } = this.#settings;
    onEnd();
    // A foreign `fetch` may leave a read pending after its signal.
    body.reader?.cancel().catch(() => {});
    controller.abort();
  }

  async #readOn(): Promise<string | undefined> {
    const { body, controller, phase } = this.#settings;
    const { wire } = this;
    if (wire.failure) throw wire.failure;
    if (wire.isDone && !this.#isDraining) this.close();
    if (this.#closed || wire.isDone) return undefined;
    const before = wire.received.length;
    const { finish } = wire;
    const bytes =
      this.#seen.shift() ??
      (body.reader && (await orAborted(body.reader.read(), controller.signal)).value);
    if (!bytes) {
      const last = wire.end();
      if (last === '' && wire.failure) throw wire.failure;
      if (!wire.failure) this.close();
      return last === '' ? undefined : last;
    }
    const text = wire.read(bytes);
    if (wire.received.length > before || wire.finish !== finish) phase.clear();
    if (wire.isDone) void this.#drain();
    return text;
  }

  /** Lets the response end by itself, so that the next call finds the connection open; not for long. */
  async #drain(): Promise<void> {
    const { body, controller, phase } = this.#settings;
    this.#isDraining = true;
    phase.set(AFTER_FINISH_MS, 'end of the stream');
    try {
      while (body.reader && !(await orAborted(body.reader.read(), controller.signal)).done);
    } catch {
      // The deadline or the vendor closed it: nothing is lost, the answer is complete.
    } finally {
      this.close();
    }
  }

  #interrupted(): AnyturnError {
    const { facts } = this.#settings;
    return new AnyturnError({
      code: 'stream_interrupted',
      message: `${facts.provider}: the stream ended before any content. Try again, or use another model.`,
      ...facts,
    });
  }
}

const AFTER_FINISH_MS = 2_000;
