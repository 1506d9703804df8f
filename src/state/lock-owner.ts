import { readdir, readFile, readlink } from 'node:fs/promises';

/**
 * The process that listens at an abstract socket address, even if it hangs: as Linux's `/proc` tells.
 * `undefined` elsewhere, and if the process belongs to another user.
 */
export async function ownerOf(address: string): Promise<number | undefined> {
  const inode = await inodeOf(address.replace('\0', '@'));
  if (inode === undefined) return undefined;
  for (const pid of await namesIn('/proc')) {
    if (/^\d+$/.test(pid) && (await holdsSocket(pid, inode))) return Number(pid);
  }
  return undefined;
}

/** The socket that accepts connections, and not one of those that wait for that. */
const LISTENING = '00010000';

async function inodeOf(name: string): Promise<string | undefined> {
  const table = await readFile('/proc/net/unix', 'utf8').catch(() => '');
  for (const line of table.split('\n')) {
    const [, , , flags, , , inode, path] = line.trim().split(/\s+/);
    // Node fills such a name up with NULs, which the table shows as @.
    if (flags === LISTENING && path?.replace(/@+$/, '') === name) return inode;
  }
  return undefined;
}

async function holdsSocket(pid: string, inode: string): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  for (const descriptor of await namesIn(folder)) {
    const target = await readlink(`${folder}/${descriptor}`).catch(() => undefined);
    if (target === `socket:[${inode}]`) return true;
  }
  return false;
}

/** Nothing if the folder is gone by now, or is not to be looked into. */
async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
