import type { CompletionContent, CompletionUsage } from '../completion-chunk.ts';
import type { ChatRequest } from './chat-request.ts';
export function answerChat(_chat: ChatRequest): {
  content: CompletionContent;
  usage: CompletionUsage;
} {
  return {
    content: { text: ['Not ready.'], finishReason: 'stop' },
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  };
}
