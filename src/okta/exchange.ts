/** One HTTP request: a GET, or a POST if it has a body. */
export interface Request {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Leaves the body of a 200 as it came, compressed or not. */
  readonly isPacked?: true;
  readonly signal: AbortSignal;
  /** Told of the answer when its headers are there and its body is still to come. */
  readonly onHead?: ((head: AnswerHead) => void) | undefined;
}

/** Header fields by lower-case name; a field that came in several lines has an array. */
export type HeaderFields = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What an answer begins with. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: HeaderFields;
}

/** One whole answer. */
export interface Answer extends AnswerHead {
  /** Decompressed, unless the request wants it packed. */
  readonly body: Buffer;
  /** Bytes of the body as they came over the wire. */
  readonly receivedBytes: number;
}

/**
 * Sends one request and resolves with the whole answer, whatever its status. Never follows a
 * redirect. Rejects with a `Failure` if the network fails, an `UnusablePageError` if the body
 * cannot be decompressed, and the signal's reason once that is given.
 */
export type Exchange = (request: Request) => Promise<Answer>;

/** All lines of a header field. */
export function fieldLines(headers: HeaderFields, name: string): readonly string[] {
  const value = headers[name];
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** The first line of a header field. */
export function field(headers: HeaderFields, name: string): string | undefined {
  return fieldLines(headers, name)[0];
}
