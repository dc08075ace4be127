/** How one vendor's protocol differs from OpenAI's. Data only; a test that adds a vendor's row cites the vendor fact. */
export interface FakeVendorProfile {
  /** The field that carries reasoning. @default 'reasoning_content' */
  readonly reasoningField?: 'reasoning_content' | 'reasoning';
  /**
   * When a stream carries usage: only when the request asks for it, as OpenAI does, always, or never.
   * @default 'when-asked'
   */
  readonly usage?: 'when-asked' | 'always' | 'never';
  /**
   * Whether a text goes on from a trailing assistant message with `prefix: true` (DeepSeek, at `/beta`) or `partial: true`
   * (Qwen), or repeats it first. Without it the message is one like any other. The DeepSeek API documentation on prefix
   * completion and the DashScope one on partial mode, 2026-03; that some answers repeat the prefix is not confirmed.
   */
  readonly continuation?: 'rest' | 'echo';
  /** Headers on every answer, such as `x-ratelimit-remaining-requests`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A comment that opens every stream, without the colon. */
  readonly openingComment?: string;
  /** Changes each stream chunk before it is sent. An array sends several, an empty one drops it. */
  readonly mapChunk?: (chunk: Record<string, unknown>) => object | readonly object[];
}
