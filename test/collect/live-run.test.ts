import { describe, expect, test } from 'vitest';
import type { LiveRun } from '../../src/collect/live-run.ts';
import { collectLive } from '../../src/collect/live-run.ts';
import { Tally } from '../../src/collect/tally.ts';
import type { LiveCheckpoint } from '../../src/domain/checkpoint.ts';
import {
  CheckpointError,
  OutputError,
  ProtocolError,
  RefusedLinkError,
  TransientError,
} from '../../src/domain/failure.ts';
import type { Page } from '../../src/domain/page.ts';
import { Stop } from '../../src/domain/stop.ts';
import type { Duration, Instant } from '../../src/domain/time.ts';
import { days, earlier, formatInstant, hours, minutes, seconds } from '../../src/domain/time.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { memoryCheckpoints } from '../support/memory-checkpoints.ts';
import { notedLog } from '../support/noted-log.ts';
import { notingSink } from '../support/noting-sink.ts';
import { scriptedSystemLog } from '../support/scripted-system-log.ts';
import { event, link, NOON, noon, page, progress } from '../support/stream.ts';

const HOUR = 3600;
const old = (id: string) => event(id, -24 * HOUR);
const ago = (by: Duration) => earlier(NOON, by);
const remembered = (...ids: string[]) => ids.map((id) => ({ id, published: noon(-24 * HOUR) }));

/** A full page far from the tip, which leads to the next of that name. */
const backlog = (here: string, there: string, ids: string) =>
  page(Array.from(ids, old), { asked: link(here), next: link(there) });

/** A short page: the tip. */
const tip = (ids: string, parts: Partial<Page> = {}) =>
  page(Array.from(ids, old), { limit: 1000, ...parts });

interface Scene {
  readonly before?: LiveCheckpoint;
  readonly writer?: 'okta-collector' | 'SumoJanus';
  readonly clock?: FakeClock;
  readonly refuse?: Error;
  readonly take?: () => Promise<void> | void;
  readonly run?: Partial<LiveRun>;
}

/** A run over scripted pages, and all that can be seen of it. */
function setUp(
  scripts: readonly (readonly (Page | Error)[])[],
  { before, writer, refuse, take, clock = fakeClock(NOON), run }: Scene = {},
) {
  const journal: string[] = [];
  const log = notedLog();
  const stop = new AbortController();
  const systemLog = scriptedSystemLog(scripts, journal);
  const sink = notingSink(journal, take);
  const checkpoints = memoryCheckpoints(before, {
    journal,
    ...(writer !== undefined && { writer }),
    ...(refuse !== undefined && { refuse }),
  });
  const tally = new Tally();
  const start = () =>
    collectLive({
      systemLog,
      sink,
      checkpoints,
      clock,
      log,
      tally,
      pageLimit: 3,
      settle: seconds(60),
      signal: stop.signal,
      start: undefined,
      pollInterval: undefined,
      ...run,
    });
  return { journal, log, stop, systemLog, sink, checkpoints, clock, tally, start };
}

describe('a first run', () => {
  test.each<{ name: string; run: Partial<LiveRun>; since: Instant }>([
    { name: '7 days ago if nothing else is said', run: {}, since: ago(days(7)) },
    {
      name: 'at a moment',
      run: { start: { kind: 'moment', at: noon(-5) } },
      since: noon(-5),
    },
    { name: 'some time ago', run: { start: { kind: 'ago', by: hours(3) } }, since: ago(hours(3)) },
    {
      name: '92 days ago if it should begin earlier',
      run: { start: { kind: 'ago', by: days(100) } },
      since: ago(days(92)),
    },
  ])('begins $name', async ({ run, since }) => {
    const { systemLog, start } = setUp([[tip('')]], { run });
    expect(await start()).toBe('caught up');
    expect(systemLog.asked).toEqual([{ kind: 'since', since }]);
  });

  test('writes and saves each page before the next one', async () => {
    const { journal, start, checkpoints, tally } = setUp([
      [backlog('1', '2', 'abc'), backlog('2', '3', 'def'), tip('g', { asked: link('3') })],
    ]);
    await start();
    const turn = (ids: string) => ['page', 'prepare', `deliver ${ids}`, 'commit'];
    expect(journal).toEqual([...turn('a b c'), ...turn('d e f'), ...turn('g')]);
    expect(checkpoints.committed.map((saved) => saved.link)).toEqual([
      link('2'),
      link('3'),
      link('3'),
    ]);
    expect(tally.counts).toMatchObject({ events: 7, pages: 3, dropped: 0 });
  });

  test('reads nothing behind the tip', async () => {
    const { journal, start } = setUp([[tip('a'), tip('b')]]);
    await start();
    expect(journal).toEqual(['page', 'prepare', 'deliver a', 'commit']);
  });

  test('names the gap if it should begin before what Okta keeps', async () => {
    const { log, start } = setUp([[tip('')]], { run: { start: { kind: 'ago', by: days(91) } } });
    await start();
    expect(log.fieldsOf('Gap')).toEqual({
      caveat: 'gap',
      from: formatInstant(ago(days(91))),
      to: formatInstant(ago(days(90))),
    });
  });
});

