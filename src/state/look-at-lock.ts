import type { LockState } from '../domain/run-at-work.ts';
import { lockAddress } from './lock-address.ts';
import { askHolder } from './lock-holder.ts';
import { realStatePath } from './real-state-path.ts';

/**
 * Who is at work on the stream whose state file is at `path`, by asking: nothing is locked, and no run
 * is held up. Rejects with a `CheckpointError` if there is no such folder.
 */
export async function lookAtLock(path: string): Promise<LockState> {
  const address = lockAddress(await realStatePath(path), process.platform);
  const holder = address === undefined ? 'gone' : await askHolder(address);
  return holder === 'gone' ? 'free' : holder;
}
