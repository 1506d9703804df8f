import { OutputError } from '../../src/domain/failure.ts';
import type { Sink } from '../../src/domain/sink.ts';
import type { Chance } from './chance.ts';
import type { Process } from './process.ts';

/** What is connected to the standard output of one run. */
export interface Stdout {
  /** Takes bytes; resolves with how many. Rejects if nobody will take any more. */
  write(bytes: Buffer): Promise<number>;
  /** Resolves once what was taken would outlive a power cut. */
  sync(): Promise<void>;
  /** The byte taken last, of a file; `undefined` of an empty file or a pipe. */
  lastByte(): number | undefined;
}

/** What the reader of a run does. */
export interface ReaderTrouble {
  readonly kind: 'closes' | 'is stuck';
  /** How many bytes are taken before. */
  readonly after: number;
}

/** All that was read of one stream's events, run by run. */
export interface Reader {
  /** Connects a run. */
  open(run: number, process: Process, trouble: ReaderTrouble | undefined): Stdout;
  cutPower(): void;
  /** All lines read so far, in order; one that is not ended can only be the last of a pipe or file. */
  lines(): ReadLine[];
}

/** A line as it was read, without the line feed. */
export interface ReadLine {
  /** The run that began it. */
  readonly run: number;
  readonly text: string;
  readonly isEnded: boolean;
}

const LINE_FEED = 0x0a;
/** What a kernel takes at once of a long write, or of one on a nearly full disk. */
const MOST_AT_ONCE = 700;

/** Keeps what the kernel took, as the Script Source reads it: each run through a pipe of its own. */
export function createPipes(chance: Chance): Reader {
  const taken: { run: number; bytes: Buffer[] }[] = [];
  return {
    open(run, process, trouble) {
      const bytes: Buffer[] = [];
      taken.push({ run, bytes });
      const take = (part: Buffer): void => void bytes.push(part);
      const pipe = outlet(chance, process, trouble, take);
      return { ...pipe, sync: () => Promise.resolve(), lastByte: () => undefined };
    },
    cutPower: () => undefined,
    lines: () => taken.flatMap(({ run, bytes }) => linesOf(Buffer.concat(bytes), () => run)),
  };
}

/** Keeps what all runs have appended to one file. */
export function createOutputFile(chance: Chance): Reader {
  let content = Buffer.alloc(0);
  let durable = 0;
  const marks: { run: number; from: number }[] = [];
  return {
    open(run, process, trouble) {
      marks.push({ run, from: content.length });
      const take = (part: Buffer): void => void (content = Buffer.concat([content, part]));
      return {
        ...outlet(chance, process, trouble, take),
        sync: () => process.act(() => void (durable = content.length)),
        lastByte: () => content.at(-1),
      };
    },
    cutPower() {
      const left = chance.whole(durable, content.length);
      content = content.subarray(0, left);
      durable = left;
      for (const mark of marks) mark.from = Math.min(mark.from, left);
    },
    lines: () => linesOf(content, (at) => marks.findLast(({ from }) => from <= at)?.run ?? 0),
  };
}

function linesOf(content: Buffer, runAt: (place: number) => number): ReadLine[] {
  const lines: ReadLine[] = [];
  for (let from = 0; from < content.length;) {
    const end = content.indexOf(LINE_FEED, from);
    const isEnded = end !== -1;
    const text = content.toString('utf8', from, isEnded ? end : content.length);
    lines.push({ run: runAt(from), text, isEnded });
    from = isEnded ? end + 1 : content.length;
  }
  return lines;
}

function outlet(
  chance: Chance,
  process: Process,
  trouble: ReaderTrouble | undefined,
  take: (part: Buffer) => void,
): Pick<Stdout, 'write'> {
  let room = trouble?.after ?? Number.POSITIVE_INFINITY;
  return {
    write: (bytes) =>
      process.act(() => {
        if (room === 0 && trouble?.kind === 'is stuck') return new Promise(() => undefined);
        if (room === 0) throw new OutputError('Cannot write events: the reader has closed');
        const part = bytes.subarray(0, Math.min(room, chance.whole(1, MOST_AT_ONCE)));
        take(part);
        room -= part.length;
        return part.length;
      }),
  };
}

/**
 * The sink of a run: a page goes out as one text, in as many writes as it takes, and is fsynced. A
 * line that a crash has left torn at the end of a file is ended first.
 */
export function createSink(stdout: Stdout, isTaken: (line: string) => void): Sink {
  let mayBeTorn = true;
  return {
    async deliver(events) {
      const lastByte = mayBeTorn ? stdout.lastByte() : undefined;
      if (lastByte !== undefined && lastByte !== LINE_FEED) await stdout.write(Buffer.from('\n'));
      mayBeTorn = false;
      for (const { line } of events) {
        for (let left = Buffer.from(line); left.length > 0;) {
          left = left.subarray(await stdout.write(left));
          if (left.length === 0) isTaken(Buffer.from(line).toString('utf8', 0, line.length - 1));
        }
      }
      await stdout.sync();
    },
  };
}
