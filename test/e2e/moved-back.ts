import { readFile, writeFile } from 'node:fs/promises';
import type { Duration } from '../../src/domain/time.ts';
import { statusPath } from '../../src/state/status-file.ts';
import type { Installation } from '../support/installation.ts';

/** Moves all moments in the state files back, as if no run had come since. */
export async function movedBack({ checkpoint }: Installation, by: Duration): Promise<void> {
  for (const path of [checkpoint, statusPath(checkpoint)]) {
    const text = await readFile(path, 'utf8');
    // Epoch milliseconds of this century stand alone; those in a link are not among them.
    const moved = text.replaceAll(/(?<=[:[,])\d{13}(?=[,}\]])/gu, (moment) =>
      String(Number(moment) - by),
    );
    await writeFile(path, moved);
  }
}