test('a first answer whose Date is wrong is put right by the next one', async () => {
  const wrong = tip('ab', { serverTime: noon(400 * 86_400) });
  const { systemLog, sink, start } = setUp([[wrong], [tip('ab')], [tip('abc')]]);
  await start();
  expect(systemLog.asked.at(-1)).toEqual({ kind: 'since', since: noon(-7 * 86_400) });
  expect(sink.delivered).toEqual(['a', 'b', 'c']);
});

describe('a first run whose clock is off', () => {
  const answered = (serverTime: Instant, ids = 'a') => tip(ids, { serverTime });

  test.each([
    { off: 'ahead', serverTime: noon(-301) },
    { off: 'behind', serverTime: noon(301) },
  ])('asks again, by the time of Okta, if it is $off', async ({ serverTime }) => {
    const { systemLog, sink, log, start } = setUp([
      [answered(serverTime, 'x')],
      [answered(serverTime)],
    ]);
    await start();
    expect(systemLog.asked).toEqual([
      { kind: 'since', since: ago(days(7)) },
      { kind: 'since', since: earlier(serverTime, days(7)) },
    ]);
    expect(sink.delivered).toEqual(['a']);
    expect(log.fieldsOf('clock of this machine is off')).toEqual({
      our_time: formatInstant(NOON),
      server_time: formatInstant(serverTime),
    });
  });

  test.each([noon(-300), noon(300)])('is content with 5 minutes', async (serverTime) => {
    const { systemLog, start } = setUp([[answered(serverTime)]]);
    await start();
    expect(systemLog.asked).toHaveLength(1);
  });

  test('does not ask again for a start that does not depend on it', async () => {
    const begin = { kind: 'moment', at: noon(-HOUR) } as const;
    const { systemLog, start, sink } = setUp([[answered(noon(-1000))]], { run: { start: begin } });
    await start();
    expect(systemLog.asked).toEqual([{ kind: 'since', since: begin.at }]);
    expect(sink.delivered).toEqual(['a']);
  });

  test('asks again for a start that it took for older than what Okta keeps', async () => {
    const begin = { kind: 'moment', at: ago(days(100)) } as const;
    const serverTime = ago(days(50));
    const { systemLog, start } = setUp([[answered(serverTime)], [answered(serverTime)]], {
      run: { start: begin },
    });
    await start();
    expect(systemLog.asked).toEqual([
      { kind: 'since', since: ago(days(92)) },
      { kind: 'since', since: begin.at },
    ]);
  });

  test('begins no earlier than what Okta keeps by its own time', async () => {
    const serverTime = ago(days(50));
    const { systemLog, start } = setUp([[answered(serverTime)], [answered(serverTime)]], {
      run: { start: { kind: 'ago', by: days(120) } },
    });
    await start();
    expect(systemLog.asked[1]).toEqual({ kind: 'since', since: earlier(serverTime, days(92)) });
  });
});

