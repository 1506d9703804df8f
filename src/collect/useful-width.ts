import type { Duration } from '../domain/time.ts';
import { milliseconds } from '../domain/time.ts';

/** Over about so many the time that an answer takes is averaged. */
const RECENT_ANSWERS = 8;
/** So that the limit, and not the answers, is what is waited for. */
const TO_SPARE = 1.5;

/** How many requests at the same time are of use: as many as the rate limit leaves work for. */
export class UsefulWidth {
  #isAnswered = false;
  /** How long an answer takes, of late. */
  #answerTime: Duration | undefined;

  /** Takes note of an answer; `undefined` if a wait was part of the time that it took. */
  note(took: Duration | undefined): void {
    this.#isAnswered = true;
    if (took === undefined) return;
    const before = this.#answerTime ?? took;
    this.#answerTime = milliseconds(before + (took - before) / RECENT_ANSWERS);
  }

  /**
   * At most `most`, and one as long as nothing is known.
   * @param requestsAMinute what is granted; `undefined` if nobody says
   */
  within(most: number, requestsAMinute: number | undefined): number {
    if (!this.#isAnswered) return 1;
    if (requestsAMinute === undefined) return most;
    const useful = (TO_SPARE * requestsAMinute * (this.#answerTime ?? 0)) / 60_000;
    return Math.min(Math.max(Math.ceil(useful), 1), most);
  }
}
