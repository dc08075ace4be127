import { z } from 'zod';

const headers = z.record(z.string(), z.string());

const requestBody = z.union([
  z.strictObject({ json: z.unknown() }),
  z.strictObject({ text: z.string() }),
  /** Why there is nothing. */
  z.strictObject({ omitted: z.string() }),
]);

const chunk = z.union([
  z.strictObject({ atMs: z.number(), text: z.string() }),
  /** Bytes that are not UTF-8 on their own, such as half a character. */
  z.strictObject({ atMs: z.number(), base64: z.string() }),
]);

const request = z.strictObject({
  method: z.string(),
  url: z.string(),
  headers,
  body: requestBody.optional(),
});

const exchange = z.strictObject({
  request,
  /** Absent when none came. */
  response: z
    .strictObject({
      atMs: z.number(),
      status: z.number().int().min(200).max(599),
      statusText: z.string().optional(),
      headers,
      chunks: z.array(chunk),
      /** Bytes at the end of the body that were too many to keep. */
      omittedBytes: z.number().optional(),
    })
    .optional(),
  /** `end`, `reset`, `aborted` by the client, or the code of another network error. */
  end: z.string(),
  endMs: z.number(),
});

/** A request as a recording holds it: without credentials. */
export type RecordedHttpRequest = z.infer<typeof request>;
/** One request and what became of it. All times are milliseconds after the request was sent. */
export type RecordedExchange = z.infer<typeof exchange>;
export type RecordedChunk = z.infer<typeof chunk>;

const separator = '---\n';

/** One exchange as text that a person can review: a line of dashes and indented JSON, with one line for each chunk. */
export function printExchange(recorded: RecordedExchange): string {
  const json = JSON.stringify(recorded, null, 2).replaceAll(
    /\{\n +"atMs": (\d+),\n +"(text|base64)": (".*")\n +\}/gu,
    '{ "atMs": $1, "$2": $3 }',
  );
  return `${separator}${json}\n`;
}

/** Reads what `printExchange` wrote. Throws when a part of it is something else. */
export function parseExchanges(text: string): RecordedExchange[] {
  const parts = text.replaceAll('\r\n', '\n').split(/^---\n/mu);
  return parts
    .filter((part) => part.trim() !== '')
    .map((part, at) => {
      const parsed = exchange.safeParse(parseJson(part));
      if (parsed.success) return parsed.data;
      throw new Error(`Exchange ${at + 1} is no recording: ${z.prettifyError(parsed.error)}`);
    });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
