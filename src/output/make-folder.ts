import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder, and those it lies in, other than `never`; throws the system's own error, or one that
 * names `never` if that is missing. Node's own way of making folders never ends where the system
 * says of a new one that it does not exist although the one it would lie in does, as in `/proc`.
 */
export function makeFolder(path: string, never?: string): void {
  if (isFolder(path)) return;
  if (path === never) throw new Error(`there is no folder "${path}"`);
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent, never);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
