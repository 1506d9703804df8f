import type { Marks } from '../domain/backfill-sink.ts';
import type { BackfillState, OpenStretch, SlicePosition } from '../domain/backfill-state.ts';
import type { Remembered } from '../domain/checkpoint.ts';
import type { CheckpointError } from '../domain/failure.ts';
import type { Instant, Window } from '../domain/time.ts';
import type { JsonObject } from './json-shape.ts';
import { isInstant, isJsonObject, isOptionalInstant, parseJson } from './json-shape.ts';
import type { OrgFile } from './trusted-checkpoint.ts';
import { distrust, trustedLink } from './trusted-checkpoint.ts';

/** By what a backfill is known: the texts that it was ordered by. */
export interface BackfillRequest {
  /** The origin of the org. */
  readonly org: string;
  readonly start: string;
  readonly end: string;
  /** Where the events go: `stdout`, or a folder and the form of its files. */
  readonly output: string;
}

/** A backfill as it is kept. */
export interface KeptBackfill {
  readonly request: BackfillRequest;
  readonly state: BackfillState;
}

/** What this program writes, and the newest that it reads. */
const VERSION = 1;

/** Writes the file of a backfill. */
export function formatBackfill({ request, state }: KeptBackfill, savedAt: Instant): string {
  const { window, open, ...rest } = state;
  const content = {
    version: VERSION,
    ...request,
    saved_at: savedAt,
    ...window,
    ...rest,
    open: open.map(({ since, until, position }) => ({
      since,
      until,
      link: position?.link,
      remembered: position?.remembered.map(({ id, published }) => ({ uuid: id, time: published })),
    })),
  };
  return `${JSON.stringify({ okta_collector_backfill: content })}\n`;
}

/** Reads the file of a backfill; throws a `CheckpointError` if it cannot be trusted. */
export function parseBackfill(text: string, place: OrgFile): KeptBackfill {
  const json = parseJson(text);
  const own = isJsonObject(json) ? json['okta_collector_backfill'] : undefined;
  if (!isJsonObject(own)) throw damaged(place, 'it is not the progress of a backfill');
  if (Number(own['version']) > VERSION) throw tooNew(place);
  const { org, start, end, output, events } = own;
  const isRequest =
    own['version'] === VERSION &&
    typeof org === 'string' &&
    typeof start === 'string' &&
    typeof end === 'string' &&
    typeof output === 'string';
  if (!isRequest || !isCount(events)) throw damaged(place);
  if (org !== place.org) throw ofOtherOrg(place, org);
  const open = listOf(own['open'], place).map((entry) => parseStretch(entry, place));
  if (!areInOrder(open)) throw damaged(place);
  const undated = listOf(own['undated'], place).map((id) => textOf(id, place));
  const marks = parseMarks(own['marks'], place);
  return {
    request: { org, start, end, output },
    state: { window: parseWindow(own, place), open, undated, marks, events },
  };
}

function areInOrder(stretches: readonly Window[]): boolean {
  return stretches.every(
    ({ since }, at) => at === 0 || since >= (stretches[at - 1]?.until ?? since),
  );
}

function parseStretch(entry: unknown, place: OrgFile): OpenStretch {
  if (!isJsonObject(entry)) throw damaged(place);
  return { ...parseWindow(entry, place), position: parsePosition(entry, place) };
}

function parsePosition(
  { link, remembered }: JsonObject,
  place: OrgFile,
): SlicePosition | undefined {
  if (link === undefined) return undefined;
  return {
    link: trustedLink(textOf(link, place), place),
    remembered: listOf(remembered, place).map((entry) => parseRemembered(entry, place)),
  };
}

function parseRemembered(entry: unknown, place: OrgFile): Remembered {
  if (!isJsonObject(entry)) throw damaged(place);
  const { uuid, time } = entry;
  if (!isOptionalInstant(time)) throw damaged(place);
  return { id: textOf(uuid, place), published: time };
}

function parseWindow({ since, until }: JsonObject, place: OrgFile): Window {
  if (!isInstant(since) || !isInstant(until) || since >= until) throw damaged(place);
  return { since, until };
}

function parseMarks(json: unknown, place: OrgFile): Marks {
  if (!isJsonObject(json)) throw damaged(place);
  return Object.fromEntries(
    Object.entries(json).map(([name, length]) => {
      if (!isCount(length)) throw damaged(place);
      return [name, length];
    }),
  );
}

function listOf(json: unknown, place: OrgFile): readonly unknown[] {
  if (!Array.isArray(json)) throw damaged(place);
  return json;
}

function textOf(json: unknown, place: OrgFile): string {
  if (typeof json !== 'string') throw damaged(place);
  return json;
}

function isCount(json: unknown): json is number {
  return typeof json === 'number' && Number.isSafeInteger(json) && json >= 0;
}

const ANEW = 'move the file away to begin the backfill anew';

function damaged(
  { path }: OrgFile,
  state = 'it is not as this program writes it',
): CheckpointError {
  return distrust(path, state, `Put a copy of it back, or ${ANEW}`);
}

function tooNew({ path }: OrgFile): CheckpointError {
  return distrust(
    path,
    'a newer version of okta-collector wrote it',
    `Run that version, or ${ANEW}`,
  );
}

function ofOtherOrg({ path, org }: OrgFile, other: string): CheckpointError {
  return distrust(
    path,
    `it belongs to "${other}", not to "${org}"`,
    `Set okta_org_url to the org that the backfill belongs to, or ${ANEW}`,
  );
}
