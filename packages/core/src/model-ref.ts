import { AnyturnError } from './errors.ts';

/** Which model is meant: `provider/model-id`, `provider@region/model-id`, or `provider` for its default model. */
export interface ModelRef {
  readonly provider: string;
  readonly region?: string;
  readonly modelId?: string;
}

/**
 * Reads a model reference. Only the part before the first `/` is the provider; the rest is the model id as the
 * vendor writes it, which may hold `/`, `:` and `@`. Provider and region are case-insensitive and come back in
 * lower case. Whether they exist is not checked here: see `findProvider` and `resolveRegion`.
 *
 * @throws {AnyturnError} code `config` for text of another form, with white space or control characters, or over
 * 512 characters.
 */
export function parseModelRef(text: string): ModelRef {
  if (typeof text !== 'string' || text === '') throw malformed('The model reference is empty.');
  if (text.length > MAX_LENGTH) {
    throw malformed(
      `The model reference has ${text.length} characters; ${MAX_LENGTH} are allowed.`,
    );
  }
  if (/[\s\p{C}]/u.test(text)) {
    throw malformed(`The model reference ${quote(text)} has white space or control characters.`);
  }
  const { provider, region, modelId } = FORM.exec(text)?.groups ?? {};
  if (provider === undefined) throw malformed(`The model reference ${quote(text)} is malformed.`);
  return {
    provider: provider.toLowerCase(),
    ...(region !== undefined && { region: region.toLowerCase() }),
    ...(modelId !== undefined && { modelId }),
  };
}

/** Writes a reference so that `parseModelRef` reads the same one. */
export function printModelRef({ provider, region, modelId }: ModelRef): string {
  return `${provider}${region === undefined ? '' : `@${region}`}${modelId === undefined ? '' : `/${modelId}`}`;
}

const MAX_LENGTH = 512;

const FORM =
  /^(?<provider>[a-z][a-z0-9-]*)(?:@(?<region>[a-z0-9][a-z0-9-]*))?(?:\/(?<modelId>.+))?$/i;

/** Escapes what cannot be seen, and never repeats a long text. */
function quote(text: string): string {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return `"${shown.replace(/[\p{C}\p{Z}"\\]/gu, (char) => (char === ' ' ? ' ' : `\\u{${char.codePointAt(0)!.toString(16)}}`))}"`;
}

function malformed(problem: string): AnyturnError {
  return new AnyturnError({
    code: 'config',
    message: `${problem} Use "provider/model-id", for example "deepseek/deepseek-flash" or "qwen@singapore/qwen-plus".`,
  });
}
