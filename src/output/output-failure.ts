import { OutputError } from '../domain/failure.ts';

interface Trouble {
  readonly state: string;
  readonly hint: string;
}

const readerGone: Trouble = {
  state: 'the reader has closed standard output',
  hint: 'Look at why the program that reads the events ended; the next run writes this page again',
};
const diskFull: Trouble = {
  state: 'the disk behind standard output is full',
  hint: 'Free some space; the next run writes this page again',
};
const closed: Trouble = {
  state: 'standard output is closed',
  hint: 'Connect standard output to what collects the events; to throw them away on purpose, add `> /dev/null`',
};
const stuck: Trouble = {
  state: 'the reader of standard output has stopped taking them',
  hint: 'Look at why the program that reads the events hangs; the next run writes this page again',
};

const troubles = new Map<unknown, Trouble>([
  ['EPIPE', readerGone],
  ['ECONNRESET', readerGone],
  ['ENOSPC', diskFull],
  ['EDQUOT', { ...diskFull, state: 'the disk quota behind standard output is used up' }],
  [
    'EFBIG',
    {
      state: 'the file behind standard output has reached the size allowed',
      hint: 'Raise the limit (`ulimit -f`) or write to another file; the next run writes this page again',
    },
  ],
  [
    'EIO',
    {
      state: 'the device behind standard output reports an input/output error',
      hint: 'Check the disk or terminal; the next run writes this page again',
    },
  ],
  ['EBADF', closed],
]);

const outputError = ({ state, hint }: Trouble, cause?: unknown): OutputError =>
  new OutputError(`Cannot write events: ${state}`, { hint, cause });

/** Nobody holds the other end of standard output. */
export const closedOutput = (): OutputError => outputError(closed);

/** The reader is there but takes nothing. */
export const stuckOutput = (): OutputError => outputError(stuck);

/** Says in plain words why the system did not take a write of events. */
export function outputFailure(error: unknown): OutputError {
  return error instanceof OutputError ? error : outputError(troubleOf(error), error);
}

/** The same for what a command was to say. */
export function printFailure(cause: unknown): OutputError {
  return new OutputError(`Cannot print: ${troubleOf(cause).state}`, {
    hint: 'See to that, and give the command again',
    cause,
  });
}

function troubleOf(error: unknown): Trouble {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const unknown = { state: String(error), hint: 'Check what standard output is connected to' };
  return troubles.get(code) ?? unknown;
}
