import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { include: ['worker/**/*.test.ts', 'app/**/*.test.ts', 'scripts/**/*.test.ts'], testTimeout: 30_000 },
});
