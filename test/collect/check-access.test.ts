import { describe, expect, test } from 'vitest';
import { checkAccess } from '../../src/collect/check-access.ts';
import type { Checkpoint, CheckpointStore } from '../../src/domain/checkpoint.ts';
import { CheckpointError, CredentialsError } from '../../src/domain/failure.ts';
import type { Page } from '../../src/domain/page.ts';
import type { Instant } from '../../src/domain/time.ts';
import { days, earlier } from '../../src/domain/time.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { memoryCheckpoints } from '../support/memory-checkpoints.ts';
import { scriptedSystemLog } from '../support/scripted-system-log.ts';
import { event, NOON, noon, page, progress } from '../support/stream.ts';

const { signal } = new AbortController();

function check(
  answers: readonly (Page | Error)[],
  checkpoints: CheckpointStore<Checkpoint> = memoryCheckpoints<Checkpoint>(),
) {
  return checkAccess(scriptedSystemLog([answers]), checkpoints, fakeClock(NOON), signal);
}

const found = (checkpoint: Checkpoint, writer: 'okta-collector' | 'SumoJanus' = 'okta-collector') =>
  memoryCheckpoints(checkpoint, { writer });

describe('checkAccess', () => {
  test('finds nothing wrong where all is well', async () => {
    const findings = await check([page([event('a', -5)])]);
    expect(findings).toEqual([
      {
        exitCode: 0,
        hint: undefined,
        text: expect.stringContaining('no checkpoint yet') as unknown,
      },
      { exitCode: 0, hint: undefined, text: expect.stringContaining('may read') as unknown },
      { exitCode: 0, hint: undefined, text: expect.stringContaining('agrees') as unknown },
    ]);
  });

  test('asks for one page of the last day', async () => {
    const systemLog = scriptedSystemLog([[page([event('a')]), new Error('a second page')]]);
    await checkAccess(systemLog, memoryCheckpoints<Checkpoint>(), fakeClock(NOON), signal);
    expect(systemLog.asked).toEqual([{ kind: 'since', since: earlier(NOON, days(1)) }]);
  });

  test('wonders about a day without events', async () => {
    expect((await check([page([])]))[1]?.text).toContain('no event of the last day');
  });

  test('tells a failure of Okta with its hint and exit code, and says nothing of the clock', async () => {
    const refused = new CredentialsError('Cannot sign in', { hint: 'Create a new API token' });
    const findings = await check([refused]);
    expect(findings.slice(1)).toEqual([
      { exitCode: 77, text: 'Cannot sign in', hint: 'Create a new API token' },
    ]);
  });

  test('looks at Okta even if the checkpoint cannot be trusted', async () => {
    const broken = new CheckpointError('Cannot read checkpoint', { hint: 'Move it away' });
    const checkpoints = {
      ...memoryCheckpoints<Checkpoint>(),
      load: () => Promise.reject(broken),
    };
    const findings = await check([page([event('a')])], checkpoints);
    expect(findings.map(({ exitCode }) => exitCode)).toEqual([73, 0, 0]);
    expect(findings[0]).toMatchObject({ text: 'Cannot read checkpoint', hint: 'Move it away' });
  });

  test('lets a bug through', async () => {
    await expect(check([new TypeError('bug')])).rejects.toThrow(TypeError);
  });

  test.each<{ serverTime: Instant; says: string; hints: boolean }>([
    { serverTime: noon(60), says: 'agrees with', hints: false },
    { serverTime: noon(-60), says: 'agrees with', hints: false },
    { serverTime: noon(61), says: '1 minute, 1 second behind that of Okta', hints: true },
    { serverTime: noon(-7200), says: '2 hours ahead of that of Okta', hints: true },
  ])('says of our clock that it is $says', async ({ serverTime, says, hints }) => {
    const clock = (await check([page([], { serverTime })]))[2];
    expect(clock?.text).toContain(says);
    expect(clock?.exitCode).toBe(0);
    expect(clock?.hint !== undefined).toBe(hints);
  });

  test.each<{ name: string; checkpoints: CheckpointStore<Checkpoint>; says: string }>([
    {
      name: 'from its tip',
      checkpoints: found(
        progress({ tipReachedAt: noon(-60), newestPublished: noon(-90) }).checkpoint,
      ),
      says: 'checkpoint of okta-collector is understood: a stream last read to its end at 2026-11-15T11:59:00.000Z',
    },
    {
      name: 'from its newest event',
      checkpoints: found(progress({ newestPublished: noon(-120) }).checkpoint, 'SumoJanus'),
      says: 'checkpoint of SumoJanus is understood: a stream begun at 2026-11-08T12:00:00.000Z',
    },
    {
      name: 'from its start',
      checkpoints: found(progress({ start: noon(-180) }).checkpoint),
      says: 'a stream begun at 2026-11-15T11:57:00.000Z',
    },
    {
      name: 'in its window',
      checkpoints: found({
        stream: 'window',
        window: { since: noon(-60), until: NOON },
        askedSince: noon(-60),
        askedUntil: NOON,
        link: undefined,
        finished: false,
        remembered: [],
      }),
      says: 'window was begun by an earlier run',
    },
  ])('says that a stream goes on $name', async ({ checkpoints, says }) => {
    expect((await check([page([])], checkpoints))[0]?.text).toContain(says);
  });
});
