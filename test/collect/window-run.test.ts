import { describe, expect, test } from 'vitest';
import { Tally } from '../../src/collect/tally.ts';
import type { WindowRun } from '../../src/collect/window-run.ts';
import { collectWindow } from '../../src/collect/window-run.ts';
import type { WindowCheckpoint } from '../../src/domain/checkpoint.ts';
import {
  CheckpointError,
  OutputError,
  ProtocolError,
  RefusedLinkError,
} from '../../src/domain/failure.ts';
import type { Page } from '../../src/domain/page.ts';
import { Stop } from '../../src/domain/stop.ts';
import type { Instant } from '../../src/domain/time.ts';
import { days, earlier, formatInstant, seconds } from '../../src/domain/time.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { memoryCheckpoints } from '../support/memory-checkpoints.ts';
import { notedLog } from '../support/noted-log.ts';
import { notingSink } from '../support/noting-sink.ts';
import { scriptedSystemLog } from '../support/scripted-system-log.ts';
import { event, link, NOON, noon, page } from '../support/stream.ts';

const HOUR = 3600;
/** From 10:00 to 11:00. */
const window = { since: noon(-2 * HOUR), until: noon(-HOUR) };

/** A request for a span, as it is sent: a second wider on both sides. */
const asking = (since: number, until: number) => ({
  kind: 'window',
  window: { since: noon(since - 1), until: noon(until + 1) },
});

/** A page of events published so many seconds after noon, each named for that; the last page leads nowhere. */
const pageOf = (moments: readonly number[], parts: Partial<Page> = {}) =>
  page(
    moments.map((moment) => event(String(moment), moment)),
    { next: undefined, ...parts },
  );

/** A checkpoint of the window, with the whole of it asked for. */
const begun = (parts: Partial<WindowCheckpoint> = {}): WindowCheckpoint => ({
  stream: 'window',
  window,
  askedSince: window.since,
  askedUntil: window.until,
  link: link('here'),
  finished: false,
  remembered: [],
  ...parts,
});

interface Scene {
  readonly before?: WindowCheckpoint;
  readonly writer?: 'okta-collector' | 'SumoJanus';
  readonly now?: Instant;
  readonly refuse?: Error;
  readonly take?: () => Promise<void> | void;
  readonly run?: Partial<WindowRun>;
}

/** A run over scripted pages, and all that can be seen of it. */
function setUp(
  scripts: readonly (readonly (Page | Error)[])[],
  { before, writer, now = NOON, refuse, take, run }: Scene = {},
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
    collectWindow({
      systemLog,
      sink,
      checkpoints,
      clock: fakeClock(now),
      log,
      tally,
      settle: seconds(60),
      signal: stop.signal,
      window,
      ...run,
    });
  return { journal, log, stop, systemLog, sink, checkpoints, tally, start };
}

