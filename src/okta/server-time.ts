import type { Instant } from '../domain/time.ts';
import { instant } from '../domain/time.ts';
import type { Answer } from './exchange.ts';
import { field } from './exchange.ts';

/** The server's time, from the `Date` of an answer; `undefined` if it does not tell. */
export function serverTimeOf({ headers }: Pick<Answer, 'headers'>): Instant | undefined {
  const milliseconds = Date.parse(field(headers, 'date') ?? '');
  return Number.isNaN(milliseconds) ? undefined : instant(milliseconds);
}
