import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import { isatty, WriteStream } from 'node:tty';

/**
 * A stream on a terminal, pipe or socket; `undefined` if the descriptor is anything else, for which
 * Node has no stream that reports a short write. Unlike `process.stdout`, it can be destroyed, which
 * is the only way to end a process whose write is pending.
 */
export function openStream(descriptor: number): Socket | undefined {
  if (isatty(descriptor)) return new WriteStream(descriptor);
  const stats = fstatSync(descriptor);
  if (!stats.isFIFO() && !stats.isSocket()) return undefined;
  return new Socket({ fd: descriptor, readable: false, writable: true });
}
