import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Clock } from '../../src/domain/clock.ts';
import type { RunSummary } from '../../src/domain/run-summary.ts';
import { instant } from '../../src/domain/time.ts';
import { createLog } from '../../src/output/log.ts';

const root = mkdtempSync(join(tmpdir(), 'okta-collector-log-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});
const newFolder = (): string => mkdtempSync(join(root, 'log-'));

const clock: Clock = {
  now: () => instant(1_794_737_513_141),
  sleep: () => Promise.resolve(),
};
const common = {
  maxBytes: 10_000,
  stateFolder: '/',
  level: 'info',
  version: '0.1.0',
  clock,
} as const;

function recordingPerson() {
  const told: string[] = [];
  const write = (text: string): void => void told.push(text);
  return { told, person: { write, hasColours: false, abandon: () => undefined } };
}

const linesOf = (file: string): unknown[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));

const summary: RunSummary = {
  stream: 'live',
  ended: 'caught up',
  caughtUp: true,
  events: 12,
  dropped: 0,
  pages: 1,
  writtenBytes: 40_000,
  traffic: { requests: 1, receivedBytes: 5000, waitedMilliseconds: 0 },
  newestPublished: undefined,
  serverTime: undefined,
};

describe('createLog, to a file', () => {
  test('writes a JSON object a line, with time, level, process, version, message and fields', () => {
    const file = join(newFolder(), 'run.log');
    const log = createLog({ ...common, file, person: undefined });
    log.warn('Page asked again', { attempt: 2, reason: 'cut\noff', status: undefined });
    expect(linesOf(file)).toEqual([
      {
        level: 'warn',
        time: '2026-11-15T10:11:53.141Z',
        pid: process.pid,
        version: '0.1.0',
        message: 'Page asked again',
        attempt: 2,
        reason: 'cut\noff',
      },
    ]);
  });

  test('leaves out what matters less than the level', () => {
    const file = join(newFolder(), 'run.log');
    const log = createLog({ ...common, level: 'warn', file, person: undefined });
    log.debug('d');
    log.info('i');
    log.warn('w');
    log.error('e');
    expect(linesOf(file)).toMatchObject([{ message: 'w' }, { message: 'e' }]);
  });

  test('makes the folder, and a file that only its owner may read', () => {
    const file = join(newFolder(), 'a', 'b', 'run.log');
    createLog({ ...common, file, person: undefined }).info('Hello');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('goes on in the file of the run before', () => {
    const file = join(newFolder(), 'run.log');
    createLog({ ...common, file, person: undefined }).info('first');
    createLog({ ...common, file, person: undefined }).info('second');
    expect(linesOf(file)).toMatchObject([{ message: 'first' }, { message: 'second' }]);
  });

  test('says why records are missing, does not throw, and goes on when the trouble is over', () => {
    const folder = newFolder();
    const file = join(folder, 'data', 'run.log');
    writeFileSync(join(folder, 'data'), 'a file where the folder should be');
    const log = createLog({ ...common, file, person: undefined });
    expect(log.problem()).toBeUndefined();
    log.info('lost');
    expect(log.problem()).toMatch(/^Cannot write log file ".*\/data\/run\.log": \w+: /);
    rmSync(join(folder, 'data'));
    mkdirSync(join(folder, 'data'));
    log.info('kept');
    expect(linesOf(file)).toMatchObject([{ message: 'kept' }]);
    expect(log.problem()).toBeDefined();
  });

  test('a full disk does not throw', () => {
    const log = createLog({ ...common, file: '/dev/full', person: undefined });
    log.error('lost');
    expect(log.problem()).toContain('ENOSPC');
  });
});

describe('createLog, to a person', () => {
  test('writes readable lines, and none that matters less than the level', () => {
    const { told, person } = recordingPerson();
    const log = createLog({ ...common, file: undefined, person });
    log.debug('Asked for a page');
    log.info('Page delivered', { events: 3 });
    expect(told).toEqual([
      expect.stringMatching(/^\d\d:11:53 info {2}Page delivered {2}events=3\n$/),
    ]);
    expect(log.problem()).toBeUndefined();
  });

  test('says the summary in sentences where the file has fields', () => {
    const { told, person } = recordingPerson();
    const file = join(newFolder(), 'run.log');
    createLog({ ...common, file, person }).summary(summary);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('12 events written');
    expect(told[0]).not.toContain('=');
    expect(linesOf(file)).toMatchObject([{ message: 'Run ended', events: 12, caught_up: true }]);
  });
});
