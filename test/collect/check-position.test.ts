import { describe, expect, test } from 'vitest';
import { checkPosition } from '../../src/collect/check-position.ts';
import type { Checkpoint } from '../../src/domain/checkpoint.ts';
import { CheckpointError } from '../../src/domain/failure.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { memoryCheckpoints } from '../support/memory-checkpoints.ts';
import { NOON, noon, progress } from '../support/stream.ts';

type Writer = 'okta-collector' | 'SumoJanus';
const DAY = 86_400;

function check(checkpoint?: Checkpoint, writer: Writer = 'okta-collector') {
  const checkpoints = memoryCheckpoints(checkpoint, { writer });
  return checkPosition(checkpoints, noon(-300), fakeClock(NOON));
}

const live = (parts: Parameters<typeof progress>[0]) => progress(parts).checkpoint;

describe('checkPosition', () => {
  test('says where the first run begins', async () => {
    const { verdict, text } = await check();
    expect(verdict).toBe('works');
    expect(text).toContain('the first run begins at start_time, or 7 days ago');
  });

  test('says how old the checkpoint is, and up to where the stream is read', async () => {
    expect(await check(live({ tipReachedAt: noon(-300), newestPublished: noon(-900) }))).toEqual({
      topic: 'Checkpoint',
      verdict: 'works',
      text: 'That of okta-collector, 5 minutes old: the stream is read up to 2026-11-15T11:55:00.000Z',
      hint: undefined,
      exitCode: 0,
    });
  });

  test('knows a checkpoint of SumoJanus', async () => {
    const { text } = await check(live({ newestPublished: noon(-120) }), 'SumoJanus');
    expect(text).toContain('That of SumoJanus, ');
    expect(text).toContain('up to 2026-11-15T11:58:00.000Z');
  });

  test('says of a stream that has only begun where it begins', async () => {
    const { text, verdict } = await check(live({ link: undefined, start: noon(-2 * DAY) }));
    expect({ text, verdict }).toMatchObject({ verdict: 'works' });
    expect(text).toContain('nothing is read yet; the stream begins at 2026-11-13T12:00:00.000Z');
  });

  test('remarks a lag from an hour on', async () => {
    expect(await check(live({ tipReachedAt: noon(-3599) }))).toMatchObject({ verdict: 'works' });
    const late = await check(live({ tipReachedAt: noon(-2 * DAY) }));
    expect(late).toMatchObject({ verdict: 'remark', exitCode: 0 });
    expect(late.text).toContain('up to 2026-11-13T12:00:00.000Z, 2 days ago');
    expect(late.hint).toContain('okta-collector status');
  });

  test('names the gap of a stream that was left alone for too long', async () => {
    const gone = await check(live({ start: noon(-100 * DAY), tipReachedAt: noon(-91 * DAY) }));
    expect(gone).toMatchObject({ verdict: 'remark', exitCode: 0 });
    expect(gone.text).toContain(
      'no longer has the events from 2026-08-16T12:00:00.000Z to 2026-08-17T12:00:00.000Z',
    );
  });

  test('knows a window that was begun', async () => {
    const window = await check({
      stream: 'window',
      window: { since: noon(-60), until: NOON },
      askedSince: noon(-60),
      askedUntil: NOON,
      link: undefined,
      finished: false,
      remembered: [],
    });
    expect(window.text).toContain('window was begun by an earlier run');
  });

  test('tells a checkpoint that cannot be trusted, and what to do', async () => {
    const torn = new CheckpointError('it is torn', { hint: 'Move it away' });
    const checkpoints = { ...memoryCheckpoints<Checkpoint>(), load: () => Promise.reject(torn) };
    expect(await checkPosition(checkpoints, undefined, fakeClock(NOON))).toMatchObject({
      verdict: 'fault',
      exitCode: 73,
      text: 'it is torn',
      hint: 'Move it away',
    });
  });
});
