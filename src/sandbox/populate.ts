import type { Clock } from '../domain/clock.ts';
import type { Duration, Instant } from '../domain/time.ts';
import { days, earlier, milliseconds, minutes } from '../domain/time.ts';
import { arrivals } from './arrivals.ts';
import type { Org } from './org.ts';

/** How full an org is and how it fills. */
interface Population {
  readonly clock: Clock;
  readonly seed: number;
  /** How many events there are at the start, and over how many days before it they are spread. */
  readonly events: number;
  readonly days: number;
  readonly eventsPerMinute: number;
  /** In milliseconds. */
  readonly disorder: number;
}

const atOnce = milliseconds(0);

/** Fills the days before the start; all of it is persisted by then. */
function addPast(org: Org, population: Population, start: Instant): void {
  const span = days(population.days);
  const spacing = milliseconds(span / Math.max(1, population.events));
  const from = earlier(start, span);
  const past = arrivals({ seed: population.seed, firstIndex: 0, from, spacing, disorder: atOnce });
  for (let added = 0; added < population.events; added += 1) {
    const { event, arrival } = past.next().value;
    org.append(event, { persisted: arrival.persisted < start ? arrival.persisted : start });
  }
}

/** Adds the events that have arrived since the start, whenever it is called. */
function liveArrivals(
  org: Org,
  population: Population,
  start: Instant,
  spacing: Duration,
): (now: Instant) => void {
  const { seed, events: firstIndex, disorder } = population;
  const live = arrivals({
    seed,
    firstIndex,
    from: start,
    spacing,
    disorder: milliseconds(disorder),
  });
  let upcoming = live.next().value;
  return (now) => {
    while (upcoming.event.published <= now) {
      org.append(upcoming.event, upcoming.arrival);
      upcoming = live.next().value;
    }
  };
}

/** Fills the log up to now, and returns what adds the events that have arrived since. */
export function populate(org: Org, population: Population): (now: Instant) => void {
  const start = population.clock.now();
  addPast(org, population, start);
  if (population.eventsPerMinute <= 0) return () => undefined;
  const spacing = milliseconds(minutes(1) / population.eventsPerMinute);
  return liveArrivals(org, population, start, spacing);
}
