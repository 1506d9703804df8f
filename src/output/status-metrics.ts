import { CAVEAT_KINDS } from '../domain/caveat.ts';
import { ERROR_TYPES } from '../domain/status-error.ts';
import { STREAM_STATES } from '../domain/status-health.ts';
import { standingError } from '../domain/status.ts';
import type { StatusReport } from '../domain/status-report.ts';

type Labels = Readonly<Record<string, string>>;

/** One metric: its name without the prefix, and its samples; one whose value is not known is left out. */
interface Metric {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly samples: readonly (readonly [value: number | undefined, labels?: Labels])[];
}

/**
 * The status in the text format of Prometheus (exposition format 0.0.4), for the textfile collector
 * of node_exporter: each metric has the label `org`, moments are in seconds since 1970.
 */
export function statusMetrics(report: StatusReport): string {
  return [...judgement(report), ...moments(report), ...counts(report)]
    .map((metric) => exposition(metric, report.org))
    .join('');
}

/** The same where not even the configuration can be read: all that is known is that it is not healthy. */
export function unknownMetrics(): string {
  return exposition(HEALTHY(false));
}

const HEALTHY = (isHealthy: boolean): Metric =>
  gauge('healthy', 'Whether collection is healthy: 1 or 0.', Number(isHealthy));

function judgement({ known, health }: StatusReport): readonly Metric[] {
  const { caveats = [] } = known.status ?? {};
  const error = standingError(known.status);
  return [
    HEALTHY(health.complaints.length === 0),
    {
      ...gauge('state', 'The state the source is in: 1 for that one, 0 for the others.'),
      samples: STREAM_STATES.map((state) => [Number(state === health.state), { state }]),
    },
    {
      ...gauge('error', 'The type of error that stands: 1 for that one, 0 for the others.'),
      samples: ERROR_TYPES.map((type) => [Number(type === error?.type), { type }]),
    },
    {
      ...gauge(
        'notes',
        'How often something could not be done as promised, by kind; forgotten after 30 days without.',
      ),
      samples: CAVEAT_KINDS.map((kind) => [
        caveats.find((caveat) => caveat.kind === kind)?.count ?? 0,
        { kind: kind.replaceAll(' ', '_') },
      ]),
    },
    gauge('run_at_work', 'Whether a run is at work: 1 or 0.', Number(known.lock !== 'free')),
  ];
}

function moments({ known, health }: StatusReport): readonly Metric[] {
  const { status } = known;
  const time = (name: string, help: string, at: number | undefined): Metric =>
    gauge(`${name}_timestamp_seconds`, help, at && at / 1000);
  return [
    time('last_success', 'When the stream was last read without a failure.', health.succeededAt),
    time('last_run_start', 'When the last run began.', status?.starts.at(-1)),
    time('last_run_end', 'When the last run ended.', status?.endedAt),
    time('next_run', 'When the next run is due, by the usual interval.', health.nextRun),
    time('error_since', 'Since when runs fail in the same way.', standingError(status)?.since),
    time('read_up_to', 'Up to when the stream is read.', health.readUpTo),
    time('newest_event', 'When the newest event written was published.', status?.newestPublished),
    gauge('lag_seconds', 'How far behind now the stream is read.', health.lag && health.lag / 1000),
  ];
}

function counts({ known: { status }, eventsToday }: StatusReport): readonly Metric[] {
  const { totals } = status ?? {};
  return [
    gauge('events_today', 'Events written today, by UTC, by runs that have ended.', eventsToday),
    counter('events_total', 'Events written.', totals?.events),
    counter(
      'events_dropped_total',
      'Events left out that had been written before.',
      totals?.dropped,
    ),
    counter('written_bytes_total', 'Bytes written.', totals?.writtenBytes),
    counter('requests_total', 'Requests sent to Okta.', totals?.requests),
    counter('runs_total', 'Runs that have ended.', totals?.runs),
    counter('failed_runs_total', 'Runs that have failed.', totals?.failedRuns),
  ];
}

function gauge(name: string, help: string, value?: number): Metric {
  return { name, help, type: 'gauge', samples: [[value]] };
}

function counter(name: string, help: string, value: number | undefined): Metric {
  return { name, help, type: 'counter', samples: [[value]] };
}

function exposition({ name, type, help, samples }: Metric, org?: string): string {
  const full = `okta_collector_${name}`;
  const lines = samples.flatMap(([value, labels]) =>
    value === undefined
      ? []
      : [`${full}${labelText({ ...(org && { org }), ...labels })} ${value}\n`],
  );
  if (lines.length === 0) return '';
  return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join('')}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
