import { createHash } from 'node:crypto';

/**
 * Where the run that holds a state file listens: a name that the kernel frees with the process and
 * that no two processes can hold. It is made of the file's real path only, so that runs of different
 * users exclude each other. `undefined` where there is no such thing.
 */
export function lockAddress(realPath: string, platform: NodeJS.Platform): string | undefined {
  // The leading NUL puts the socket into the abstract namespace: no file, nothing to clean up.
  if (platform === 'linux') return `\0okta-collector-${hash(realPath)}`;
  if (platform === 'win32') return `\\\\.\\pipe\\okta-collector-${hash(realPath.toLowerCase())}`;
  return undefined;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
