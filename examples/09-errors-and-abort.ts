// What goes wrong has a code to branch on, keeps the text that had arrived, and can be told in Chinese.
// Run it with a key; with a wrong one you see another code:
//   DEEPSEEK_API_KEY=… node --conditions=@anyturn/source examples/09-errors-and-abort.ts

import { AnyturnError, chooseModel, localizeError } from '@anyturn/core';
import { createAgent } from '@anyturn/runtime';
import type { RunError } from '@anyturn/runtime';

try {
  createAgent({ model: 'deepsek' });
} catch (error) {
  // Mistakes in the settings show at once, before anything is sent.
  if (AnyturnError.isInstance(error)) console.log(`${error.code}: ${error.message}`);
}

const { model } = await chooseModel();
const agent = createAgent({ model });
// A stop button would be `stop.abort()`, a deadline `AbortSignal.timeout(30_000)`.
const stop = new AbortController();
const run = agent.run({ prompt: 'Tell me a long story.', signal: stop.signal });

try {
  for await (const event of run) {
    // As someone would who has read the first words.
    if (event.type === 'text-delta') stop.abort();
  }
} catch (error) {
  if (!isRunError(error)) throw error;
  console.log(`${error.code}: ${localizeError(error, 'zh')}`);
  console.log(adviceFor(error));
  const { text, usage } = error.result;
  console.log(`Kept: ${JSON.stringify(text)}, about ${usage.totalTokens} tokens`);
}

function adviceFor({ code, retryAfterMs = 1_000 }: RunError): string {
  switch (code) {
    case 'aborted':
      return 'You stopped it.';
    case 'auth':
    case 'balance':
    case 'forbidden':
      return 'Look at the account of this key.';
    case 'rate_limit':
    case 'overloaded':
      return `Ask again in ${retryAfterMs / 1_000} s.`;
    default:
      return 'Look at the message.';
  }
}

/** A run throws nothing else once it has begun. */
function isRunError(error: unknown): error is RunError {
  return AnyturnError.isInstance(error) && 'result' in error;
}
