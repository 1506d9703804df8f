import type { KeptToken, TokenStore } from '../../../src/domain/token-store.ts';

/** A store that lasts as long as the test. */
export function memoryTokens(): TokenStore & { kept(): KeptToken | undefined } {
  let kept: KeptToken | undefined;
  return {
    load: () => Promise.resolve(kept),
    save: (token) => {
      kept = token;
      return Promise.resolve();
    },
    kept: () => kept,
  };
}
