import { Buffer } from 'node:buffer';
import type { Duration } from '../domain/time.ts';
import type { OktaError } from './okta-error.ts';
import { errorBody } from './okta-error.ts';

/** How an answer gets to the client. */
export type Delivery =
  | { readonly kind: 'whole' }
  /** Nothing comes, and the connection stays open. */
  | { readonly kind: 'silence' }
  /** The connection is reset before the first byte, in the headers, or in the body. */
  | { readonly kind: 'reset'; readonly in: 'nothing' | 'headers' | 'body' }
  /** The body, compressed if the client takes that or in any case `plain`, ends half way, with or without a Content-Length that says so. */
  | { readonly kind: 'cut'; readonly hasLength: boolean; readonly isPlain: boolean }
  | { readonly kind: 'slow'; readonly perKilobyte: Duration };

/** An answer to a request, before it is compressed and sent. */
export interface Answer {
  readonly status: number;
  /** By lower-case name; Link apart. */
  readonly headers: Readonly<Record<string, string>>;
  /** The values of the Link header, one a header line. */
  readonly links: readonly string[];
  readonly body: Buffer;
  readonly delivery: Delivery;
}

/** The answer that refuses a request, with the headers that every answer has. */
export function errorAnswer(error: OktaError, headers: Answer['headers']): Answer {
  return {
    status: error.status,
    headers,
    links: [],
    body: Buffer.from(errorBody(error, `oae${headers['x-okta-request-id'] ?? ''}`)),
    delivery: { kind: 'whole' },
  };
}
