import type { Instant } from '../../src/domain/time.ts';
import { later, milliseconds } from '../../src/domain/time.ts';
import { makeEvent } from '../../src/sandbox/event.ts';

const SEED = 20261115;
export const EVENTS_A_PAGE = 1000;

/** The events of a page, the same each time but for their moments: a second from one to the next. */
export function makePage(page: number, start: Instant): readonly Buffer[] {
  return Array.from({ length: EVENTS_A_PAGE }, (_, index) => {
    const number = page * EVENTS_A_PAGE + index;
    return makeEvent(SEED, number, later(start, milliseconds(number * 1000))).json;
  });
}