describe('a further run', () => {
  const { checkpoint: before } = progress({
    remembered: remembered('a'),
    held: [{ link: link('here'), quietSince: noon(-10) }],
    tipReachedAt: noon(-300),
    newestPublished: noon(-300),
  });

  test('goes on at the stored link and drops what was delivered before', async () => {
    const { systemLog, sink, tally, start } = setUp([[tip('ab')]], { before });
    await start();
    expect(systemLog.asked).toEqual([{ kind: 'link', link: link('here') }]);
    expect(sink.delivered).toEqual(['b']);
    expect(tally.counts).toMatchObject({ events: 1, dropped: 1, newestPublished: noon(-300) });
  });

  test('does not begin anew however far our clock is off', async () => {
    const { systemLog, start } = setUp([[tip('b', { serverTime: noon(7 * HOUR) })]], { before });
    await start();
    expect(systemLog.asked).toHaveLength(1);
  });

  test('says that start_time is not used', async () => {
    const { log, start } = setUp([[tip('')]], {
      before,
      run: { start: { kind: 'moment', at: NOON } },
    });
    await start();
    expect(log.messages('info')).toContainEqual(expect.stringContaining('start_time is not used'));
  });

  test('warns of what a position of SumoJanus may bring again, and from then on no more', async () => {
    const { log, start } = setUp([[tip('')]], { before, writer: 'SumoJanus' });
    await start();
    expect(log.fieldsOf('taken over from SumoJanus')).toEqual({
      caveat: 'taken over',
      remembered: 1,
    });
    const ours = setUp([[tip('')]], { before });
    await ours.start();
    expect(ours.log.messages('warn')).toEqual([]);
  });

  test.each([
    { name: '61 days: a warning', by: days(61), says: 'The stream is 61 days behind' },
    { name: '91 days: a gap', by: days(91), says: 'Gap: Okta no longer has' },
  ])('says how far the stream is behind after $name', async ({ by, says }) => {
    const reached = ago(by);
    const { checkpoint } = progress({
      start: ago(days(200)),
      tipReachedAt: reached,
      newestPublished: reached,
    });
    const { log, start } = setUp([[tip('')]], { before: checkpoint });
    await start();
    expect(log.messages('warn')).toEqual([expect.stringContaining(says)]);
  });

  test('follows a stored link with a small limit as it is, and says how to have a larger one', async () => {
    const { log, systemLog, start } = setUp([[tip('', { limit: 3 })]], {
      before,
      run: { pageLimit: 1000 },
    });
    await start();
    expect(systemLog.asked).toEqual([{ kind: 'link', link: link('here') }]);
    expect(log.messages('info').join()).toMatch(/asks for 3 events a page.*to ask for 1000/);
  });
});

describe('a run that fails', () => {
  test('delivers nothing if the position cannot be kept', async () => {
    const refuse = new CheckpointError('disk full');
    const { journal, start, tally } = setUp([[tip('a')]], { refuse });
    await expect(start()).rejects.toBe(refuse);
    expect(journal).toEqual(['page', 'prepare']);
    expect(tally.counts.events).toBe(0);
  });

  test('saves nothing of a page that could not be delivered, so the next run asks for it again', async () => {
    const gone = new OutputError('reader gone');
    const takes = [undefined, gone];
    const { start, checkpoints } = setUp([[backlog('1', '2', 'abc'), backlog('2', '3', 'def')]], {
      take: () => {
        const failure = takes.shift();
        if (failure !== undefined) throw failure;
      },
    });
    await expect(start()).rejects.toBe(gone);
    const kept = checkpoints.inForce();
    expect(kept?.link).toBe(link('2'));
    const next = setUp([[tip('def', { asked: link('2') })]], kept && { before: kept });
    await next.start();
    expect(next.systemLog.asked).toEqual([{ kind: 'link', link: link('2') }]);
    expect(next.sink.delivered).toEqual(['d', 'e', 'f']);
  });

  test('keeps the pages before the failure', async () => {
    const down = new TransientError('down');
    const { start, checkpoints, sink } = setUp([[backlog('1', '2', 'abc'), down]]);
    await expect(start()).rejects.toBe(down);
    expect(sink.delivered).toEqual(['a', 'b', 'c']);
    expect(checkpoints.inForce()?.link).toBe(link('2'));
  });

  test('stays at a full page from which no link leads on', async () => {
    const lost = page([old('a'), old('b'), old('c')], { next: undefined });
    const { start, checkpoints, sink } = setUp([[lost]]);
    await expect(start()).rejects.toThrow(ProtocolError);
    expect(sink.delivered).toEqual(['a', 'b', 'c']);
    expect(checkpoints.inForce()?.link).toBe(link('here'));
  });
});

describe('a run that is asked to stop', () => {
  test('finishes and saves the page in hand, and reads no more', async () => {
    const reason = new Stop('time budget over');
    const scene = setUp([[backlog('1', '2', 'abc'), backlog('2', '3', 'def')]], {
      take: () => {
        scene.stop.abort(reason);
      },
    });
    await expect(scene.start()).rejects.toBe(reason);
    expect(scene.journal).toEqual(['page', 'prepare', 'deliver a b c', 'commit']);
  });

  test('is caught up if that page was the last', async () => {
    const scene = setUp([[tip('a')]], {
      take: () => {
        scene.stop.abort(new Stop('time budget over'));
      },
    });
    expect(await scene.start()).toBe('caught up');
  });

  test('gives a stuck reader 10 seconds and saves nothing', async () => {
    const scene = setUp([[tip('a')]], {
      take: () => {
        scene.stop.abort(new Stop('stopped by signal'));
        return new Promise(() => undefined);
      },
    });
    await expect(scene.start()).rejects.toThrow(OutputError);
    expect(scene.clock.naps).toEqual([seconds(10)]);
    expect(scene.checkpoints.committed).toEqual([]);
  });
});

