import { appendFileSync, closeSync, fchownSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.ts';

/** Beside the file itself, this many older ones are kept: `.1` is the youngest. */
const oldFiles = 3;

/** A log file of limited size. */
interface LogFile {
  /** Throws the system's own error if the line could not be written. */
  append(line: string): void;
}

/**
 * Appends to the file at `path`, which only its owner may read (mode 0600), and makes its folder if
 * there is none. A line that would make it longer than `maxBytes` begins a new file. Nothing is kept
 * between two lines, so that several processes, or logrotate, may work on the same file. The folder of
 * the state is never made: a run that misses it must fail, and so must the next one, which would take
 * itself for the first and print everything again.
 */
export function createLogFile(path: string, maxBytes: number, stateFolder: string): LogFile {
  return {
    append(line) {
      const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      if (size > 0 && size + Buffer.byteLength(line) > maxBytes) rotate(path);
      create(path, stateFolder);
      appendFileSync(path, line);
    },
  };
}

function rotate(path: string): void {
  for (let age = oldFiles - 1; age >= 0; age--) {
    ignoring('ENOENT', () => {
      renameSync(age === 0 ? path : `${path}.${age}`, `${path}.${age + 1}`);
    });
  }
}

function create(path: string, stateFolder: string): void {
  makeFolder(dirname(path), stateFolder);
  ignoring('EEXIST', () => {
    const descriptor = openSync(path, 'ax', 0o600);
    try {
      // So that a run by hand as root does not lock the collector's own user out.
      const { uid, gid } = statSync(dirname(path));
      if (process.getuid?.() === 0) fchownSync(descriptor, uid, gid);
    } finally {
      closeSync(descriptor);
    }
  });
}

function ignoring(code: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === code)) throw error;
  }
}
