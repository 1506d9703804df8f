import { defineConfig } from 'vitest/config';
import { wat } from './wat-plugin.js';

export default defineConfig({
  plugins: [wat()],
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ['test/**/*.test.ts'],
    // Tests of the built program run a build of their own.
    globalSetup: `${import.meta.dirname}/../support/build.ts`,
    maxWorkers: 2,
    testTimeout: 30_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reportsDirectory: 'node_modules/.cache/coverage',
      reporter: ['text-summary'],
    },
  },
});
