import type { OpenStretch } from './backfill-state.ts';
import type { Duration, Instant, Window } from './time.ts';
import { between, later, milliseconds, seconds } from './time.ts';

/** A stretch of a backfill, and who is at work on it: a slice once somebody is. */
export interface Stretch<Reader extends Sighting> extends Window {
  readonly reader: Reader | undefined;
}

/** What a reader has seen of its slice. */
export interface Sighting {
  /** No event before this moment is still to be read. */
  readonly reached: Instant;
  /** The time that a full page covers; `undefined` as long as that is not known. */
  readonly span: Duration | undefined;
  /** Whether there is something left to ask for, as far as is known. */
  readonly goesOn: boolean;
}

/** How large a new slice shall be. */
export interface Measure {
  /** In full pages; `undefined`: whole, and none shall be divided. */
  readonly pages: number | undefined;
  /** The time that a full page covers, as it was seen last. */
  readonly span: Duration | undefined;
}

/** A second is asked for on both sides of a slice: in one shorter than this that would be too much of it. */
const SHORTEST = seconds(30);
/** A reader keeps at least so much of a slice's measure when its slice is divided: each cut costs about half a page. */
const LEAST_KEPT = 1 / 6;

/**
 * The slice that can be begun in a stretch: from its start if nobody is at work on it; else out of
 * what its reader has still to read, who keeps what is nearest. `undefined` if there is none.
 */
export function sliceIn(stretch: Stretch<Sighting>, measure: Measure): Window | undefined {
  const { reader, until } = stretch;
  const since = reader === undefined ? stretch.since : cutIn(until, reader, measure);
  return since === undefined ? undefined : { since, until: endOf(since, until, measure) };
}

/** Where a slice shall end that is being read: always behind what was read. */
function cutIn(until: Instant, reader: Sighting, { pages }: Measure): Instant | undefined {
  const { reached, span, goesOn } = reader;
  if (!goesOn || span === undefined || pages === undefined) return undefined;
  const kept = Math.ceil(Math.min(pages * span, between(reached, until) / 2));
  const isWorthIt = kept >= Math.max(LEAST_KEPT * pages * span, SHORTEST);
  return isWorthIt ? later(reached, milliseconds(kept)) : undefined;
}

/** What would be left of the stretch is taken too if it is little. */
function endOf(since: Instant, until: Instant, { pages, span }: Measure): Instant {
  if (span === undefined || pages === undefined) return until;
  const length = Math.max(Math.ceil(pages * span), SHORTEST);
  return between(since, until) < 1.5 * length ? until : later(since, milliseconds(length));
}

/** The stretches once somebody is at work on a slice of the one at `place`. */
export function begun<Reader extends Sighting>(
  stretches: readonly Stretch<Reader>[],
  place: number,
  { since, until }: Window,
  reader: Reader,
): readonly Stretch<Reader>[] {
  return stretches.flatMap((stretch, at) => {
    if (at !== place) return [stretch];
    const parts = [
      { ...stretch, until: since },
      { since, until, reader },
      { since: until, until: stretch.until, reader: undefined },
    ];
    return parts.filter((part) => part.since < part.until);
  });
}

/** What is to be saved: of a stretch from which nothing is delivered it does not matter how it is cut. */
export function joined(open: readonly OpenStretch[]): readonly OpenStretch[] {
  return open.reduce<readonly OpenStretch[]>((before, stretch) => {
    const last = before.at(-1);
    const isJoined =
      last?.until === stretch.since &&
      last.position === undefined &&
      stretch.position === undefined;
    return isJoined
      ? [...before.slice(0, -1), { ...last, until: stretch.until }]
      : [...before, stretch];
  }, []);
}

/** The stretches that can be read before a moment, and what is left for later; one in hand was asked within its bounds, and stays whole. */
export function splitAt(
  open: readonly OpenStretch[],
  moment: Instant,
): { readonly now: readonly OpenStretch[]; readonly later: readonly OpenStretch[] } {
  const isWhole = ({ until, position }: OpenStretch): boolean =>
    until <= moment || position !== undefined;
  return {
    now: open
      .filter((one) => one.since < moment || isWhole(one))
      .map((one) => (isWhole(one) ? one : { ...one, until: moment })),
    later: open
      .filter((one) => !isWhole(one))
      .map((one) => (one.since < moment ? { ...one, since: moment } : one)),
  };
}
