import type { Checkpoint, LiveCheckpoint, LoadedCheckpoint } from '../domain/checkpoint.ts';
import { newestDelivered } from '../domain/read-up-to.ts';
import type { LockState } from '../domain/run-at-work.ts';
import type { Instant } from '../domain/time.ts';
import { formatInstant } from '../domain/time.ts';
import { momentText, pastText } from './moment-text.ts';
import { printable } from './printable.ts';

/** A checkpoint file, seen from now. */
export interface CheckpointView {
  readonly path: string;
  /** `undefined`: there is none. */
  readonly found: LoadedCheckpoint<Checkpoint> | undefined;
  readonly lock: LockState;
  readonly now: Instant;
}

/** A checkpoint for a person, a fact a line. Of its link no more is shown than where it leads. */
export function checkpointText({ path, found, lock, now }: CheckpointView): string {
  const facts =
    found === undefined
      ? [['checkpoint', 'none yet: the next run begins at start_time, or 7 days ago']]
      : [['written by', found.writer], ...factsOf(found.checkpoint, now)];
  const lines = [...facts, ['a run', describeLock(lock, now)]].map(
    ([name = '', text = '']) => `  ${name.padEnd(14)}${printable(text)}\n`,
  );
  return `${printable(path)}\n${lines.join('')}`;
}

/** The same as JSON, with the link as it is. */
export function checkpointJson({ path, found, lock, now }: CheckpointView): string {
  const facts = {
    path,
    writer: found?.writer ?? null,
    ...(found === undefined ? {} : membersOf(found.checkpoint, now)),
    run_at_work:
      typeof lock === 'string'
        ? lock !== 'free'
        : {
            pid: lock.pid,
            started_at: formatInstant(lock.startedAt),
            until: formatInstant(lock.until),
          },
  };
  return `${JSON.stringify(facts, undefined, 2)}\n`;
}

type Fact = readonly [name: string, text: string];

function factsOf(checkpoint: Checkpoint, now: Instant): readonly Fact[] {
  const { link, remembered } = checkpoint;
  const position: Fact = ['goes on at', link === undefined ? 'its start' : whereTo(link)];
  const memory: Fact = [
    'remembered',
    `${remembered.length.toLocaleString('en-US')} events, which are not written again`,
  ];
  if (checkpoint.stream === 'live') {
    return [
      ['stream', `live, since ${momentText(checkpoint.start)}`],
      ...liveFacts(checkpoint, now),
      position,
      memory,
    ];
  }
  const { since, until } = checkpoint.window;
  return [
    ['stream', `window from ${momentText(since)} to ${momentText(until)}`],
    ['finished', checkpoint.finished ? 'yes' : 'no'],
    position,
    memory,
  ];
}

function liveFacts(checkpoint: LiveCheckpoint, now: Instant): readonly Fact[] {
  const { tipReachedAt: tip, held } = checkpoint;
  const newest = newestDelivered(checkpoint, now);
  return [
    ['read to tip', tip === undefined ? 'not yet' : pastText(tip, now)],
    ['newest event', newest === undefined ? 'none yet' : pastText(newest, now)],
    ['held pages', held.length === 0 ? 'none' : `${held.length}, to be asked again until quiet`],
  ];
}

function whereTo(link: string): string {
  const { origin, pathname } = new URL(link);
  return `${origin}${pathname} (--json shows the whole link)`;
}

function describeLock(lock: LockState, now: Instant): string {
  if (lock === 'free') return 'is not at work';
  if (lock === 'silent') return 'holds it and does not answer';
  return `is at work: process ${lock.pid}, begun ${pastText(lock.startedAt, now)}`;
}

function membersOf(checkpoint: Checkpoint, now: Instant): object {
  const { stream, link = null, remembered } = checkpoint;
  const shared = { link, remembered: remembered.length };
  if (stream === 'window') {
    const { window, finished } = checkpoint;
    const { since, until } = window;
    return { stream, start: formatInstant(since), end: formatInstant(until), finished, ...shared };
  }
  const { start, held, tipReachedAt: tip } = checkpoint;
  const newest = newestDelivered(checkpoint, now);
  return {
    stream,
    start: formatInstant(start),
    read_to_tip_at: tip === undefined ? null : formatInstant(tip),
    newest_published: newest === undefined ? null : formatInstant(newest),
    lag_seconds: newest === undefined ? null : Math.max(now - newest, 0) / 1000,
    held_pages: held.map((page) => ({
      link: page.link,
      quiet_since: formatInstant(page.quietSince),
    })),
    ...shared,
  };
}
