import { dirname } from 'node:path';
import { CheckpointError } from '../domain/failure.ts';

/** The code of a system error (`ENOSPC`, `EADDRINUSE`); `undefined` if it is another kind of error. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * Waits for work on the checkpoint at `path`; a system error becomes a `CheckpointError` that says
 * what is wrong with the disk and what to do. Any other error passes as it is.
 */
export async function explained<T>(action: string, path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    const { state, hint } = diagnose(code, path);
    throw new CheckpointError(`Cannot ${action} the checkpoint "${path}": ${state}`, {
      hint,
      cause: error,
    });
  }
}

/** What is wrong with a disk. */
export interface Diagnosis {
  readonly state: string;
  readonly hint: string;
}

/** What a system error on work with the state file at `path` means, and what to do. */
export function diagnose(code: string, path: string): Diagnosis {
  const folder = dirname(path);
  switch (code) {
    case 'ENOSPC':
      return { state: 'the disk is full', hint: `Free space on the disk that holds "${folder}"` };
    case 'EDQUOT':
      return {
        state: 'the disk quota is used up',
        hint: `Free space in "${folder}", or raise the quota`,
      };
    case 'EROFS':
      return {
        state: 'the file system is read-only',
        hint: `Make "${folder}" writable, or set stream_pos_path to a path that is`,
      };
    case 'EACCES':
    case 'EPERM':
      return {
        state: 'access is denied',
        hint: `Let the user that runs okta-collector read and write the file and "${folder}"`,
      };
    case 'ENOENT':
    case 'ENOTDIR':
      return {
        state: `there is no folder "${folder}"`,
        hint: 'Create the folder, or set stream_pos_path to a path in one that exists',
      };
    case 'EISDIR':
      return { state: 'it is a folder', hint: 'Set stream_pos_path to the path of a file' };
    default:
      return { state: `the system reports ${code}`, hint: `Check the disk that holds "${folder}"` };
  }
}
