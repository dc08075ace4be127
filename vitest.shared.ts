import { defineConfig } from 'vitest/config';

/**
 * Every package resolves its workspace siblings from source, so tests need no build.
 * Not `import`: it would reach the `require` calls of CommonJS dependencies too.
 */
export default defineConfig({
  ssr: { resolve: { conditions: ['@anyturn/source', 'node', 'default'] } },
});
