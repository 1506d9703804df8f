import type { Duration, Instant } from '../domain/time.ts';
import { later, milliseconds, minutes, seconds } from '../domain/time.ts';
import { drawsFor } from './chance.ts';
import type { SandboxEvent } from './event.ts';
import { makeEvent } from './event.ts';
import type { Arrival } from './org.ts';

/** How events come to an org. */
interface Stream {
  readonly seed: number;
  /** The number of the first event; an event is the same for the same seed and number. */
  readonly firstIndex: number;
  readonly from: Instant;
  /** The mean time between two events. */
  readonly spacing: Duration;
  /** How much later than later ones an event may become visible; 0 for a strict order. */
  readonly disorder: Duration;
}

/** An event and when it comes. */
interface Arriving {
  readonly event: SandboxEvent;
  readonly arrival: Arrival;
}

/** Most events are persisted within a second; a few seconds late, and very few minutes late. */
function lateness(chance: number, scale: number): Duration {
  if (chance < 0.002) return milliseconds(Math.round(scale * minutes(10)));
  if (chance < 0.03) return milliseconds(Math.round(scale * seconds(10)));
  return milliseconds(Math.round(scale * 800));
}

/** Events without end, by `published`, the same for the same stream; some share their millisecond. */
export function* arrivals(stream: Stream): Generator<Arriving, never> {
  let moment = stream.from;
  for (let step = 0; ; step += 1) {
    const draw = drawsFor(~stream.seed, stream.firstIndex + step);
    if (draw() >= 0.05) {
      moment = later(stream.from, milliseconds(Math.floor((step + draw()) * stream.spacing)));
    }
    const event = makeEvent(stream.seed, stream.firstIndex + step, moment);
    const persisted = later(moment, lateness(draw(), draw()));
    const isHeldBack = draw() < 0.1;
    const visible = later(
      persisted,
      milliseconds(isHeldBack ? Math.round(draw() * stream.disorder) : 0),
    );
    yield { event, arrival: { persisted, visible } };
  }
}
