import { CAVEAT_KINDS } from '../domain/caveat.ts';
import { RUN_ENDS } from '../domain/run-summary.ts';
import type { CountedCaveat, StatusError, StreamStatus, Totals } from '../domain/status.ts';
import { ERROR_TYPES } from '../domain/status-error.ts';
import type { JsonObject } from './json-shape.ts';
import { isInstant, isJsonObject, isOptionalInstant } from './json-shape.ts';

/** What this program writes; a status of any other version is begun anew. */
const VERSION = 1;

/** Writes a status as one line of JSON; moments in epoch milliseconds. */
export function formatStatus(status: StreamStatus): string {
  const { totals, error } = status;
  const json = {
    version: VERSION,
    org: status.org,
    starts: status.starts,
    ended_at: status.endedAt,
    ended: status.ended,
    succeeded_at: status.succeededAt,
    newest_published: status.newestPublished,
    totals: {
      runs: totals.runs,
      failed_runs: totals.failedRuns,
      events: totals.events,
      dropped: totals.dropped,
      requests: totals.requests,
      written_bytes: totals.writtenBytes,
    },
    today: status.today,
    error: error && { ...error, exitCode: undefined, exit_code: error.exitCode },
    caveats: status.caveats,
  };
  return `${JSON.stringify(json)}\n`;
}

/** Reads a status; `undefined` if it is not one as we write it. */
export function parseStatus(json: unknown): StreamStatus | undefined {
  if (!isJsonObject(json) || json['version'] !== VERSION) return undefined;
  try {
    return readStatus(json);
  } catch (error) {
    if (error instanceof DamagedError) return undefined;
    throw error;
  }
}

/** A member is not what it should be. */
class DamagedError extends Error {}

function readStatus(json: JsonObject): StreamStatus {
  const { org, starts, ended_at: endedAt, succeeded_at: succeededAt, error, caveats } = json;
  return {
    org: checked(org, isText),
    starts: listOf(starts, (start) => checked(start, isInstant)),
    endedAt: checked(endedAt, isInstant),
    ended: oneOf(RUN_ENDS, json['ended']),
    succeededAt: checked(succeededAt, isOptionalInstant),
    newestPublished: checked(json['newest_published'], isOptionalInstant),
    totals: readTotals(checked(json['totals'], isJsonObject)),
    today: readToday(checked(json['today'], isJsonObject)),
    error: error === undefined ? undefined : readError(checked(error, isJsonObject)),
    caveats: listOf(caveats, (caveat) => readCaveat(checked(caveat, isJsonObject))),
  };
}

function readTotals(json: JsonObject): Totals {
  return {
    runs: checked(json['runs'], isCount),
    failedRuns: checked(json['failed_runs'], isCount),
    events: checked(json['events'], isCount),
    dropped: checked(json['dropped'], isCount),
    requests: checked(json['requests'], isCount),
    writtenBytes: checked(json['written_bytes'], isCount),
  };
}

function readToday({ day, events }: JsonObject): StreamStatus['today'] {
  return { day: checked(day, isText), events: checked(events, isCount) };
}

function readError({
  type,
  exit_code,
  message,
  hint,
  since,
  last,
  until,
}: JsonObject): StatusError {
  return {
    type: oneOf(ERROR_TYPES, type),
    exitCode: checked(exit_code, isCount),
    message: checked(message, isText),
    hint: hint === undefined ? undefined : checked(hint, isText),
    since: checked(since, isInstant),
    last: checked(last, isInstant),
    until: checked(until, isOptionalInstant),
  };
}

function readCaveat({ kind, text, count, first, last }: JsonObject): CountedCaveat {
  return {
    kind: oneOf(CAVEAT_KINDS, kind),
    text: checked(text, isText),
    count: checked(count, isCount),
    first: checked(first, isInstant),
    last: checked(last, isInstant),
  };
}

function checked<T>(json: unknown, isOne: (one: unknown) => one is T): T {
  if (isOne(json)) return json;
  throw new DamagedError();
}

function oneOf<T>(known: readonly T[], json: unknown): T {
  return checked(json, (one): one is T => known.some((name) => name === one));
}

function listOf<T>(json: unknown, read: (one: unknown) => T): readonly T[] {
  if (Array.isArray(json)) return json.map(read);
  throw new DamagedError();
}

function isText(json: unknown): json is string {
  return typeof json === 'string';
}

function isCount(json: unknown): json is number {
  return Number.isSafeInteger(json) && Number(json) >= 0;
}
