import {
  cutText,
  newId,
  type CompletionContent,
  type CompletionUsage,
} from '../completion-chunk.ts';
import { toText, type ChatMessage, type ChatRequest } from './chat-request.ts';
import { findTools, type OfferedTools } from './offered-tool.ts';
import { phrases, type Phrases } from './phrase.ts';
import { planNextStep, type NextStep } from './plan.ts';
import { toPrompt } from './prompt.ts';
import { TurnOutcomes } from './tool-outcome.ts';
import { understand, type Understanding } from './understand.ts';

export interface ChatAnswer {
  readonly content: CompletionContent;
  /** Estimated, and marked so. */
  readonly usage: CompletionUsage;
}

/** Earlier messages that "and in Paris?" may refer to. */
const maxEarlierTurns = 4;

/** Answers one request: tool calls, or the text that ends the turn. Keeps no state between requests. */
export function answerChat(chat: ChatRequest): ChatAnswer {
  const { messages } = chat;
  const last = messages.findLastIndex(({ role }) => role === 'user');
  const question = messages[last];
  const { text, language } = toPrompt(question ? toText(question) : '');
  const step = toNextStep(chat, understandTurns(messages.slice(0, last + 1)), {
    phrases: phrases[language],
    isEmpty: text.trim() === '',
    outcomes: new TurnOutcomes(messages.slice(last + 1)),
  });
  const content = toContent(step, chat);
  return { content, usage: estimateUsage(chat, content) };
}

interface Turn {
  readonly phrases: Phrases;
  readonly isEmpty: boolean;
  readonly outcomes: TurnOutcomes;
}

function toNextStep(chat: ChatRequest, understanding: Understanding, turn: Turn): NextStep {
  const tools = findTools(chat);
  const { wishes, smallTalk } = understanding;
  if (wishes.length > 0 && hasAnyTool(tools)) {
    return planNextStep({ understanding, tools, outcomes: turn.outcomes, phrases: turn.phrases });
  }
  const { about, noTools, unknown } = turn.phrases;
  if (wishes.length > 0) return { type: 'answer', text: noTools };
  const opening = smallTalk && !turn.isEmpty ? turn.phrases.smallTalk[smallTalk] : unknown;
  return { type: 'answer', text: `${opening}\n${about}` };
}

function hasAnyTool({ names }: OfferedTools): boolean {
  return names.length > 0;
}

/** What the last message asks for, in the light of the ones before it. */
function understandTurns(messages: readonly ChatMessage[]): Understanding {
  const questions = messages.filter(({ role }) => role === 'user').slice(-maxEarlierTurns);
  const turns: Understanding[] = [];
  for (const question of questions) turns.unshift(understand(toPrompt(toText(question)), turns));
  return turns[0] ?? understand(toPrompt(''));
}

function toContent(step: NextStep, chat: ChatRequest): CompletionContent {
  if (step.type === 'calls') {
    const calls = chat.parallel_tool_calls === false ? step.calls.slice(0, 1) : step.calls;
    const toolCalls = calls.map(({ name, input }) => {
      return { id: newId('call_'), name, arguments: JSON.stringify(input) };
    });
    return { toolCalls, finishReason: 'tool_calls' };
  }
  const isJson = chat.response_format?.type === 'json_object';
  const text = cutWords(isJson ? JSON.stringify({ answer: step.text }) : step.text);
  const limit = chat.max_completion_tokens ?? chat.max_tokens ?? Infinity;
  const kept = keepTokens(text, limit);
  return { text: kept, finishReason: kept.length < text.length ? 'length' : 'stop' };
}

/** Words with the space before them, and two Chinese characters at a time. */
function cutWords(text: string): string[] {
  const words = text.match(/\s*[^\s\p{Script=Han}]+|\s*\p{Script=Han}{1,2}|\s+/gu) ?? [];
  return words.flatMap((word) => (word.length > 40 ? cutText(word, 20) : word));
}

function keepTokens(pieces: readonly string[], limit: number): string[] {
  let used = 0;
  const end = pieces.findIndex((piece) => {
    used += estimateTokens(piece);
    return used > limit;
  });
  return end < 0 ? [...pieces] : pieces.slice(0, end);
}

function estimateUsage(
  { messages, tools }: ChatRequest,
  content: CompletionContent,
): CompletionUsage {
  const output = (content.toolCalls ?? []).map((call) => `${call.name}${call.arguments}`);
  const prompt_tokens = estimateTokens(JSON.stringify({ messages, tools }));
  const completion_tokens =
    output.reduce((sum, text) => sum + estimateTokens(text), 0) +
    (content.text ?? []).reduce((sum, text) => sum + estimateTokens(text), 0);
  const total_tokens = prompt_tokens + completion_tokens;
  return { prompt_tokens, completion_tokens, total_tokens, estimated: true };
}

/** About four Latin characters or one Chinese character to a token. */
function estimateTokens(text: string): number {
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  return han + Math.ceil((text.length - han) / 4);
}
