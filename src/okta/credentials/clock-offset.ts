import type { Clock } from '../../domain/clock.ts';
import type { Duration, Instant } from '../../domain/time.ts';
import { between, later, milliseconds } from '../../domain/time.ts';
import type { Answer } from '../exchange.ts';
import { serverTimeOf } from '../server-time.ts';

/** How far the clock of this machine is from the server's: what is signed carries a time that the server checks. */
export class ClockOffset {
  readonly #clock: Clock;
  #offset = milliseconds(0);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** From our time to the server's, as far as known. */
  get offset(): Duration {
    return this.#offset;
  }

  /** The server's time, as far as known; rather early than late, since nothing may come from the future. */
  now(): Instant {
    return later(this.#clock.now(), this.#offset);
  }

  heard(answer: Pick<Answer, 'headers'>): void {
    const serverTime = serverTimeOf(answer);
    if (serverTime !== undefined) this.#offset = between(this.#clock.now(), serverTime);
  }
}
