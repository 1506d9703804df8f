import { coveredBy } from '../domain/backfill-progress.ts';
import type { BackfillState } from '../domain/backfill-state.ts';
import { formatInstant } from '../domain/time.ts';

/** A backfill that was begun. */
interface Begun {
  readonly id: string;
  readonly request: { readonly start: string; readonly end: string; readonly output: string };
  readonly state: BackfillState;
}

/** What there is to say if none was begun. */
export const nothingKnown = 'No backfill was begun.\n';

/** A backfill for a person: its name and how far it is, what it covers, how it was ordered. */
export function backfillLine({ id, request, state }: Begun): string {
  const { window, open, events } = state;
  const isFinished = open.length === 0;
  const percent = Math.floor(coveredBy(state) * 1000) / 10;
  const how = isFinished ? 'finished' : `${percent.toFixed(1)} % of the time covered`;
  const end = request.end === 'live' ? '--until-live' : `--end ${request.end}`;
  return [
    `${id}  ${how}, ${events.toLocaleString('en-US')} events`,
    `          ${formatInstant(window.since)} to ${formatInstant(window.until)}`,
    `          --start ${request.start} ${end}, to ${request.output}`,
    '',
  ].join('\n');
}
