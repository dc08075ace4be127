// A small client class over several keys: `chat`, `chatStream`, `countTokens`.
// Run it with your keys; a call whose key is refused or rate-limited goes on with the next:
//   DEEPSEEK_API_KEY=A,B,C node --conditions=@anyturn/source examples/07-client-class.ts
//   ANYTURN_MODEL=qwen DASHSCOPE_API_KEY_1=A DASHSCOPE_API_KEY_2=B node …

import { countTokens, openModel } from '@anyturn/core';
import type { ModelEvent } from '@anyturn/core';
import { createAgent } from '@anyturn/runtime';
import type { Agent } from '@anyturn/runtime';

interface Message {
  role: 'user' | 'assistant';
  content: string;
}

class ChatClient {
  readonly #agent: Agent;

  /** The keys come from the environment; `openModel(model, { apiKey: ['A', 'B', 'C'] })` takes them from elsewhere. */
  constructor(model: string, onEvent: (event: ModelEvent) => void) {
    this.#agent = createAgent({ model: openModel(model, { onEvent }) });
  }

  async chat(messages: Message[]): Promise<string> {
    const { text } = await this.#agent.run({ messages }).result;
    return text;
  }

  /** Leaving the loop early ends the request. What was yielded cannot be taken back: no answer begins anew. */
  async *chatStream(messages: Message[], signal?: AbortSignal): AsyncGenerator<string> {
    const run = this.#agent.run({ messages, onCut: 'fail', ...(signal && { signal }) });
    for await (const event of run) {
      if (event.type === 'text-delta') yield event.text;
    }
  }

  /** Counted here, so it costs nothing. The vendor's own count differs by a few per cent. */
  async countTokens(input: string | Message[]): Promise<number> {
    return countTokens(input);
  }
}

const client = new ChatClient(process.env.ANYTURN_MODEL ?? 'deepseek', (event) => {
  // Keys are shown by number, never by what they are.
  if (event.type === 'attempt-wait') {
    console.log(`[${event.error?.code ?? 'busy'}: trying ${event.keyId}]`);
  }
});

const messages: Message[] = [{ role: 'user', content: 'Name one bridge in Hangzhou.' }];
console.log(`The question has ${await client.countTokens(messages)} tokens.`);

const answer = await client.chat(messages);
console.log(answer);

messages.push({ role: 'assistant', content: answer }, { role: 'user', content: 'And another?' });
for await (const text of client.chatStream(messages)) process.stdout.write(text);
console.log();