describe('a window in the past', () => {
  test('is read in one bounded request to its end, each page saved before the next one', async () => {
    const { journal, systemLog, checkpoints, start } = setUp([
      [
        pageOf([-7000, -6000], { next: link('2') }),
        pageOf([], { asked: link('2'), next: link('3') }),
        pageOf([-5000], { asked: link('3') }),
      ],
    ]);
    expect(await start()).toBe('window finished');
    expect(systemLog.asked).toEqual([asking(-2 * HOUR, -HOUR)]);
    expect(journal).toEqual([
      ...['page', 'prepare', 'deliver -7000 -6000', 'commit'],
      ...['page', 'prepare', 'commit'],
      ...['page', 'prepare', 'deliver -5000', 'commit'],
    ]);
    expect(checkpoints.committed.map((saved) => [saved.link, saved.finished])).toEqual([
      [link('2'), false],
      [link('3'), false],
      [undefined, true],
    ]);
  });

  test('is cut at its bounds: the first moment belongs to it, the last does not', async () => {
    const moments = [-2 * HOUR - 1, -2 * HOUR, -HOUR - 1, -HOUR];
    const { sink, start } = setUp([[pageOf(moments)]]);
    await start();
    expect(sink.delivered).toEqual(['-7200', '-3601']);
  });

  test('asks for nothing once it is finished', async () => {
    const { systemLog, log, start } = setUp([], {
      before: begun({ link: undefined, finished: true }),
    });
    expect(await start()).toBe('window was finished before');
    expect(systemLog.asked).toEqual([]);
    expect(log.messages('info').join()).toContain('finished by an earlier run');
  });

  test('goes on at the stored link', async () => {
    const { systemLog, sink, start } = setUp([[pageOf([-5000, -4000])]], {
      before: begun({ remembered: [{ id: '-5000', published: noon(-5000) }] }),
    });
    expect(await start()).toBe('window finished');
    expect(systemLog.asked).toEqual([{ kind: 'link', link: link('here') }]);
    expect(sink.delivered).toEqual(['-4000']);
  });

  test('says what of it Okta no longer has, and reads the rest', async () => {
    const since = earlier(NOON, days(91));
    const until = earlier(NOON, days(89));
    const { systemLog, log, start } = setUp([[pageOf([])]], { run: { window: { since, until } } });
    expect(await start()).toBe('window finished');
    expect(systemLog.asked).toMatchObject([
      { window: { since: earlier(NOON, days(90)) - 1000, until: until + 1000 } },
    ]);
    expect(log.fieldsOf('Gap')).toEqual({
      caveat: 'gap',
      from: formatInstant(since),
      to: formatInstant(earlier(NOON, days(90))),
    });
  });

  test('warns of what a position of SumoJanus may bring again', async () => {
    const { log, start } = setUp([[pageOf([])]], { before: begun(), writer: 'SumoJanus' });
    await start();
    expect(log.messages('warn').join()).toContain('taken over from SumoJanus');
  });
});

describe('a window that ends behind the horizon', () => {
  // At 10:30 everything up to 10:29 is settled.
  const now = noon(-1.5 * HOUR);
  const horizon = -1.5 * HOUR - 60;

  test('is read up to the horizon, and the next run reads the rest', async () => {
    const first = setUp([[pageOf([-7000], { serverTime: now })]], { now });
    expect(await first.start()).toBe('window waits for its end');
    expect(first.systemLog.asked).toEqual([asking(-2 * HOUR, horizon)]);
    expect(first.log.fieldsOf('still to come')).toEqual({
      start: formatInstant(window.since),
      end: formatInstant(window.until),
      read_up_to: formatInstant(noon(horizon)),
    });
    const before = first.checkpoints.inForce();
    const second = setUp([[pageOf([-4000])]], before && { before });
    expect(await second.start()).toBe('window finished');
    expect(second.systemLog.asked).toEqual([asking(horizon, -HOUR)]);
    expect(second.sink.delivered).toEqual(['-4000']);
  });

  test('does not write at the seam what was written before', async () => {
    const seam = [horizon - 0.5, horizon + 0.5];
    const first = setUp([[pageOf(seam, { serverTime: now })]], { now });
    await first.start();
    expect(first.sink.delivered).toEqual([String(horizon - 0.5)]);
    const before = first.checkpoints.inForce();
    const second = setUp([[pageOf(seam)]], before && { before });
    await second.start();
    expect(second.sink.delivered).toEqual([String(horizon + 0.5)]);
  });

  test('asks for nothing as long as nothing more has settled', async () => {
    const { systemLog, start } = setUp([], { now: noon(-2 * HOUR + 60) });
    expect(await start()).toBe('window waits for its end');
    expect(systemLog.asked).toEqual([]);
  });

  test('is asked anew by the time of Okta if our clock was ahead', async () => {
    const { systemLog, sink, start } = setUp([
      [pageOf([-7000], { serverTime: now })],
      [pageOf([-6500], { serverTime: now })],
    ]);
    expect(await start()).toBe('window waits for its end');
    expect(systemLog.asked).toEqual([asking(-2 * HOUR, -HOUR), asking(-2 * HOUR, horizon)]);
    expect(sink.delivered).toEqual(['-6500']);
  });

  test('waits if it has not even begun by the time of Okta', async () => {
    const { systemLog, checkpoints, start } = setUp([
      [pageOf([], { serverTime: noon(-3 * HOUR) })],
    ]);
    expect(await start()).toBe('window waits for its end');
    expect(systemLog.asked).toHaveLength(1);
    expect(checkpoints.committed).toEqual([]);
  });

  test('is asked anew from its beginning if our clock was ahead by months', async () => {
    const { systemLog, sink, log, start } = setUp(
      [[pageOf([], { serverTime: NOON })], [pageOf([-7000])]],
      { now: noon(100 * 86_400) },
    );
    expect(await start()).toBe('window finished');
    expect(systemLog.asked.at(-1)).toEqual(asking(-2 * HOUR, -HOUR));
    expect(sink.delivered).toEqual(['-7000']);
    expect(log.messages('warn')).toEqual([]);
  });

  test('overlooks the two seconds by which a Date is cut and late', async () => {
    const serverTime = noon(-1.5 * HOUR - 2);
    const { systemLog, start } = setUp([[pageOf([], { serverTime })]], { now });
    await start();
    expect(systemLog.asked).toHaveLength(1);
  });
});

