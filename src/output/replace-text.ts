import type { FileHandle } from 'node:fs/promises';
import { access, link, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** The text of a file; `undefined` if there is none. Rejects with the system's own error. */
export async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether the system says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/**
 * Puts a text in the place of a file, at once and durably: a crash leaves the old one or the new one.
 * Rejects with the system's own error.
 */
export async function replaceText(path: string, text: string): Promise<void> {
  const draft = `${path}.draft`;
  await withFile(draft, 'w', async (file) => {
    await file.writeFile(text);
    await file.sync();
  });
  await putInPlace(draft, path);
}

/** Gives a file that is whole and durable its final name, durably. */
export async function putInPlace(draft: string, path: string): Promise<void> {
  await rename(draft, path);
  await syncFolder(dirname(path));
}

/** The same, but only if nothing has that name; then the system's error is EEXIST, and the file keeps the name it has. */
export async function putBeside(draft: string, path: string): Promise<void> {
  await link(draft, path);
  await unlink(draft);
  await syncFolder(dirname(path));
}

/** Makes what was created or renamed in a folder outlive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  // Windows cannot fsync a folder; that it is there is all that can be asked.
  if (process.platform === 'win32') return access(path);
  await withFile(path, 'r', async (folder) => {
    await folder.sync().catch((error: unknown) => {
      // So say network file systems that know no fsync of a folder.
      if (!(error instanceof Error && 'code' in error && error.code === 'EINVAL')) throw error;
    });
  });
}

/** Opens a file for as long as the work with it takes. */
export async function withFile<T>(
  path: string,
  flags: string,
  work: (file: FileHandle) => Promise<T>,
): Promise<T> {
  const file = await open(path, flags);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}
