import type { Installation, Stream } from './installation.ts';
import type { OrgEvent } from './org-event.ts';
import { ORIGIN } from './org.ts';

/** The entries that SumoJanus writes at most. */
const MOST_ENTRIES = 200;
const SLEEP_AFTER_SHORT_PAGE = 20_000;
const SLEEP_AFTER_FULL_PAGE = 300;

interface Entry {
  readonly uuid: string;
  readonly time: number;
}

interface State {
  readonly start: number;
  link: string;
  entries: Entry[];
}

/**
 * Lets SumoJanus run for some pages on the live stream's file. It follows each next link, drops what
 * it remembers, and rewrites the file in place after the sleep that follows a page; a kill leaves
 * the file one page behind, or torn.
 */
export function letSumoJanusRun(world: Installation, stream: Stream): void {
  const { chance, disk, endpoint, timeline } = world;
  const state = readState(disk.look(stream.path), timeline.now);
  if (state === undefined) return;
  stream.touchedBy = 'SumoJanus';
  const first = firstRequest(state, chance.whole(3, 20));
  const linkOf = (): string => (state.link === '' ? first : state.link);
  for (let left = chance.whole(1, 12); left > 0; left -= 1) {
    const listing = endpoint.list(linkOf(), timeline.now);
    if (listing?.next === undefined) break;
    takeIn(state, listing.events);
    timeline.pass(listing.events.length === 0 ? SLEEP_AFTER_SHORT_PAGE : SLEEP_AFTER_FULL_PAGE);
    const isKilled = left === 1 && chance.happens(0.5);
    if (isKilled && chance.happens(0.9)) break;
    state.link = listing.next;
    disk.put(stream.path, isKilled ? torn(format(state), chance.number()) : format(state));
  }
  const last = endpoint.lastBefore(linkOf(), timeline.now);
  if (last !== undefined) stream.leftToSumoJanus.push(last);
  world.tell(`SumoJanus has come to ${state.link}`);
}

/** Events without a time are dropped, as those are whose time cannot be read. */
function takeIn(state: State, events: readonly OrgEvent[]): void {
  const known = new Set(state.entries.map(({ uuid }) => uuid));
  for (const { uuid, published } of events) {
    if (uuid === undefined || published === undefined || known.has(uuid)) continue;
    state.entries.push({ uuid, time: published });
  }
  state.entries.sort((one, other) => other.time - one.time);
  state.entries = state.entries.slice(0, MOST_ENTRIES);
}

/** The uuids in a file that SumoJanus was the last to write; `undefined` if it was not. */
export function rememberedBySumoJanus(text: string | undefined): ReadonlySet<string> | undefined {
  if (text === undefined || text === '' || text.includes('"okta_collector"')) return undefined;
  const state = readState(text, 0);
  return state && new Set(state.entries.map(({ uuid }) => uuid));
}

function torn(text: string, share: number): string {
  return text.slice(0, Math.floor(text.length * share));
}

function firstRequest({ start }: State, limit: number): string {
  const since = encodeURIComponent(new Date(start).toISOString());
  return `${ORIGIN}/api/v1/logs?sortOrder=ASCENDING&limit=${limit}&since=${since}`;
}

/** `undefined` if the file is torn, on which SumoJanus ends. */
function readState(text: string | undefined, now: number): State | undefined {
  if (text === undefined || text === '')
    return { start: now - 7 * 86_400_000, link: '', entries: [] };
  const read =
    /^\{"start_time":(\d+),"checkpoint_url":("(?:[^"\\]|\\.)*"),"end_time":0,"last_read_events":(\[.*?\])/.exec(
      text,
    );
  if (read === null) return undefined;
  const entries = [...(read[3] ?? '').matchAll(/\{"uuid":"([^"]*)","time":(\d+)\}/g)];
  return {
    start: Number(read[1]),
    link: String(JSON.parse(read[2] ?? '""')),
    entries: entries.map(([, uuid = '', time]) => ({ uuid, time: Number(time) })),
  };
}

function format({ start, link, entries }: State): string {
  const list = entries.map(({ uuid, time }) => `{"uuid":"${uuid}","time":${time}}`);
  return `{"start_time":${start},"checkpoint_url":${JSON.stringify(link)},"end_time":0,"last_read_events":[${list.join(',')}]}`;
}
