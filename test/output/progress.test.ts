import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { rolldown } from 'rolldown';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ProgressState } from '../../src/domain/progress.ts';
import { instant, later, milliseconds, minutes, seconds } from '../../src/domain/time.ts';
import { openProgress } from '../../src/output/open-progress.ts';
import type { PacedState } from '../../src/output/pace.ts';
import { Pace } from '../../src/output/pace.ts';
import { createProgressScreen } from '../../src/output/progress-screen.ts';
import { progressLines } from '../../src/output/progress-text.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { notedLog } from '../support/noted-log.ts';

const NOW = instant(1_794_738_713_141);

const state: PacedState = {
  covered: 0.4237,
  events: 1_234_567,
  requests: 1240,
  limit: { remaining: 57, limit: 60 },
  eventsPerSecond: 1890.4,
  timeToGo: milliseconds(minutes(7) + seconds(12)),
};

describe('progressLines', () => {
  test('fill a terminal of 80 columns with a bar and all there is to say', () => {
    expect(progressLines(state, 80, false)).toEqual([
      ' 42.3 %  ━━━━━━━━━━━━━━━━────────────────────────  7 minutes, 12 seconds to go',
      '1,234,567 events  1,890/s  1,240 requests  limit: 57 of 60 left',
    ]);
  });

  test('keep to a terminal of 40 columns', () => {
    expect(progressLines(state, 40, false)).toEqual([
      ' 42.3 %  7 minutes, 12 seconds to go',
      '1,234,567 events  1,890/s',
      '1,240 requests  limit: 57 of 60 left',
    ]);
  });

  test('never reach the last column, and never say 100 % of what is not done', () => {
    const states = fc.record({
      covered: fc.double({ min: 0, max: 0.999999, noNaN: true }),
      events: fc.nat(),
      requests: fc.nat(),
      limit: fc.option(fc.record({ remaining: fc.nat(), limit: fc.nat() }), { nil: undefined }),
      eventsPerSecond: fc.double({ min: 0, max: 1e6, noNaN: true }),
      timeToGo: fc.option(fc.nat().map(milliseconds), { nil: undefined }),
    });
    fc.assert(
      fc.property(states, fc.integer({ min: 2, max: 200 }), fc.boolean(), (any, width, colours) => {
        const lines = progressLines(any, width, colours).map(stripVTControlCharacters);
        expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(width);
        expect(lines.join('')).not.toContain('100.0 %');
      }),
    );
  });

  test('say that the time to go is not known yet, and leave out a limit that nobody knows', () => {
    const lines = progressLines({ ...state, timeToGo: undefined, limit: undefined }, 80, false);
    expect(lines.join('\n')).toContain('time to go unknown');
    expect(lines.join('\n')).not.toContain('limit');
  });

  test('paint the bar only where colours are wanted', () => {
    expect(progressLines(state, 80, true)[0]).toContain('\u001b[36m━');
    expect(progressLines(state, 80, false).join('')).not.toContain('\u001b');
  });
});

describe('Pace', () => {
  const at = (covered: number, events: number): ProgressState => ({
    covered,
    events,
    requests: 0,
    limit: undefined,
  });

  test('counts events over the last half minute, and time to go by what this process did', () => {
    const pace = new Pace();
    pace.add(at(0.5, 0), NOW);
    pace.add(at(0.51, 100_000), later(NOW, seconds(10)));
    pace.add(at(0.55, 101_000), later(NOW, seconds(100)));
    pace.add(at(0.6, 104_000), later(NOW, seconds(130)));
    const shown = pace.at(later(NOW, seconds(130)));
    expect(shown?.eventsPerSecond).toBeCloseTo(100);
    expect(shown?.timeToGo).toBeCloseTo(130_000 * 4);
  });

  test('slows down while nothing comes', () => {
    const pace = new Pace();
    pace.add(at(0, 0), NOW);
    pace.add(at(0.1, 1000), later(NOW, seconds(1)));
    expect(pace.at(later(NOW, seconds(10)))?.eventsPerSecond).toBeCloseTo(100);
  });

  test('cannot say anything before anything was done', () => {
    const pace = new Pace();
    expect(pace.at(NOW)).toBeUndefined();
    pace.add(at(0.3, 500), NOW);
    expect(pace.at(NOW)).toMatchObject({ eventsPerSecond: 0, timeToGo: undefined });
  });
});

