import { secretMark, writtenForms } from './secrets.ts';

/** A cut-off beginning of a secret counts from this length on. */
const minBeginning = 6;

/**
 * Takes the secrets out of a body, also those that lie over two chunks, and those whose pieces lie in the same field of
 * several server-sent events, as when a model writes one word by word. The chunks keep their number and their order.
 */
export function redactChunks(chunks: readonly Uint8Array[], secrets: readonly string[]): Buffer[] {
  // As Latin-1 each byte is one character, so that places in the text are places in the bytes.
  const bodies = chunks.map((chunk) => Buffer.from(chunk).toString('latin1'));
  const forms = writtenForms(secrets);
  const bytesOfForms = forms.map((form) => Buffer.from(form).toString('latin1'));
  const all = [...new Set([...bytesOfForms, ...forms])];
  const withoutSplit = replaceSpans(bodies, findInEvents(bodies.join(''), all));
  const clean = replaceSpans(withoutSplit, findSpans(withoutSplit.join(''), bytesOfForms));
  return clean.map((body) => Buffer.from(body, 'latin1'));
}

interface Span {
  start: number;
  end: number;
  replacement: string;
}

/** Where secrets are, from left to right, without overlaps; a beginning of one at the very end too. */
function findSpans(text: string, forms: readonly string[]): Span[] {
  const found: Span[] = [];
  for (const form of forms) {
    for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + form.length)) {
      found.push({ start: at, end: at + form.length, replacement: secretMark });
    }
    const cut = longestBeginningAtEnd(text, form);
    if (cut > 0) {
      found.push({ start: text.length - cut, end: text.length, replacement: secretMark });
    }
  }
  return joinOverlaps(found);
}

function longestBeginningAtEnd(text: string, form: string): number {
  for (let length = form.length - 1; length >= minBeginning; length -= 1) {
    if (text.endsWith(form.slice(0, length))) return length;
  }
  return 0;
}

function joinOverlaps(spans: Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last && span.start < last.end) last.end = Math.max(last.end, span.end);
    else joined.push({ ...span });
  }
  return joined;
}

/** Replaces parts of a text that is cut into chunks. What is replaced over a cut goes to the chunk before it. */
function replaceSpans(chunks: readonly string[], spans: readonly Span[]): string[] {
  if (spans.length === 0) return [...chunks];
  const pieces = chunks.map((): string[] => []);
  let next = 0;
  let offset = 0;
  for (const [index, chunk] of chunks.entries()) {
    const end = offset + chunk.length;
    let at = offset;
    while (at < end) {
      while (spans[next] && (spans[next]?.end ?? 0) <= at) next += 1;
      const span = spans[next];
      if (span && span.start <= at) {
        if (span.start >= offset) pieces[index]?.push(span.replacement);
        at = Math.min(end, span.end);
      } else {
        const until = Math.min(end, span?.start ?? end);
        pieces[index]?.push(chunk.slice(at - offset, until - offset));
        at = until;
      }
    }
    offset = end;
  }
  return pieces.map((piece) => piece.join(''));
}

interface Field {
  event: number;
  holder: Record<string, unknown>;
  key: string;
  value: string;
}

/** The events to be written anew because a secret is in one of their fields, put together over all events. */
function findInEvents(text: string, forms: readonly string[]): Span[] {
  const events = [...text.matchAll(/^data: ?(\{.*\})\r?$/gmu)].flatMap((match) => {
    const [line, json = ''] = match;
    const value = parseJson(json);
    const start = match.index + line.indexOf(json);
    return value === undefined ? [] : [{ start, end: start + json.length, value }];
  });
  const fields = new Map<string, Field[]>();
  for (const [event, { value }] of events.entries()) collectFields(value, '', event, fields);

  const changed = new Set<number>();
  for (const sameField of fields.values()) {
    if (sameField.length > 1) clearFields(sameField, forms, changed);
  }
  return [...changed]
    .toSorted((a, b) => a - b)
    .flatMap((index) => {
      const event = events[index];
      return event ? [{ ...event, replacement: toLatin1Json(event.value) }] : [];
    });
}

/** Every string in a JSON value, by the path that leads to it. */
function collectFields(
  holder: unknown,
  path: string,
  event: number,
  fields: Map<string, Field[]>,
): void {
  if (typeof holder !== 'object' || holder === null) return;
  for (const [key, value] of Object.entries(holder)) {
    const place = `${path}.${key}`;
    if (typeof value === 'string') {
      const same = fields.get(place);
      // Arrays are held by their index just as well.
      const field = { event, holder: holder as Record<string, unknown>, key, value };
      if (same) same.push(field);
      else fields.set(place, [field]);
    } else {
      collectFields(value, place, event, fields);
    }
  }
}

function clearFields(
  fields: readonly Field[],
  forms: readonly string[],
  changed: Set<number>,
): void {
  const values = fields.map(({ value }) => value);
  const spans = findSpans(values.join(''), forms);
  for (const [index, value] of replaceSpans(values, spans).entries()) {
    const field = fields[index];
    if (!field || field.value === value) continue;
    field.holder[field.key] = value;
    changed.add(field.event);
  }
}

function toLatin1Json(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[^\0-\xff]/g,
    (character) => String.raw`\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
