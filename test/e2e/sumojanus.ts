import { readFile, writeFile } from 'node:fs/promises';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { ask, eventsIn } from '../sandbox/ask.ts';

/** What SumoJanus 1.0.2 keeps in its checkpoint file. */
export interface SumoJanusFile {
  readonly start_time: number;
  readonly checkpoint_url: string;
  /** 0 for a stream without end. */
  readonly end_time: number;
  readonly last_read_events: readonly { readonly uuid: string; readonly time: number }[];
}

type Entry = SumoJanusFile['last_read_events'][number];

/** SumoJanus writes no more entries than this. */
const MOST_ENTRIES = 200;

/** Puts the entries in the order in which a heap by time holds them, as SumoJanus writes them. */
function heapOf(entries: readonly Entry[]): readonly Entry[] {
  const heap: Entry[] = [];
  for (const entry of entries) {
    let place = heap.push(entry) - 1;
    for (let above = (place - 1) >> 1; place > 0; above = (place - 1) >> 1) {
      const parent = heap[above];
      if (parent === undefined || parent.time <= entry.time) break;
      heap[place] = parent;
      heap[above] = entry;
      place = above;
    }
  }
  return heap;
}

/** Reads a checkpoint file as SumoJanus does: its own four members and no others. */
export async function readFileOfSumoJanus(path: string): Promise<SumoJanusFile> {
  const { start_time, checkpoint_url, end_time, last_read_events } = JSON.parse(
    await readFile(path, 'utf8'),
  ) as SumoJanusFile;
  return { start_time, checkpoint_url, end_time, last_read_events };
}

/**
 * Does what SumoJanus 1.0.2 does from a checkpoint on: asks its link, prints what it does not remember,
 * follows the next link, and leaves the file behind the last page that was asked. Resolves with the
 * uuids printed.
 */
export async function runSumoJanus(
  sandbox: Sandbox,
  path: string,
  from: SumoJanusFile,
  mostPages = Infinity,
): Promise<readonly string[]> {
  const printed: string[] = [];
  let entries = from.last_read_events;
  let url: string = from.checkpoint_url;
  for (let page = 0; page < mostPages; page += 1) {
    const reply = await ask(sandbox, url);
    const known = new Set(entries.map(({ uuid }) => uuid));
    const fresh = eventsIn(reply).filter(({ uuid }) => !known.has(uuid));
    printed.push(...fresh.map(({ uuid }) => uuid));
    entries = [
      ...entries,
      ...fresh.map(({ uuid, published }) => ({ uuid, time: Date.parse(published) })),
    ]
      .toSorted((one, other) => one.time - other.time)
      .slice(-MOST_ENTRIES);
    if (reply.next === undefined || eventsIn(reply).length === 0) break;
    url = reply.next;
  }
  // An even order would be a heap as well, but not one that anybody comes by.
  const shuffled = entries.toSorted((one, other) => (one.uuid < other.uuid ? -1 : 1));
  const file = { ...from, checkpoint_url: url, last_read_events: heapOf(shuffled) };
  await writeFile(path, JSON.stringify(file));
  return printed;
}