describe('openProgress', () => {
  test('without a terminal, writes a plain line every half minute until it is closed', async () => {
    const log = notedLog();
    const waits: (() => void)[] = [];
    const clock = fakeClock(NOW, () => new Promise<void>((resolve) => waits.push(resolve)));
    const progress = await openProgress({ screen: undefined, log, clock });
    const afterNap = async (): Promise<void> => {
      waits.shift()?.();
      await expect.poll(() => waits.length).toBe(1);
    };
    progress.show({ covered: 0.25, events: 10, requests: 1, limit: undefined });
    await afterNap();
    progress.show({ covered: 0.5, events: 310, requests: 2, limit: { remaining: 9, limit: 10 } });
    await afterNap();
    progress.close();
    waits.shift()?.();
    expect(clock.naps).toEqual([30_000, 30_000, 30_000]);
    expect(log.records.map(({ message }) => message)).toEqual(['Progress', 'Progress']);
    expect(log.records[1]?.fields).toEqual({
      percent: 50,
      events: 310,
      events_per_second: 5,
      requests: 2,
      rate_limit_remaining: 9,
      rate_limit: 10,
      seconds_to_go: 120,
    });
  });
});

describe('createProgressScreen', () => {
  test('clears the display for each line, and for what is written by another way', async () => {
    const journal: string[] = [];
    const note = (text: string) => () => {
      journal.push(text);
    };
    const screen = createProgressScreen({
      write: (text) => journal.push(text),
      hasColours: false,
      abandon: () => undefined,
    });
    screen.keepBelow({ clear: note('clear'), draw: note('draw') });
    screen.stderr.write('line');
    await screen.beside(async () => {
      await Promise.resolve();
      journal.push('beside');
    });
    screen.keepBelow(undefined);
    screen.stderr.write('last');
    expect(journal).toEqual(['clear', 'line', 'draw', 'clear', 'beside', 'draw', 'last']);
  });
});

describe('the display at a terminal', () => {
  const hideCursor = '\u001b[?25l';

  async function atTerminal(command: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'progress-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const source = fileURLToPath(new URL('./programs/show-progress.ts', import.meta.url));
    const bundle = await rolldown({ input: source, platform: 'node' });
    await bundle.write({ dir: folder, format: 'esm' });
    const program = `${process.execPath} ${join(folder, 'show-progress.js')}`;
    const line = `stty cols 80 rows 24; ${command.replace('$RUN', program)}`;
    const environment = { PATH: process.env['PATH'], TERM: 'xterm-256color', NO_COLOR: '1' };
    const script = ['--quiet', '--command', line, '/dev/null'];
    const { stdout } = await promisify(execFile)('script', script, { env: environment });
    return stdout;
  }

  test('leaves every line of the log whole, and the cursor alone', async () => {
    const output = await atTerminal('$RUN 20 20');
    expect(output).toContain('━');
    expect(output).not.toContain('\u001b[36m');
    const logged =
      /\d\d:\d\d:\d\d warn {2}A line that is longer than a narrow terminal is wide {2}step=\d+\r\n/gu;
    expect(output.match(logged)).toHaveLength(3);
    expect(output).toMatch(/info {2}Done\r\n/u);
    expect(output).not.toContain(hideCursor);
  });

  test('lets a program that is told to stop finish what it is at, and is gone then', async () => {
    const output = await atTerminal('$RUN 1000 20 10');
    const [last = ''] = output.split('\u001b[2K').slice(-1);
    expect(last).toMatch(/info {2}Done\r\n$/u);
    expect(last).not.toMatch(/[━─]/u);
    expect(output).not.toContain(hideCursor);
  });
});
