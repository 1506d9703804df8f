/** An error as OAuth tells it: a status, a code, and a sentence. */
export class OAuthError extends Error {
  readonly status: number;
  readonly code: string;
  /** What the client must put into its next DPoP proof; `undefined` if nothing. */
  readonly nonce: string | undefined;

  constructor(status: number, code: string, description: string, nonce?: string) {
    super(description);
    this.name = 'OAuthError';
    this.status = status;
    this.code = code;
    this.nonce = nonce;
  }
}

/** The client could not prove who it is. */
export const invalidClient = (description: string): OAuthError =>
  new OAuthError(401, 'invalid_client', description);

/** A proof is missing or wrong. */
export const invalidProof = (description: string): OAuthError =>
  new OAuthError(400, 'invalid_dpop_proof', description);
