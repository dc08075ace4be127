import { inspect } from 'node:util';
import { AnyturnError, openModel } from '@anyturn/core';
import type { ModelEvent, ModelInput, OpenModelOptions } from '@anyturn/core';
import { createAgent } from '@anyturn/runtime';
import type { RunEvent } from '@anyturn/runtime';
import { startServer } from '@anyturn/server';
import { isStepCount, streamText, tool } from 'ai';
import { z } from 'zod';

/** What a consumer of one surface got out of one question. */
export interface Outcome {
  /** The text as the consumer put it together. */
  text: string;
  /** Code of the error it ended with; `undefined` for a whole answer. */
  code: string | undefined;
  message: string;
  partialText: string | undefined;
  finishReason: string | undefined;
  reasoning: string;
  /** Cities that the tool was run for. */
  toolRuns: readonly string[];
  /** Names of the repairs that the events told of. */
  warnings: readonly string[];
  /** Everything that was seen, to look for secrets in. */
  seen: unknown;
  totalTokens: number | undefined;
}

interface Question {
  model: ModelInput;
  options: OpenModelOptions;
  prompt: string;
}

export type Surface = (question: Question) => Promise<Outcome>;

/** The three ways a user meets a model. */
export const surfaces: Record<string, Surface> = {
  streamText: askStreamText,
  'agent.run': askAgent,
  'POST /api/stream': askServer,
};

/** A tool that says what it was run for. */
function createWeather() {
  const cities: string[] = [];
  const weather = tool({
    description: 'Tells the weather.',
    inputSchema: z.object({ city: z.string() }),
    execute: ({ city }) => {
      cities.push(city);
      return { degrees: 12 };
    },
  });
  return { cities, weather };
}

async function askStreamText({ model, options, prompt }: Question): Promise<Outcome> {
  const events: ModelEvent[] = [];
  const { cities, weather } = createWeather();
  const { stream } = streamText({
    model: openModel(model, { ...options, onEvent: (event) => events.push(event) }),
    prompt,
    tools: { weather },
    stopWhen: isStepCount(5),
    maxRetries: 0,
    onError: () => {},
  });
  let text = '';
  let reasoning = '';
  let error: unknown;
  let finishReason: string | undefined;
  let totalTokens: number | undefined;
  try {
    for await (const part of stream) {
      if (part.type === 'text-delta') text += part.text;
      if (part.type === 'reasoning-delta') reasoning += part.text;
      if (part.type === 'error') error = part.error;
      if (part.type === 'finish') {
        finishReason = part.finishReason;
        totalTokens = part.totalUsage.totalTokens;
      }
    }
  } catch (cause) {
    error = cause;
  }
  const warnings = events.flatMap((event) => (event.type === 'warning' ? [event.code] : []));
  return {
    text,
    ...described(error),
    finishReason,
    reasoning,
    toolRuns: cities,
    warnings,
    seen: { events, error },
    totalTokens,
  };
}

async function askAgent({ model, options, prompt }: Question): Promise<Outcome> {
  const { cities, weather } = createWeather();
  const agent = createAgent({
    model: openModel(model, options),
    tools: { weather },
    maxSteps: 5,
  });
  const events: RunEvent[] = [];
  let error: unknown;
  try {
    for await (const event of agent.run({ prompt })) events.push(event);
  } catch (cause) {
    error = cause;
  }
  const end = events.at(-1);
  if (end?.type !== 'run-end') throw new Error('The run did not end with run-end.');
  return {
    ...assemble(events),
    ...described(error),
    finishReason: end.finishReason,
    toolRuns: cities,
    seen: { events, error },
    totalTokens: end.usage.totalTokens,
  };
}

async function askServer({ model, options, prompt }: Question): Promise<Outcome> {
  const { cities, weather } = createWeather();
  const agent = createAgent({
    model: openModel(model, options),
    tools: { weather },
    maxSteps: 5,
  });
  const server = await startServer({ port: 0, agents: { assistant: agent } });
  try {
    const response = await fetch(`${server.url}/api/stream`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ prompt, events: 'all' }),
    });
    const frames = (await response.text())
      .split('\n\n')
      .filter((record) => record.startsWith('data: '))
      .map((record) => JSON.parse(record.slice('data: '.length)) as Frame);
    const last = frames.at(-1);
    const isError = last?.type === 'error';
    const events = frames.map((frame) =>
      frame.type === 'chunk' ? { ...frame, type: 'text-delta', text: frame.content } : frame,
    );
    return {
      ...assemble(withSteps(events) as RunEvent[]),
      code: isError ? last.code : undefined,
      message: (isError ? last.message : '') ?? '',
      partialText: undefined,
      finishReason: last?.finishReason,
      toolRuns: cities,
      seen: frames,
      totalTokens: last?.usage?.totalTokens,
    };
  } finally {
    await server.close();
  }
}

interface Frame {
  type: string;
  step?: number;
  content?: string;
  code?: string;
  message?: string;
  finishReason?: string;
  usage?: { totalTokens: number };
}

/** A chunk names no step: it belongs to the one that began last. */
function withSteps(frames: readonly { type: string; step?: number }[]): unknown[] {
  let step = 0;
  return frames.map((frame) => {
    if (frame.type === 'step-start') step = frame.step ?? 0;
    return { step, ...frame };
  });
}

/** Text and reasoning as a reader puts them together, dropping what a reset takes back. */
function assemble(events: readonly RunEvent[]) {
  const text: string[] = [];
  const reasoning: string[] = [];
  const warnings: string[] = [];
  for (const event of events) {
    if (event.type === 'step-start' || event.type === 'attempt-reset') {
      text[event.step] = '';
      reasoning[event.step] = '';
    } else if (event.type === 'text-delta') text[event.step] += event.text;
    else if (event.type === 'reasoning-delta') reasoning[event.step] += event.text;
    else if (event.type === 'warning') warnings.push(event.code);
  }
  return { text: text.join(''), reasoning: reasoning.join(''), warnings };
}

function described(error: unknown): Pick<Outcome, 'code' | 'message' | 'partialText'> {
  if (error === undefined) return { code: undefined, message: '', partialText: undefined };
  if (!AnyturnError.isInstance(error))
    return { code: 'untyped', message: inspect(error), partialText: undefined };
  const { code, message, partialText } = error;
  return { code, message, partialText };
}