describe('a window whose link is refused', () => {
  const refused = new RefusedLinkError('Cannot go on from the stored link: 400');
  const remembered = [-6000, -5000].map((moment) => ({
    id: String(moment),
    published: noon(moment),
  }));

  test('is asked again from the newest event that was delivered, which is not written twice', async () => {
    const { systemLog, sink, log, start } = setUp([[refused], [pageOf([-5000, -4000])]], {
      before: begun({ remembered }),
    });
    expect(await start()).toBe('window finished');
    expect(systemLog.asked).toEqual([{ kind: 'link', link: link('here') }, asking(-5000, -HOUR)]);
    expect(sink.delivered).toEqual(['-4000']);
    expect(log.fieldsOf('asked again from an earlier time')).toEqual({
      from: formatInstant(noon(-5000)),
    });
  });

  test('is asked again from its beginning if nothing was delivered', async () => {
    const { systemLog, start } = setUp([[refused], [pageOf([])]], { before: begun() });
    await start();
    expect(systemLog.asked[1]).toEqual(asking(-2 * HOUR, -HOUR));
  });

  test('keeps what came before the refusal', async () => {
    const { sink, systemLog, start } = setUp([
      [pageOf([-7000, -6900], { next: link('2') }), refused],
      [pageOf([-6900, -6800])],
    ]);
    expect(await start()).toBe('window finished');
    expect(sink.delivered).toEqual(['-7000', '-6900', '-6800']);
    expect(systemLog.asked[1]).toEqual(asking(-6900, -HOUR));
  });

  test('fails if it is refused again', async () => {
    const { checkpoints, start } = setUp([[refused], [new RefusedLinkError('again')]], {
      before: begun(),
    });
    await expect(start()).rejects.toThrow(RefusedLinkError);
    expect(checkpoints.committed).toEqual([]);
  });
});

describe('a window run that fails or stops', () => {
  test('delivers nothing if the position cannot be kept', async () => {
    const refuse = new CheckpointError('disk full');
    const { journal, start } = setUp([[pageOf([-7000])]], { refuse });
    await expect(start()).rejects.toBe(refuse);
    expect(journal).toEqual(['page', 'prepare']);
  });

  test('saves nothing of a page that could not be delivered', async () => {
    const gone = new OutputError('reader gone');
    const { checkpoints, start } = setUp([[pageOf([-7000])]], { take: () => Promise.reject(gone) });
    await expect(start()).rejects.toBe(gone);
    expect(checkpoints.committed).toEqual([]);
  });

  test('finishes and saves the page in hand, and reads no more', async () => {
    const reason = new Stop('stopped by signal');
    const scene = setUp([[pageOf([-7000], { next: link('2') }), pageOf([-6000])]], {
      take: () => {
        scene.stop.abort(reason);
      },
    });
    await expect(scene.start()).rejects.toBe(reason);
    expect(scene.sink.delivered).toEqual(['-7000']);
    expect(scene.checkpoints.inForce()?.link).toBe(link('2'));
  });

  test('does not take a full page that leads back to itself for the end', async () => {
    const stuck = pageOf([-7000, -6999, -6998], { next: link('here') });
    const { checkpoints, start } = setUp([[stuck]]);
    await expect(start()).rejects.toThrow(ProtocolError);
    expect(checkpoints.inForce()?.finished).toBe(false);
  });
});
