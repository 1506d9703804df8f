import { fstatSync } from 'node:fs';
import { isatty } from 'node:tty';

/** What a descriptor is connected to, in words: `a pipe`. */
export function describeOutput(descriptor: number): string {
  if (isatty(descriptor)) return 'a terminal';
  try {
    const stats = fstatSync(descriptor);
    if (stats.isFIFO()) return 'a pipe';
    if (stats.isSocket()) return 'a socket';
    if (stats.isFile()) return 'a file';
    return 'a device';
  } catch {
    return 'closed';
  }
}
