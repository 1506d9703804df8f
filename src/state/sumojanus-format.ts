import type { Remembered } from '../domain/checkpoint.ts';
import type { Instant } from '../domain/time.ts';
import type { JsonObject } from './json-shape.ts';
import { isInstant, isJsonObject, parseJson } from './json-shape.ts';

/** What SumoJanus keeps of a stream: the four members of its checkpoint file. */
interface SumoJanusMembers {
  /** Where the stream began: `start_time`, in epoch milliseconds. */
  readonly start: Instant;
  /** Where a fixed window ends: `end_time`; `undefined` (0 in the file) for a stream without end. */
  readonly end: Instant | undefined;
  /** `checkpoint_url`; empty as long as no page has been read. */
  readonly link: string;
  /** `last_read_events`, in the order of the file; a `time` of 0 stands for one that is not known. */
  readonly remembered: readonly Remembered[];
}

/** A checkpoint file as it was read. */
export interface CheckpointFile extends SumoJanusMembers {
  /** Our own member; `undefined` if there is none, or SumoJanus's position has moved on since. */
  readonly own: JsonObject | undefined;
}

/** Reads the text of a checkpoint file; if it is none, says in words why not. */
export function parseCheckpointFile(text: string): CheckpointFile | { readonly problem: string } {
  const json = parseJson(text);
  if (!isJsonObject(json)) return { problem: 'it is not a whole JSON object' };
  const { start_time: start, end_time: end, checkpoint_url: link, okta_collector: own } = json;
  const remembered = parseRemembered(json['last_read_events']);
  if (!isInstant(start)) return { problem: 'its start_time is not a time in milliseconds' };
  if (!isInstant(end)) return { problem: 'its end_time is not a time in milliseconds' };
  if (typeof link !== 'string') return { problem: 'its checkpoint_url is not a text' };
  if (remembered === undefined) {
    return { problem: 'its last_read_events is not a list of events, each with uuid and time' };
  }
  const isBelieved = isJsonObject(own) && own['checkpoint_url'] === link;
  return {
    start,
    end: end === 0 ? undefined : end,
    link,
    remembered,
    own: isBelieved ? own : undefined,
  };
}

/** Writes a checkpoint file; `own` becomes our member, tied to the position it was written for. */
export function formatCheckpointFile(members: SumoJanusMembers, own: JsonObject): string {
  const { start, end, link, remembered } = members;
  return JSON.stringify({
    start_time: start,
    checkpoint_url: link,
    end_time: end ?? 0,
    // SumoJanus crashes on an event without `time`.
    last_read_events: remembered.map(({ id, published }) => ({ uuid: id, time: published ?? 0 })),
    okta_collector: { ...own, checkpoint_url: link },
  });
}

function parseRemembered(json: unknown): Remembered[] | undefined {
  if (!Array.isArray(json)) return undefined;
  const remembered: Remembered[] = [];
  for (const entry of json) {
    if (!isJsonObject(entry)) return undefined;
    const { uuid: id, time } = entry;
    if (typeof id !== 'string' || !isInstant(time)) return undefined;
    remembered.push({ id, published: time === 0 ? undefined : time });
  }
  return remembered;
}
