import { realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { explained, systemCode } from './disk-error.ts';

/**
 * The one path by which all who mean the same file know it, symbolic links resolved; the file may
 * not exist yet, its folder must. Rejects with a `CheckpointError`.
 */
export function realStatePath(path: string): Promise<string> {
  return explained('find', path, resolved(path));
}

async function resolved(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    return join(await realpath(dirname(path)), basename(path));
  }
}