describe('a run with a poll interval', () => {
  test('reads the tip again after each interval until it is asked to stop', async () => {
    const reason = new Stop('time budget over');
    const clock: FakeClock = fakeClock(NOON, () => {
      if (clock.naps.length === 3) scene.stop.abort(reason);
    });
    const scene = setUp([[tip('a')], [tip('ab')], [tip('abc')]], {
      clock,
      run: { pollInterval: seconds(30) },
    });
    await expect(scene.start()).rejects.toBe(reason);
    expect(clock.naps).toEqual([seconds(30), seconds(30), seconds(30)]);
    expect(scene.systemLog.asked.map(({ kind }) => kind)).toEqual(['since', 'link', 'link']);
    expect(scene.sink.delivered).toEqual(['a', 'b', 'c']);
    expect(scene.tally.counts).toMatchObject({ events: 3, dropped: 3, pages: 3 });
  });
});

describe('a run whose link is refused', () => {
  const refused = new RefusedLinkError('Cannot go on from the stored link: 400');
  const at = (parts: Partial<LiveCheckpoint>) =>
    progress({ start: ago(days(7)), remembered: remembered('a', 'b'), ...parts }).checkpoint;

  test.each<{ name: string; parts: Partial<LiveCheckpoint>; since: Instant }>([
    {
      name: 'the newest event, less 7 minutes',
      parts: { newestPublished: noon(-600) },
      since: noon(-600 - 420),
    },
    {
      name: 'the newest event, however lately it was at the tip',
      parts: { tipReachedAt: noon(-60), newestPublished: noon(-900) },
      since: noon(-900 - 420),
    },
    {
      name: 'where it began if nothing was delivered, however lately it was at the tip',
      parts: { tipReachedAt: noon(-60) },
      since: ago(days(7)),
    },
    { name: 'where it began if it never got anywhere', parts: {}, since: ago(days(7)) },
    {
      name: 'where it began rather than before',
      parts: { start: noon(-300), newestPublished: noon(-200) },
      since: noon(-300),
    },
    {
      name: 'what Okta still has',
      parts: { start: ago(days(200)), tipReachedAt: ago(days(100)) },
      since: ago(days(92)),
    },
  ])('reads again from $name', async ({ parts, since }) => {
    const { systemLog, log, start } = setUp([[refused], [tip('')]], { before: at(parts) });
    expect(await start()).toBe('caught up');
    expect(systemLog.asked).toEqual([
      { kind: 'link', link: link('here') },
      { kind: 'since', since },
    ]);
    expect(log.fieldsOf('read again from an earlier time')).toEqual({
      caveat: 'refused link',
      from: formatInstant(since),
    });
  });

  test('drops what was delivered before, and says how much that was', async () => {
    const { sink, log, checkpoints, start } = setUp(
      [[refused], [tip('abc', { asked: link('new') })]],
      {
        before: at({
          tipReachedAt: noon(-600),
          held: [{ link: link('here'), quietSince: noon(-600) }],
        }),
      },
    );
    await start();
    expect(sink.delivered).toEqual(['c']);
    expect(log.fieldsOf('past the refused link')).toEqual({
      written: 1,
      dropped_as_delivered_before: 2,
    });
    expect(checkpoints.inForce()).toMatchObject({
      link: link('new'),
      held: [{ link: link('new') }],
    });
  });

  test('keeps what came before the refusal', async () => {
    const before = at({ newestPublished: noon(-2 * 24 * HOUR) });
    const { sink, systemLog, start } = setUp(
      [[backlog('here', 'there', 'cde'), refused], [tip('def')]],
      { before },
    );
    await start();
    expect(sink.delivered).toEqual(['c', 'd', 'e', 'f']);
    expect(systemLog.asked[1]).toEqual({
      kind: 'since',
      since: earlier(noon(-24 * HOUR), minutes(7)),
    });
  });

  test('fails if it is refused again, and leaves the position as it is', async () => {
    const again = new RefusedLinkError('again');
    const { log, checkpoints, start } = setUp([[refused], [again]], { before: at({}) });
    await expect(start()).rejects.toBe(again);
    expect(checkpoints.committed).toEqual([]);
    expect(log.messages('warn').join()).not.toContain('past the refused link');
  });
});
