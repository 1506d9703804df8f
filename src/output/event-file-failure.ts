import { OutputError } from '../domain/failure.ts';

const states = new Map<unknown, readonly [state: string, hint: string]>([
  ['ENOSPC', ['the disk is full', 'Free some space and give the same command again']],
  ['EDQUOT', ['the disk quota is used up', 'Free some space and give the same command again']],
  ['EFBIG', ['it has reached the size allowed', 'Raise the limit (`ulimit -f`)']],
  ['EROFS', ['the file system is read-only', 'Name a folder that can be written']],
  ['EACCES', ['access is denied', 'Let the user that runs okta-collector use it']],
  ['EPERM', ['access is denied', 'Let the user that runs okta-collector use it']],
  ['ENOENT', ['it does not exist', 'Look whether the name is right']],
  ['ENOTDIR', ['a part of its path is no folder', 'Look whether the name is right']],
  ['EISDIR', ['it is a folder', 'Name a file']],
  ['EEXIST', ['it is there already', 'Choose another name, or move it away']],
  ['Z_DATA_ERROR', ['it is damaged gzip', 'Look where the file comes from']],
  ['LEFTOVER', ['something stands behind its gzip', 'Look where the file comes from']],
  ['Z_BUF_ERROR', ['its gzip is cut off', 'Look whether the file is whole']],
]);

/** Waits for work on a file of events; a system error, or one of zlib's, becomes an `OutputError` that names the file. */
export async function explained<T>(action: string, path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw eventFileFailure(action, path, error);
  }
}

/** Says in plain words what is wrong with a file; any error that is not the system's passes as it is. */
export function eventFileFailure(action: string, path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error;
  const unknown = [`the system reports ${String(error.code)}`, 'Look at the disk'] as const;
  const [state, hint] = states.get(error.code) ?? unknown;
  return new OutputError(`Cannot ${action} "${path}": ${state}`, { hint, cause: error });
}
