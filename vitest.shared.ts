import { defineConfig } from 'vitest/config';

/** Every package resolves its workspace siblings from source, so tests need no build. */
export default defineConfig({
  ssr: { resolve: { conditions: ['@anyturn/source', 'node', 'import', 'default'] } },
});
