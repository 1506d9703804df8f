import type { LogEvent } from '../../src/domain/page.ts';
import { newestPublished } from '../../src/domain/page.ts';
import type { Instant } from '../../src/domain/time.ts';
import { earlier, instant, seconds } from '../../src/domain/time.ts';
import type { Control } from './mutation.ts';
import { mappingPages, moved, savingLive } from './port-changes.ts';

/** Bugs of the position in the live stream and of what is remembered there. */
export const liveControls: readonly Control[] = [
  {
    name: 'position moved from a short page',
    breaks: 'P1',
    mutation: () =>
      savingLive((saved, { events, limit, next }) =>
        events.length > 0 && events.length < limit ? moved(saved, next) : saved,
      ),
  },
  {
    name: 'position moved from an empty page',
    breaks: 'P1',
    mutation: () =>
      savingLive((saved, { events, next }) => (events.length === 0 ? moved(saved, next) : saved)),
  },
  {
    name: 'position from the newest published',
    breaks: 'P1',
    mutation: () =>
      savingLive((saved) =>
        saved.newestPublished === undefined
          ? saved
          : { ...moved(saved, undefined), start: instant(saved.newestPublished + 1) },
      ),
  },
  {
    name: 'held full pages left at once',
    breaks: 'P1',
    mutation: () =>
      savingLive((saved) => {
        const last = saved.held.at(-1);
        return last === undefined ? saved : { ...saved, link: last.link, held: [last] };
      }),
  },
  {
    name: 'the time at the tip kept as that of the beginning',
    breaks: 'P1',
    mutation: () => savingLive((saved) => ({ ...saved, tipReachedAt: saved.start })),
  },
  {
    name: 'uuids not kept',
    breaks: 'P2',
    mutation: () => savingLive((saved) => ({ ...saved, remembered: [] })),
  },
  {
    name: 'memory forgotten with the page',
    breaks: 'P2',
    mutation: () =>
      savingLive((saved, { limit }) => ({ ...saved, remembered: saved.remembered.slice(-limit) })),
  },
  {
    name: 'late events skipped',
    breaks: 'P1',
    mutation: () => ({
      systemLog: (real) => {
        let newest: Instant | undefined;
        return mappingPages(real, (page) => {
          const { events } = page;
          const limit = newest && earlier(newest, seconds(60));
          newest = newestPublished([...events, { published: newest }], page.serverTime);
          const isLate = ({ published }: LogEvent): boolean =>
            limit !== undefined && published !== undefined && published < limit;
          return { ...page, events: events.filter((event) => !isLate(event)) };
        });
      },
    }),
  },
  { name: 'no horizon', breaks: 'P1', mutation: () => ({ settle: 0 }) },
];
