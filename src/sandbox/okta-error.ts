/** An error as Okta's API tells it: a status, a code that is not unique to it, and a sentence. */
export class OktaError extends Error {
  readonly status: number;
  readonly code: string;
  readonly causes: readonly string[];

  constructor(status: number, code: string, summary: string, causes: readonly string[] = []) {
    super(summary);
    this.name = 'OktaError';
    this.status = status;
    this.code = code;
    this.causes = causes;
  }
}

/** The body of the answer; `errorId` names this one occurrence. */
export function errorBody(error: OktaError, errorId: string): string {
  return JSON.stringify({
    errorCode: error.code,
    errorSummary: error.message,
    errorLink: error.code,
    errorId,
    errorCauses: error.causes.map((errorSummary) => ({ errorSummary })),
  });
}

/** A parameter that the API does not take. */
export const invalidParameter = (name: string, reason: string): OktaError =>
  new OktaError(400, 'E0000001', `Api validation failed: ${name}`, [`${name}: ${reason}`]);

/** A cursor that is altered, or another org's or request's. */
export const invalidCursor = (): OktaError =>
  new OktaError(400, 'E0000031', 'Invalid search criteria.', [
    'after: The cursor is invalid or has expired',
  ]);

/** A token that is missing, expired or revoked. */
export const invalidToken = (): OktaError =>
  new OktaError(401, 'E0000011', 'Invalid token provided');

/** A token whose owner may not read the log. */
export const noPermission = (): OktaError =>
  new OktaError(403, 'E0000006', 'You do not have permission to perform the requested action');

/** A path that the org does not have. */
export const notFound = (path: string): OktaError =>
  new OktaError(404, 'E0000007', `Not found: Resource not found: ${path} (Endpoint)`);

/** A request over one of the limits. */
export const tooManyRequests = (): OktaError =>
  new OktaError(429, 'E0000047', 'API call exceeded rate limit due to too many requests.');
