import { copyFile, mkdir, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { ask } from './released.ts';

/** What it takes to make a folder the root of a process: nothing for root, else a user namespace. `undefined` if neither is to be had. */
export async function wayIntoRoot(): Promise<readonly string[] | undefined> {
  if (process.getuid?.() === 0) return ['/usr/sbin/chroot'];
  const namespace = ['unshare', '--map-root-user'];
  try {
    await ask('unshare', ['--map-root-user', '/bin/true']);
    return [...namespace, '/usr/sbin/chroot'];
  } catch {
    return undefined;
  }
}

/** Puts the dynamic libraries that programs need into a root, and bash; nothing else, neither /dev nor /proc. */
export async function furnish(root: string, program: string): Promise<void> {
  const bash = '/bin/bash';
  const needed = await Promise.all([bash, program].map(librariesOf));
  for (const path of new Set([bash, ...needed.flat()])) {
    await mkdir(join(root, dirname(path)), { recursive: true });
    await copyFile(await realpath(path), join(root, path));
  }
}

async function librariesOf(program: string): Promise<readonly string[]> {
  return (await ask('ldd', [program])).match(/\/\S+/g) ?? [];
}
