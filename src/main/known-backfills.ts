import { systemClock } from '../clock/system-clock.ts';
import type { Config } from '../config/config.ts';
import { isFailure, UsageError } from '../domain/failure.ts';
import { days } from '../domain/time.ts';
import { backfillLine, nothingKnown } from '../output/backfill-text.ts';
import { backfillPath } from '../state/backfill-file.ts';
import { findBackfill, forgetBackfill, listBackfills } from '../state/backfill-folder.ts';
import { acquireRunLock } from '../state/run-lock.ts';
import { systemDisk } from '../state/system-disk.ts';

/** Shows the backfills that were begun, a line or two each; one that cannot be read is named all the same. */
export async function list(
  { org, streamPosPath: livePath }: Config,
  print: (text: string) => void,
): Promise<void> {
  const ids = await listBackfills(livePath);
  const lines = await Promise.all(
    ids.map(async (id) => {
      try {
        const found = await findBackfill(systemDisk, { livePath, org, id });
        return found === undefined ? '' : backfillLine(found);
      } catch (error) {
        if (!isFailure(error)) throw error;
        return `${id}  ${error.message}\n`;
      }
    }),
  );
  print(ids.length === 0 ? nothingKnown : lines.join(''));
}

/** Removes what is kept of a backfill, unless it is at work. Rejects with a `UsageError` if there is no such backfill. */
export async function forget(
  { streamPosPath: livePath }: Config,
  id: string,
  print: (text: string) => void,
): Promise<void> {
  if (!(await listBackfills(livePath)).includes(id)) {
    throw new UsageError(`Cannot forget the backfill "${id}": there is none of that name`, {
      hint: 'okta-collector backfill --list shows those there are',
    });
  }
  const path = backfillPath(livePath, id);
  const lock = await acquireRunLock({ path, budget: days(1), clock: systemClock });
  await forgetBackfill(systemDisk, livePath, id).finally(() => lock.release());
  print(
    `Forgotten: the same command would begin anew. Files that it has written are still there.\n`,
  );
}
