import { readFile, stat } from 'node:fs/promises';
import process from 'node:process';
import { Refusal } from './key.ts';

/** The text of a file, and whether other users of the computer can get at it. */
export interface TextFile {
  readonly text: string;
  /** What to tell about it, should the file hold a secret; `undefined` if only its owner can get at it. */
  readonly exposure: string | undefined;
}

const reasons = new Map<unknown, readonly [reason: string, remedy: string]>([
  ['EISDIR', ['is a folder', 'Name the file in it']],
  ['EACCES', ['may not be read by this user', 'Give the user that runs the program read access']],
]);

/** Reads a UTF-8 text file; `undefined` if there is none; rejects with a `Refusal` if it cannot be read. */
export async function readTextFile(path: string): Promise<TextFile | undefined> {
  try {
    const text = await readFile(path, 'utf8');
    if (text.includes('\0'))
      throw new Refusal('is not UTF-8: it has zero bytes, as UTF-16 has', 'Save it as UTF-8');
    return { text, exposure: describeExposure(path, (await stat(path)).mode) };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const [reason, remedy] = reasons.get(code) ?? [
      `cannot be read (${String(code ?? error)})`,
      'Check the file and the disk it is on',
    ];
    throw new Refusal(reason, remedy);
  }
}

function describeExposure(path: string, mode: number): string | undefined {
  // The permission bits that Windows reports mean nothing there.
  if (process.platform === 'win32' || (mode & 0o077) === 0) return undefined;
  const bits = (mode & 0o777).toString(8).padStart(4, '0');
  return `"${path}" holds a secret and is open to other users (mode ${bits}): run chmod 600 on it`;
}
