import type { Server } from 'node:net';
import { createServer } from 'node:net';
import type { Clock } from '../domain/clock.ts';
import { BusyError, CheckpointError } from '../domain/failure.ts';
import type { RunAtWork } from '../domain/run-at-work.ts';
import { isOverdue } from '../domain/run-at-work.ts';
import type { Duration } from '../domain/time.ts';
import { formatInstant, later, milliseconds } from '../domain/time.ts';
import { explained, systemCode } from './disk-error.ts';
import { lockAddress } from './lock-address.ts';
import { askHolder, formatHolder } from './lock-holder.ts';
import { ownerOf } from './lock-owner.ts';
import { realStatePath } from './real-state-path.ts';

interface RunLockOptions {
  /** The state file of the stream. */
  readonly path: string;
  /** How long this run may take. */
  readonly budget: Duration;
  readonly clock: Clock;
}

/**
 * Makes this process the only one on this machine that is at work on a stream, until `release` or
 * its end, however it ends. Rejects with a `BusyError` that names the process that holds the stream,
 * or with a `CheckpointError` if the path cannot be locked. It does not keep the process alive.
 * Containers exclude each other only if they share a network namespace.
 */
export async function acquireRunLock(
  options: RunLockOptions,
): Promise<{ release(): Promise<void> }> {
  const { path, budget, clock } = options;
  const address = await addressOf(path);
  const startedAt = clock.now();
  const line = formatHolder({ pid: process.pid, startedAt, until: later(startedAt, budget) });
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const server = await explained('lock', path, listen(address, line));
    if (server !== undefined) return { release: () => close(server) };
    const holder = await askHolder(address);
    if (holder === 'silent') throw hanging(path, await ownerOf(address));
    if (holder !== 'gone') throw busy(path, holder, clock);
    await clock.sleep(PAUSE, new AbortController().signal);
  }
  throw new BusyError(`Cannot start on "${path}": another run is just starting on it`, false, {
    hint: WAIT,
  });
}

/** A holder can be caught between taking the name and listening, or while it ends. */
const ATTEMPTS = 10;
const PAUSE = milliseconds(20);
const WAIT = 'Let it end; the next run goes on where it stopped';

async function addressOf(path: string): Promise<string> {
  const address = lockAddress(await realStatePath(path), process.platform);
  if (address !== undefined) return address;
  throw new CheckpointError(
    `Cannot lock the checkpoint "${path}": not supported on ${process.platform}`,
    {
      hint: 'Run okta-collector on Linux or Windows',
    },
  );
}

/** Resolves to `undefined` if somebody else has the address. */
function listen(address: string, line: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((caller) => {
      caller.on('error', () => undefined);
      // Hung up by us: a caller that stays must hold up neither the release nor the end of the process.
      caller.write(line, () => caller.destroy());
    });
    // Stays attached: a caller that cannot be accepted later must not end the run.
    server.on('error', (error) => {
      if (systemCode(error) === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => {
      resolve(server.unref());
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}

function hanging(path: string, pid: number | undefined): BusyError {
  const [holder, hint] =
    pid === undefined
      ? [
          'the process',
          'Find the process that hangs (on Linux: ss -xlp | grep okta-collector) and end it',
        ]
      : [`process ${pid}`, `End process ${pid}; the next run goes on where it stopped`];
  return new BusyError(`Cannot start on "${path}": ${holder} that holds it does not answer`, true, {
    hint,
  });
}

function busy(path: string, holder: RunAtWork, clock: Clock): BusyError {
  const { pid, startedAt, until } = holder;
  const since = `process ${pid} has been at work on it since ${formatInstant(startedAt)}`;
  if (!isOverdue(holder, clock.now())) {
    return new BusyError(`Cannot start on "${path}": ${since}`, false, { hint: WAIT });
  }
  const overdue = `${since} and should have ended by ${formatInstant(until)}`;
  return new BusyError(`Cannot start on "${path}": ${overdue}`, true, {
    hint: `End process ${pid} if it hangs; the next run goes on where it stopped`,
  });
}
