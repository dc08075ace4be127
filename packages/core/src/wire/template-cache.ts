import type { DeltaPart } from './delta-part.ts';
import { DeltaTemplate } from './delta-template.ts';

/**
 * The lines that the last deltas were made of. A few, because some vendors write the same fields in changing order, and because
 * text follows on reasoning.
 */
export class TemplateCache {
  readonly #templates: DeltaTemplate[] = [];
  /** Making a template costs as much as reading several lines; lines that all differ must not cost more than reading them. */
  #credit = PRICE;
  /** Of the last line that matched. */
  template: DeltaTemplate | undefined;
  body = '';

  /** Whether a line differs from one before in its text alone. */
  match(line: string): boolean {
    for (const template of this.#templates) {
      const body = template.match(line);
      if (body === undefined) continue;
      this.template = template;
      this.body = body;
      if (this.#credit < PRICE) this.#credit++;
      return true;
    }
    return false;
  }

  /** Learns a line that no template matched, now and then. */
  learn(line: string, part: DeltaPart): void {
    if (++this.#credit >= PRICE) this.make(line, part);
  }

  /** Learns a line at any cost; `undefined` where its text cannot be told from the rest. */
  make(line: string, part: DeltaPart): DeltaTemplate | undefined {
    this.#credit = 0;
    const template = DeltaTemplate.of(line, part);
    if (!template) return undefined;
    this.#templates.unshift(template);
    if (this.#templates.length > MAX_TEMPLATES) this.#templates.pop();
    return template;
  }
}

const PRICE = 8;
const MAX_TEMPLATES = 4;
