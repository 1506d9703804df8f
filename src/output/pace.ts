import type { ProgressState } from '../domain/progress.ts';
import type { Duration, Instant } from '../domain/time.ts';
import { between, earlier, milliseconds, seconds } from '../domain/time.ts';

/** The state at a moment. */
interface Sample {
  readonly at: Instant;
  readonly state: ProgressState;
}

/** What is shown of a piece of work: the state, and what follows from how it came about. */
export interface PacedState extends ProgressState {
  /** Over the last half minute. */
  readonly eventsPerSecond: number;
  /** `undefined` as long as nothing can be said. */
  readonly timeToGo: Duration | undefined;
}

const STRETCH = seconds(30);

/** Reckons the pace of a piece of work from its states. */
export class Pace {
  #first: Sample | undefined;
  /** Those of the last half minute, and one before. */
  #recent: readonly Sample[] = [];

  add(state: ProgressState, now: Instant): void {
    const sample = { at: now, state };
    this.#first ??= sample;
    const from = this.#recent.findLastIndex(({ at }) => at <= earlier(now, STRETCH));
    this.#recent = [...this.#recent.slice(Math.max(from, 0)), sample];
  }

  /** The state at last, seen from `now`; `undefined` if there is none. */
  at(now: Instant): PacedState | undefined {
    const [oldest] = this.#recent;
    const latest = this.#recent.at(-1);
    if (this.#first === undefined || oldest === undefined || latest === undefined) return undefined;
    const elapsed = between(oldest.at, now);
    const events = latest.state.events - oldest.state.events;
    return {
      ...latest.state,
      eventsPerSecond: elapsed > 0 ? (events * 1000) / elapsed : 0,
      timeToGo: timeToGo(this.#first, latest, now),
    };
  }
}

/** As if the rest took its time as what this process has done, which no single dense stretch can upset. */
function timeToGo(first: Sample, latest: Sample, now: Instant): Duration | undefined {
  const gained = latest.state.covered - first.state.covered;
  if (gained <= 0) return undefined;
  return milliseconds((between(first.at, now) * (1 - latest.state.covered)) / gained);
}
