import { onTestFinished } from 'vitest';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { Clock } from '../../src/domain/clock.ts';
import type { Duration, Instant, Window } from '../../src/domain/time.ts';
import { earlier, instant, later, milliseconds, seconds } from '../../src/domain/time.ts';
import { makeEvent } from '../../src/sandbox/event.ts';
import type { Org, StoredEvent } from '../../src/sandbox/org.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/server.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { movableClock } from '../sandbox/movable-clock.ts';

/** An org for one test, and the clock that it goes by, which stands still until it is moved. */
export interface OpenOrg {
  readonly sandbox: Sandbox;
  readonly clock: Clock & { move(by: Duration): void };
}

/**
 * Opens an org, whose rate limit is out of reach. Its clock starts so long ago, on a whole second: what a `Date` tells is then all of it,
 * and the program, which goes by that, can be shown any horizon.
 */
export async function openOrg(
  options: Partial<SandboxOptions> = {},
  ago: Duration = seconds(0),
): Promise<OpenOrg> {
  const now = earlier(systemClock.now(), ago);
  const clock = movableClock(instant(now - (now % 1000)));
  const sandbox = await startSandbox({ clock, days: 6, rateLimit: 100_000, ...options });
  onTestFinished(() => sandbox.close());
  return { sandbox, clock };
}

/** Adds events at even distances, the first one at `from`, each persisted when it is published. */
export function addEvents(org: Org, count: number, from: Instant, distance: Duration): void {
  const first = org.events.length;
  for (let index = 0; index < count; index += 1) {
    const moment = later(from, milliseconds(index * distance));
    org.append(makeEvent(9, first + index, moment));
  }
}

/** The events that are visible and at least so old, by the org's clock, in the order of polling requests. */
export function eventsUpToHorizon(
  { sandbox, clock }: OpenOrg,
  settle: Duration = seconds(60),
): readonly StoredEvent[] {
  const horizon = earlier(clock.now(), settle);
  return sandbox.org.events.filter(
    ({ published, visible }) => published <= horizon && visible <= clock.now(),
  );
}

/** The events of a window, in the order of bounded requests. */
export function eventsOfWindow(org: Org, { since, until }: Window): readonly StoredEvent[] {
  return org.events
    .filter(({ published }) => published >= since && published < until)
    .toSorted((one, other) => one.published - other.published || one.sequence - other.sequence);
}
