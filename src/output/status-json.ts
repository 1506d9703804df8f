import type { LockState } from '../domain/run-at-work.ts';
import type { StatusReport } from '../domain/status-report.ts';
import type { StatusError, StreamStatus } from '../domain/status.ts';
import type { Instant } from '../domain/time.ts';
import { formatInstant } from '../domain/time.ts';

/** The status as one JSON object on one line: moments in ISO 8601, what is not known is null. */
export function statusJson({ org, known, health, eventsToday }: StatusReport): string {
  const { status, lock } = known;
  return `${JSON.stringify({
    org,
    state: health.state,
    healthy: health.complaints.length === 0,
    complaints: health.complaints,
    last_success: moment(health.succeededAt),
    read_up_to: moment(health.readUpTo),
    newest_published: moment(status?.newestPublished),
    lag_seconds: inSeconds(health.lag),
    events_today: eventsToday ?? null,
    last_run: lastRun(status),
    run_at_work: atWork(lock),
    interval_seconds: inSeconds(health.interval),
    next_run: moment(health.nextRun),
    error: status?.error === undefined ? null : errorJson(status.error),
    notes: (status?.caveats ?? []).map(({ first, last, ...rest }) => {
      return { ...rest, first: moment(first), last: moment(last) };
    }),
    totals: totalsJson(status),
  })}\n`;
}

function lastRun(status: StreamStatus | undefined) {
  if (status === undefined) return null;
  const { starts, endedAt, ended } = status;
  return { started: moment(starts.at(-1)), ended: moment(endedAt), how: ended };
}

function totalsJson(status: StreamStatus | undefined) {
  if (status === undefined) return null;
  const { failedRuns, writtenBytes, ...rest } = status.totals;
  return { ...rest, failed_runs: failedRuns, written_bytes: writtenBytes };
}

function errorJson({ type, exitCode, message, hint, since, last, until }: StatusError) {
  return {
    type,
    exit_code: exitCode,
    message,
    hint: hint ?? null,
    since: moment(since),
    last: moment(last),
    until: moment(until),
  };
}

function atWork(lock: LockState) {
  if (lock === 'free') return null;
  if (lock === 'silent') return { answers: false };
  const { pid, startedAt, until } = lock;
  return { answers: true, pid, started: moment(startedAt), until: moment(until) };
}

const moment = (at: Instant | undefined): string | null =>
  at === undefined ? null : formatInstant(at);

const inSeconds = (span: number | undefined): number | null =>
  span === undefined ? null : span / 1000;
