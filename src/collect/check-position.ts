import type { Checkpoint, CheckpointStore, LiveCheckpoint } from '../domain/checkpoint.ts';
import type { Clock } from '../domain/clock.ts';
import type { Finding } from '../domain/finding.ts';
import { findingOf, remark, works } from '../domain/finding.ts';
import { readUpToOf } from '../domain/read-up-to.ts';
import { RETENTION } from '../domain/retention.ts';
import type { Instant } from '../domain/time.ts';
import { between, describeDuration, formatInstant, hours } from '../domain/time.ts';
import { oldestKept } from './retention.ts';

const TOPIC = 'Checkpoint';
const MUCH_LAG = hours(1);

/** Looks where the next run would begin. */
export function checkPosition(
  checkpoints: CheckpointStore<Checkpoint>,
  savedAt: Instant | undefined,
  clock: Clock,
): Promise<Finding> {
  return findingOf(TOPIC, async () => {
    const found = await checkpoints.load();
    if (found === undefined)
      return works(TOPIC, 'There is none yet: the first run begins at start_time, or 7 days ago');
    const { checkpoint, writer } = found;
    if (checkpoint.stream === 'window')
      return works(TOPIC, 'The window was begun by an earlier run, which is gone on with');
    const now = clock.now();
    const age = savedAt === undefined ? '' : `, ${describeDuration(between(savedAt, now))} old`;
    return liveFinding(checkpoint, `That of ${writer}${age}`, now);
  });
}

function liveFinding(checkpoint: LiveCheckpoint, whose: string, now: Instant): Finding {
  const reached = readUpToOf(checkpoint);
  const lag = between(reached, now);
  if (lag > RETENTION) {
    return remark(
      TOPIC,
      `${whose}: Okta no longer has the events from ${formatInstant(reached)} to ${formatInstant(oldestKept(now))}`,
      'They are lost; the next run goes on with what is left',
    );
  }
  if (checkpoint.link === undefined)
    return works(
      TOPIC,
      `${whose}: nothing is read yet; the stream begins at ${formatInstant(reached)}`,
    );
  const text = `${whose}: the stream is read up to ${formatInstant(reached)}`;
  return lag < MUCH_LAG
    ? works(TOPIC, text)
    : remark(
        TOPIC,
        `${text}, ${describeDuration(lag)} ago`,
        'Look whether runs come, and how they end: okta-collector status',
      );
}
