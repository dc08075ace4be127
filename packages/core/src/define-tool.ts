import type {
  FlexibleSchema,
  FunctionTool,
  ModelMessage,
  ToolExecuteFunction,
  ToolExecutionOptions,
} from '@ai-sdk/provider-utils';

export interface ToolDefinition<INPUT, OUTPUT> {
  /** One sentence for the model: what the tool does and when to use it. */
  description: string;
  /** What the tool takes, as a zod schema. Input that does not fit never reaches `execute`; the model is told. */
  inputSchema: FlexibleSchema<INPUT>;
  /** Does the work. What it throws is told to the model as a tool error, and the run goes on. */
  execute: (input: INPUT, context: ToolContext) => OUTPUT | PromiseLike<OUTPUT>;
  /**
   * Milliseconds after which an agent stops waiting, even for a tool that ignores its signal.
   * @default the agent's `toolDefaults.timeoutMs`, 60_000
   */
  timeoutMs?: number;
}

export interface ToolContext {
  /** The vendor's id of this call; unique within a run. */
  toolCallId: string;
  /** Fires when the run is aborted or the tool took too long. Pass it to whatever waits. */
  signal: AbortSignal | undefined;
  /** The conversation that led to the call. */
  messages: readonly ModelMessage[];
}

/** An AI SDK tool that also carries its time limit. Works with `streamText` and with `createAgent`. */
export type AnyturnTool<INPUT, OUTPUT> = FunctionTool<INPUT, OUTPUT> & {
  execute: ToolExecuteFunction<INPUT, OUTPUT, unknown>;
  timeoutMs?: number;
};

/** Declares a tool: a sentence for the model, a schema, and a plain function. */
export function defineTool<INPUT, OUTPUT>(
  definition: ToolDefinition<INPUT, OUTPUT>,
): AnyturnTool<INPUT, OUTPUT> {
  const { description, inputSchema, execute, timeoutMs } = definition;
  const tool: object = {
    description,
    inputSchema,
    execute: (input: INPUT, { toolCallId, abortSignal, messages }: ToolExecutionOptions<unknown>) =>
      execute(input, { toolCallId, signal: abortSignal, messages }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  };
  // The SDK's tool type is a union over outputs and contexts that TypeScript cannot build from generics.
  return tool as AnyturnTool<INPUT, OUTPUT>;
}
