import type { Checkpoint, CheckpointStore } from '../../src/domain/checkpoint.ts';
import type { Disk } from '../../src/domain/disk.ts';
import type { Sink } from '../../src/domain/sink.ts';
import type { SystemLog } from '../../src/domain/system-log.ts';
import type { Exchange } from '../../src/okta/exchange.ts';
import type { Stdout } from './stdout.ts';

/** A deliberate bug of one run: ports that do something else, and rules that are not kept. */
export interface Mutation {
  readonly systemLog?: (real: SystemLog) => SystemLog;
  readonly exchange?: (real: Exchange) => Exchange;
  readonly store?: <Kind extends Checkpoint>(real: CheckpointStore<Kind>) => CheckpointStore<Kind>;
  readonly disk?: (real: Disk) => Disk;
  readonly sink?: (real: Sink) => Sink;
  readonly stdout?: (real: Stdout) => Stdout;
  /** In milliseconds. */
  readonly settle?: number;
  readonly ignoresLock?: true;
}

/** The program as it is. */
export const asItIs = (): Mutation => ({});

/** A deliberate bug, and the promise that it breaks. */
export interface Control {
  readonly name: string;
  readonly breaks: 'P1' | 'P2' | 'P3' | 'P4';
  /** Makes the bug of one run. */
  readonly mutation: () => Mutation;
}
