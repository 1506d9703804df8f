import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { CheckpointError } from '../../src/domain/failure.ts';
import { later, minutes } from '../../src/domain/time.ts';
import { lockAddress } from '../../src/state/lock-address.ts';
import { lookAtLock } from '../../src/state/look-at-lock.ts';
import { acquireRunLock } from '../../src/state/run-lock.ts';
import { freshFolder } from './folder.ts';
import { clockAt, NOON } from './samples.ts';

const path = async () => join(await freshFolder(), 'okta.dat');

test('a lock that nobody holds is free, and remains so', async () => {
  const stream = await path();
  expect(await lookAtLock(stream)).toBe('free');
  const lock = await acquireRunLock({ path: stream, budget: minutes(1), clock: clockAt(NOON) });
  await lock.release();
  expect(await lookAtLock(stream)).toBe('free');
});

test('the run at work says who it is, as often as it is asked', async () => {
  const stream = await path();
  const lock = await acquireRunLock({ path: stream, budget: minutes(1), clock: clockAt(NOON) });
  onTestFinished(() => lock.release());
  const holder = { pid: process.pid, startedAt: NOON, until: later(NOON, minutes(1)) };
  for (let count = 0; count < 3; count += 1) expect(await lookAtLock(stream)).toEqual(holder);
});

test('somebody who says something else is silent', async () => {
  const stream = await path();
  const server = createServer((caller) => caller.end('hello\n'));
  onTestFinished(() => void server.close());
  await once(server.listen(lockAddress(stream, process.platform)), 'listening');
  expect(await lookAtLock(stream)).toBe('silent');
});

test('a folder that is missing is said', async () => {
  await expect(lookAtLock('/nowhere/at/all/okta.dat')).rejects.toThrow(CheckpointError);
});
