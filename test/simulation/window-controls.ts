import { earlier, later, seconds } from '../../src/domain/time.ts';
import type { Control } from './mutation.ts';
import { mappingPages } from './port-changes.ts';

/** Bugs of fixed windows. */
export const windowControls: readonly Control[] = [
  {
    name: 'a short page taken for the end of a window',
    breaks: 'P1',
    mutation: () => ({
      systemLog: (real) =>
        mappingPages(real, (page) =>
          page.asked.includes('until=') && page.events.length < page.limit
            ? { ...page, next: undefined }
            : page,
        ),
    }),
  },
  {
    name: 'a window asked for without a margin',
    breaks: 'P1',
    mutation: () => ({
      systemLog: (real) =>
        mappingPages(
          real,
          (page) => page,
          (from) =>
            from.kind === 'window'
              ? {
                  ...from,
                  window: {
                    since: later(from.window.since, seconds(1)),
                    until: earlier(from.window.until, seconds(1)),
                  },
                }
              : from,
        ),
    }),
  },
  {
    name: 'a window not cut by published',
    breaks: 'P4',
    mutation: () => ({
      systemLog: (real) =>
        mappingPages(real, (page) => ({
          ...page,
          events: page.asked.includes('until=')
            ? page.events.map((event) => ({ ...event, published: undefined }))
            : page.events,
        })),
    }),
  },
];
