import type { Installation, Stream } from './installation.ts';
import type { OrgEvent } from './org-event.ts';
import { isBehind, RETENTION } from './org.ts';
import type { ReadLine } from './stdout.ts';

/** How much later than it is published an event may surface, if a window must have it. */
const WINDOW_MARGIN = 5_000;

/** Compares what was read of every stream with the truth; says which promises are broken. */
export function verdict(world: Installation): string[] {
  return [
    ...world.violations,
    ...[...world.streams.values()].flatMap((stream) => [
      ...stream.ledger.violations,
      ...missing(world, stream),
      ...misread(world, stream),
    ]),
  ];
}

/** P1: no event is missing. */
function missing({ org }: Installation, stream: Stream): string[] {
  const read = new Set(stream.reader.lines().map(({ text }) => org.byLine.get(text)));
  const isDue = stream.window === undefined ? isDueLive(stream) : isDueInWindow(stream);
  return org.events
    .filter((event) => isDue(event) && !read.has(event))
    .map(({ serial, place, published, visibleAt }) => {
      const said = published === undefined ? 'no time' : new Date(published).toISOString();
      return (
        `P1: event ${serial} is missing from ${stream.path}: persisted ${new Date(place).toISOString()}, ` +
        `${visibleAt - place} ms until it surfaced, published ${said}`
      );
    });
}

/** Whether the live stream came by while the event could be read. */
function isDueLive({ epochs, leftToSumoJanus }: Stream): (event: OrgEvent) => boolean {
  return (event) => {
    if (leftToSumoJanus.some((last) => !isBehind(event, last))) return false;
    return epochs.some(
      ({ floor = Number.POSITIVE_INFINITY, visits }) =>
        event.place >= floor &&
        visits.some(
          ({ began, ended }) => event.visibleAt < began && ended < event.place + RETENTION,
        ),
    );
  };
}

function isDueInWindow(stream: Stream): (event: OrgEvent) => boolean {
  const { window, firstAsked = 0, leastSettle, finishedAt } = stream;
  return ({ published, visibleAt, place }) => {
    if (window === undefined || published === undefined || finishedAt === undefined) return false;
    const isInside = published >= window.since && published < window.until;
    const wasThere =
      visibleAt <= firstAsked || visibleAt <= published + leastSettle - WINDOW_MARGIN;
    return isInside && wasThere && Math.min(place, published) > finishedAt - RETENTION;
  };
}

/** P3 and P4: only events, as Okta sent them and in its order. */
function misread({ org, tallies }: Installation, stream: Stream): string[] {
  const lines = stream.reader.lines().filter(({ text }) => text !== '');
  const torn = lines.filter(({ text }) => !org.byLine.has(text));
  const notTorn = torn.find(({ text }) => !isTornEvent(text, org.events));
  const outside = lines.find(({ text }) => isOutside(org.byLine.get(text), stream));
  const whole = lines.filter(({ text }) => org.byLine.has(text));
  return [
    ...(notTorn === undefined ? [] : [`P3: no event of Okta's: ${notTorn.text.slice(0, 200)}`]),
    ...(torn.length > stream.interruptions + tallies.powerCuts
      ? [`P4: ${torn.length} torn lines after ${stream.interruptions} interruptions`]
      : []),
    ...(outside === undefined ? [] : [`P4: not of the window: ${outside.text}`]),
    ...[...stream.served].flatMap(([run, pages]) =>
      isInOrder(
        whole.filter((line) => line.run === run),
        pages,
        org.byLine,
      )
        ? []
        : [`P3: run ${run} of ${stream.path} does not keep the order`],
    ),
  ];
}

/** A character that was cut shows as one or more replacements. */
function isTornEvent(text: string, events: readonly OrgEvent[]): boolean {
  const whole = text.replace(/\uFFFD+$/, '');
  return events.some(({ line }) => line.startsWith(whole));
}

function isOutside(event: OrgEvent | undefined, { window }: Stream): boolean {
  if (window === undefined || event?.published === undefined) return false;
  return event.published < window.since || event.published >= window.until;
}

/** Whether the lines of a run come in the order of its pages, one page after the other. */
function isInOrder(
  lines: readonly ReadLine[],
  pages: readonly (readonly OrgEvent[])[],
  byLine: ReadonlyMap<string, OrgEvent>,
): boolean {
  const served = pages.flat();
  let at = 0;
  return lines.every(({ text }) => {
    const found = served.indexOf(byLine.get(text) ?? served[0] ?? neverServed, at);
    at = found + 1;
    return found !== -1;
  });
}

const neverServed: OrgEvent = {
  serial: 0,
  place: 0,
  visibleAt: 0,
  published: undefined,
  uuid: undefined,
  line: '',
  spacedOut: '',
};
