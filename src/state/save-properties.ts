import { realpath, rm } from 'node:fs/promises';
import type { Disk } from '../domain/disk.ts';
import { ConfigError } from '../domain/failure.ts';
import type { Instant } from '../domain/time.ts';
import { diagnose, systemCode } from './disk-error.ts';
import { keepBackup } from './keep-backup.ts';
import { putInForce, writeDraft } from './replace-file.ts';

/**
 * Puts a new text into the properties file at `path`, at once and durably, readable by its owner
 * alone; a symbolic link stays one. Resolves with the path of a backup of what was, `undefined` if
 * there was no file. Rejects with a `ConfigError`; the old file stays in force then.
 */
export async function saveProperties(
  disk: Disk,
  path: string,
  text: string,
  at: Instant,
): Promise<string | undefined> {
  try {
    return await replace(disk, path, text, at);
  } catch (error) {
    const code = systemCode(error);
    if (code === undefined) throw error;
    const { state } = diagnose(code, path);
    throw new ConfigError(`Cannot write the properties file "${path}": ${state}`, [], {
      hint: 'Let this user write the file and its folder; the file is as it was',
      cause: error,
    });
  }
}

async function replace(
  disk: Disk,
  path: string,
  text: string,
  at: Instant,
): Promise<string | undefined> {
  const real = await realPathOf(path);
  const target = real ?? path;
  const draft = `${target}.draft`;
  try {
    await writeDraft(disk, draft, target, text);
    const backup = real === undefined ? undefined : await keepBackup(disk, real, at);
    await putInForce(disk, draft, target);
    return backup;
  } catch (error) {
    // It may hold a secret, which must not stay behind unheeded.
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** `undefined` if there is no such file. */
async function realPathOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
