import type { Page } from '../../src/domain/page.ts';
import type { Instant } from '../../src/domain/time.ts';
import { earlier, instant, later, seconds } from '../../src/domain/time.ts';
import type { Control, Mutation } from './mutation.ts';
import { mappingPages } from './port-changes.ts';

/** Bugs of how a stream goes on when Okta refuses its link. */
export const refusalControls: readonly Control[] = [
  {
    name: 'refused link asked again from the last tip',
    breaks: 'P1',
    mutation: refusedLinkAskedFromTip,
  },
  {
    name: 'refused link asked again from now',
    breaks: 'P1',
    mutation: () => {
      let last: Page | undefined;
      let links = 0;
      return {
        systemLog: (real) =>
          mappingPages(
            real,
            (page) => (last = page),
            (from) => {
              if (from.kind === 'link') links += 1;
              const isAgain = from.kind === 'since' && links > 0;
              return isAgain
                ? { ...from, since: last?.serverTime ?? later(from.since, seconds(480)) }
                : from;
            },
          ),
      };
    },
  },
];

/** Asks again from when the last page of a pass was read: older events may be behind that page. */
function refusedLinkAskedFromTip(): Mutation {
  let tip: Instant | undefined;
  let links = 0;
  return {
    store: (real) => ({
      load: async () => {
        const found = await real.load();
        if (found?.checkpoint.stream === 'live') tip = found.checkpoint.tipReachedAt;
        return found;
      },
      prepare: (checkpoint) => real.prepare(checkpoint),
    }),
    systemLog: (real) =>
      mappingPages(
        real,
        (page) => page,
        (from) => {
          if (from.kind === 'link') links += 1;
          if (from.kind !== 'since' || links === 0 || tip === undefined) return from;
          return { ...from, since: instant(Math.max(from.since, earlier(tip, seconds(120)))) };
        },
      ),
  };
}
