import { defineConfig } from 'vitest/config';

/** Proofs on what `npm run dist` has built. They are no part of `npm test`, since building takes a minute. */
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ['test/distribution/**/*.proof.ts'],
    maxWorkers: 1,
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
