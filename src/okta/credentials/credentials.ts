import type { Answer } from '../exchange.ts';

/** Which kind of credential signs: what a refusal means depends on it. */
export type Signer = 'api token' | 'service app';

/** What proves to Okta who asks. */
export interface Credentials {
  readonly signer: Signer;
  /** The header fields that sign one attempt at a GET; the next attempt needs its own. Rejects with a `Failure`. */
  sign(url: string, signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /**
   * Takes note of an answer to what was signed. True if it is a refusal that a new signature may
   * overcome: then the request is to be sent once more at once. Never true for long.
   */
  heard(answer: Answer): boolean;
}
