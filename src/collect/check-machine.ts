import type { Clock } from '../domain/clock.ts';
import { BusyError } from '../domain/failure.ts';
import type { Finding } from '../domain/finding.ts';
import { fault, findingOf, remark, unknown, works } from '../domain/finding.ts';
import type { Machine } from '../domain/looks.ts';
import { isOverdue } from '../domain/run-at-work.ts';
import { formatInstant } from '../domain/time.ts';

/** Four log files and a checkpoint fit twice into so much. */
const LITTLE_SPACE_BYTES = 100_000_000;

/** Looks at the machine: whether state can be kept, and who is at work. */
export async function* checkMachine(machine: Machine, clock: Clock): AsyncGenerator<Finding, void> {
  yield await findingOf('State files', () => stateFinding(machine));
  yield await spaceFinding(machine);
  yield await findingOf('Lock', () => lockFinding(machine, clock));
  yield works('Output', `Standard output is ${machine.describeOutput()}`);
}

async function stateFinding(machine: Machine): Promise<Finding> {
  const { folder, denied } = await machine.lookAtState();
  if (denied.length === 0) return works('State files', `"${folder}" can be written`);
  return remark(
    'State files',
    `This user may not read and write ${denied.map((path) => `"${path}"`).join(', ')}`,
    'Give the files to the user that runs okta-collector, or check as that user',
  );
}

async function spaceFinding(machine: Machine): Promise<Finding> {
  const free = await machine.freeBytes();
  if (free === undefined) return unknown('Disk space', 'The system does not tell how much is free');
  const text = `${inMegabytes(free)} MB are free for the state files`;
  return free < LITTLE_SPACE_BYTES
    ? remark('Disk space', text, 'Free some space: without any, no run can save its position')
    : works('Disk space', text);
}

const inMegabytes = (bytes: number): string => Math.floor(bytes / 1e6).toLocaleString('en-US');

async function lockFinding(machine: Machine, clock: Clock): Promise<Finding> {
  const lock = await machine.lookAtLock();
  if (lock === 'free') return works('Lock', 'No run is at work');
  if (lock === 'silent') return fault('Lock', hanging('The process', 'it does not answer'));
  const since = `has been at work since ${formatInstant(lock.startedAt)}`;
  return isOverdue(lock, clock.now())
    ? fault(
        'Lock',
        hanging(`Process ${lock.pid}`, `it should have ended by ${formatInstant(lock.until)}`),
      )
    : works('Lock', `Process ${lock.pid} ${since}: a run`);
}

function hanging(holder: string, state: string): BusyError {
  return new BusyError(`${holder} that holds the stream hangs: ${state}`, true, {
    hint: 'Find it (on Linux: ss -xlp | grep okta-collector) and end it; the next run goes on where it stopped',
  });
}
