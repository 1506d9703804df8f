import { describe, expect, test } from 'vitest';
import { checkMachine } from '../../src/collect/check-machine.ts';
import { CheckpointError } from '../../src/domain/failure.ts';
import type { Finding } from '../../src/domain/finding.ts';
import type { Machine } from '../../src/domain/looks.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { NOON, noon } from '../support/stream.ts';

async function check(parts: Partial<Machine> = {}): Promise<Readonly<Record<string, Finding>>> {
  const machine: Machine = {
    lookAtState: () => Promise.resolve({ folder: '/opt/data', denied: [] }),
    savedAt: () => Promise.resolve(NOON),
    freeBytes: () => Promise.resolve(12_345_678_901),
    lookAtLock: () => Promise.resolve('free'),
    describeOutput: () => 'a pipe',
    ...parts,
  };
  const found: Record<string, Finding> = {};
  for await (const finding of checkMachine(machine, fakeClock(NOON)))
    found[finding.topic] = finding;
  return found;
}

const full = new CheckpointError('Cannot save: the disk is full', { hint: 'Free space' });
const atWork = (until: number) => () =>
  Promise.resolve({ pid: 7, startedAt: noon(-60), until: noon(until) });

describe('checkMachine', () => {
  test('finds nothing wrong where all is well', async () => {
    const found = Object.values(await check());
    expect(found.map(({ topic, text }) => `${topic}: ${text}`)).toEqual([
      'State files: "/opt/data" can be written',
      'Disk space: 12,345 MB are free for the state files',
      'Lock: No run is at work',
      'Output: Standard output is a pipe',
    ]);
    expect(found.every(({ verdict }) => verdict === 'works')).toBe(true);
  });

  test('tells a full disk, and the rest all the same', async () => {
    const found = await check({
      lookAtState: () => Promise.reject(full),
      freeBytes: () => Promise.resolve(0),
    });
    expect(found['State files']).toMatchObject({
      verdict: 'fault',
      exitCode: 73,
      hint: 'Free space',
    });
    expect(found['Disk space']).toMatchObject({ verdict: 'remark', exitCode: 0 });
    expect(found['Lock']).toMatchObject({ verdict: 'works' });
  });

  test('remarks that files are not open to this user', async () => {
    const denied = ['/opt/data/okta.dat', '/opt/data/okta.status.json'];
    const found = await check({
      lookAtState: () => Promise.resolve({ folder: '/opt/data', denied }),
    });
    expect(found['State files']).toMatchObject({
      verdict: 'remark',
      text: 'This user may not read and write "/opt/data/okta.dat", "/opt/data/okta.status.json"',
    });
  });

  test('can do without knowing how much is free', async () => {
    const found = await check({ freeBytes: () => Promise.resolve(undefined) });
    expect(found['Disk space']).toMatchObject({ verdict: 'unknown', exitCode: 0 });
  });

  test.each([
    { lock: atWork(1800), text: 'Process 7 has been at work since', verdict: 'works', exitCode: 0 },
    { lock: atWork(-31), text: 'Process 7 that holds the stream', verdict: 'fault', exitCode: 75 },
    {
      lock: () => Promise.resolve('silent' as const),
      text: 'it does not answer',
      verdict: 'fault',
      exitCode: 75,
    },
    { lock: () => Promise.reject(full), text: 'full', verdict: 'fault', exitCode: 73 },
  ])('says of the lock: $text', async ({ lock: lookAtLock, text, ...rest }) => {
    const { Lock } = await check({ lookAtLock });
    expect(Lock).toMatchObject(rest);
    expect(Lock?.text).toContain(text);
  });
});
