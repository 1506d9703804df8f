import type { StatusReport } from '../domain/status-report.ts';
import type { CountedCaveat, StatusError } from '../domain/status.ts';
import type { Instant } from '../domain/time.ts';
import { describeDuration } from '../domain/time.ts';
import { momentText, pastText, relativeText } from './moment-text.ts';
import { printable } from './printable.ts';
import { wrap } from './wrap.ts';

const LABEL_WIDTH = 15;

/** The status as one screen for a person, at most 80 columns wide. */
export function statusText(report: StatusReport): string {
  const { known, health } = report;
  const { state, complaints } = health;
  const { status, now } = known;
  const isHealthy = complaints.length === 0;
  const heading = `${isHealthy ? '✓' : '✗'} ${state}: ${isHealthy ? 'healthy' : 'not healthy'}`;
  return [
    heading,
    ...complaints.map((complaint) => wrap('  ', printable(complaint), 2)),
    ...remedy(2, (known.checkpointError ?? known.statusError)?.hint),
    '',
    ...factsOf(report).map(([label, text]) => row(label, text)),
    ...(status?.error === undefined ? [] : errorRows(status.error, now)),
    ...(status?.caveats ?? []).map((caveat) => row('Note', caveatText(caveat))),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function row(label: string, text: string): string {
  return wrap(label.padEnd(LABEL_WIDTH), printable(text), LABEL_WIDTH);
}

function remedy(indent: number, hint: string | undefined): readonly string[] {
  if (hint === undefined) return [];
  return [wrap(`${' '.repeat(indent)}→ `, printable(hint), indent + 2)];
}

function factsOf({ org, known, health, eventsToday }: StatusReport): readonly [string, string][] {
  const { status, now } = known;
  const { succeededAt, readUpTo } = health;
  return [
    ['Org', org],
    ['Last success', succeededAt === undefined ? 'none yet' : pastText(succeededAt, now)],
    ['Read up to', readUpTo === undefined ? 'nothing yet' : pastText(readUpTo, now)],
    ['Events today', eventsText(eventsToday)],
    ['Last run', status === undefined ? noRunText(known) : lastRunText(status, now)],
    ['Run at work', atWorkText({ known, health })],
    ['Next run', nextRunText({ known, health })],
  ];
}

function eventsText(events: number | undefined): string {
  if (events === undefined) return 'not known';
  return `${events.toLocaleString('en-US')} (by UTC, written by runs that have ended)`;
}

function noRunText({ statusError }: StatusReport['known']): string {
  return statusError === undefined ? 'none yet' : 'not known';
}

function lastRunText(
  { endedAt, ended, totals }: NonNullable<StatusReport['known']['status']>,
  now: Instant,
): string {
  const failed = totals.failedRuns === 0 ? '' : `, ${totals.failedRuns} of ${totals.runs} failed`;
  return `${ended}, ${pastText(endedAt, now)}${failed}`;
}

function atWorkText({ known: { lock, now } }: Pick<StatusReport, 'known' | 'health'>): string {
  if (lock === 'free') return 'no';
  if (lock === 'silent') return 'one that does not answer';
  return `process ${lock.pid}, begun ${pastText(lock.startedAt, now)}`;
}

function nextRunText({
  known: { now, statusError },
  health: { nextRun, interval },
}: Pick<StatusReport, 'known' | 'health'>): string {
  if (statusError !== undefined) return 'not known';
  if (nextRun === undefined || interval === undefined)
    return 'not known: fewer than two runs were seen';
  const usual = `runs come every ${describeDuration(interval)}`;
  return nextRun < now
    ? `was due ${relativeText(nextRun, now)}; ${usual}`
    : `${relativeText(nextRun, now)}; ${usual}`;
}

function errorRows(error: StatusError, now: Instant): readonly string[] {
  const { type, exitCode, message, hint, since, last, until } = error;
  const end = until === undefined ? `last ${momentText(last)}` : `over ${momentText(until)}`;
  return [
    row('Last error', `${type} (exit ${exitCode}), since ${pastText(since, now)}, ${end}`),
    row('', message),
    ...remedy(LABEL_WIDTH, hint),
  ];
}

function caveatText({ kind, text, count, first, last }: CountedCaveat): string {
  const times = count === 1 ? '' : `, ${count} times since ${momentText(first)}`;
  return `${kind}, ${momentText(last)}${times}: ${text}`;
}
