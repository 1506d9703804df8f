import { Buffer } from 'node:buffer';
import type { Instant } from '../domain/time.ts';
import { days, earlier, parseInstant } from '../domain/time.ts';
import { decodeCursor } from './cursor.ts';
import { invalidCursor, invalidParameter, OktaError } from './okta-error.ts';
import type { LogQuery, StoredEvent } from './org.ts';
import { placeBefore } from './org.ts';

const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/;

function readMoment(parameters: URLSearchParams, name: 'since' | 'until'): Instant | undefined {
  const text = parameters.get(name);
  if (text === null) return undefined;
  const parsed = moment.test(text) ? parseInstant(text) : undefined;
  if (parsed !== undefined) return parsed;
  throw new OktaError(
    400,
    'E0000030',
    "Bad request. Invalid date. Dates must be of the form yyyy-MM-dd'T'HH:mm:ss.SSSZZ",
    [name],
  );
}

function readLimit(parameters: URLSearchParams): number {
  const text = parameters.get('limit') ?? '100';
  const limit = Number(text);
  if (/^\d+$/.test(text) && limit >= 1 && limit <= 1000) return limit;
  throw invalidParameter('limit', 'The value must be between 1 and 1000');
}

function isDescending(parameters: URLSearchParams): boolean {
  const order = parameters.get('sortOrder') ?? 'ASCENDING';
  if (order === 'ASCENDING' || order === 'DESCENDING') return order === 'DESCENDING';
  throw invalidParameter('sortOrder', 'The value must be ASCENDING or DESCENDING');
}

/** The event types of `eventType eq "…" or …`, the only filter that the sandbox knows. */
function readEventTypes(filter: string): ReadonlySet<string> {
  const types = filter
    .split(/\s+or\s+/i)
    .map((term) => /^\s*eventType\s+eq\s+"([^"]*)"\s*$/.exec(term)?.[1]);
  const known = types.filter((type) => type !== undefined);
  if (known.length < types.length)
    throw new OktaError(400, 'E0000031', `Invalid search criteria: ${filter}`);
  return new Set(known);
}

function readKeywords(parameters: URLSearchParams): readonly string[] {
  const keywords = (parameters.get('q') ?? '').split(' ').filter((word) => word !== '');
  if (keywords.length <= 10 && keywords.every((word) => word.length <= 40)) return keywords;
  throw invalidParameter('q', 'At most 10 keywords of 40 characters');
}

function readMatch(parameters: URLSearchParams): (event: StoredEvent) => boolean {
  const filter = parameters.get('filter');
  const types = filter === null ? undefined : readEventTypes(filter);
  const keywords = readKeywords(parameters).map((word) => Buffer.from(word));
  return (event) =>
    (types === undefined || types.has(event.eventType)) &&
    keywords.every((word) => event.json.includes(word));
}

/** The bounds of a request without cursor: by default the last 7 days; 180 days back at most. */
function readBounds(parameters: URLSearchParams, now: Instant): { since: Instant; until: Instant } {
  const until = readMoment(parameters, 'until') ?? now;
  const since = readMoment(parameters, 'since') ?? earlier(until, days(7));
  if (since < earlier(now, days(180))) {
    throw new OktaError(
      400,
      'E0000053',
      "The 'since' parameter cannot be more than 180 days in the past",
    );
  }
  if (parameters.has('until') && since > until)
    throw invalidParameter('until', 'The value must not be before since');
  return { since, until };
}

/**
 * What a request to `/api/v1/logs` asks for. It is a polling request unless it has `until` or asks
 * for descending order, and goes on as it began if it has a cursor. Throws an `OktaError`.
 */
export function readLogRequest(parameters: URLSearchParams, orgId: string, now: Instant): LogQuery {
  const selection = { limit: readLimit(parameters), matches: readMatch(parameters) };
  const descending = isDescending(parameters);
  const kind = parameters.has('until') || descending ? 'bounded' : 'polling';
  const cursor = parameters.get('after');
  if (cursor !== null) {
    const content = decodeCursor(orgId, cursor);
    if (content?.kind !== kind) throw invalidCursor();
    return { ...selection, ...content };
  }
  const { since, until } = readBounds(parameters, now);
  return kind === 'polling'
    ? { ...selection, kind, from: placeBefore(since) }
    : { ...selection, kind, since, until, descending, after: undefined };
}
