import type { Clock } from '../domain/clock.ts';
import type { Duration, Instant } from '../domain/time.ts';
import { instant } from '../domain/time.ts';
import type { HeaderFields } from './exchange.ts';
import type { Grant } from './pacing.ts';
import { grantAt, grantIn, pauseBefore } from './pacing.ts';

/**
 * What one rate-limit bucket of an org has left for us, shared by all who send requests that count
 * against it: each takes its turn before it sends, and passes on what the answer says.
 */
export class RequestBudget {
  readonly #clock: Clock;
  readonly #reserve: number;
  #grant: Grant | undefined;
  #lastSent = instant(0);
  #inFlight = 0;
  #queue: Promise<unknown> = Promise.resolve();

  /** @param reserve the part of the limit that is left to the org's other clients, from 0 to 1 */
  constructor(clock: Clock, reserve: number) {
    this.#clock = clock;
    this.#reserve = reserve;
  }

  /** Resolves when a request may be sent, with the time that was waited; first come, first served. Rejects with the signal's reason. */
  turn(signal: AbortSignal): Promise<Duration> {
    const turn = this.#queue.then(() => this.#wait(signal));
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  /** The request is over; `headers` are those of its answer, if there was one. */
  done(headers: HeaderFields | undefined, serverTime: Instant | undefined): void {
    this.#inFlight -= 1;
    const now = this.#clock.now();
    const grant = headers === undefined ? undefined : grantIn(headers, serverTime ?? now, now);
    // Requests under way were sent with an older grant in hand, and will be taken from this one.
    if (grant !== undefined)
      this.#grant = { ...grant, remaining: grant.remaining - this.#inFlight };
  }

  /** How many requests a minute are ours, if none of the others' are sent; `undefined` as long as Okta has not told. */
  usableAMinute(): number | undefined {
    return this.#grant && this.#grant.limit * (1 - this.#reserve);
  }

  /** What is granted to all in this minute, and left of it. */
  granted(): Pick<Grant, 'limit' | 'remaining'> | undefined {
    return this.#grant;
  }

  async #wait(signal: AbortSignal): Promise<Duration> {
    signal.throwIfAborted();
    const now = this.#clock.now();
    this.#grant &&= grantAt(this.#grant, this.#inFlight, now);
    const pause = pauseBefore(this.#grant, this.#reserve, this.#lastSent, now);
    if (pause > 0) await this.#clock.sleep(pause, signal);
    this.#lastSent = this.#clock.now();
    this.#inFlight += 1;
    if (this.#grant !== undefined)
      this.#grant = { ...this.#grant, remaining: this.#grant.remaining - 1 };
    return pause;
  }
}
