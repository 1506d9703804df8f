import { join } from 'node:path';
import { OutputError } from '../domain/failure.ts';
import type { Instant, Window } from '../domain/time.ts';
import { formatInstant } from '../domain/time.ts';
import { parsePublished } from '../domain/published.ts';
import { explained } from './event-file-failure.ts';
import { readText, replaceText } from './replace-text.ts';

/** What is known of the events that a file holds. */
export interface Contents {
  readonly events: number;
  /** The earliest and the latest `published`; `undefined` if none of the events names a moment. */
  readonly first: Instant | undefined;
  readonly last: Instant | undefined;
  readonly bytes: number;
  /** Of the file as it is, in hexadecimal. */
  readonly sha256: string;
}

/** A day whose events are complete from `since` until `until`. */
export interface DayEntry extends Window {
  /** `2026-11-15`. */
  readonly day: string;
  /** The file's name, and what it holds; `undefined`: there are no events, and so no file. */
  readonly file: ({ readonly name: string } & Contents) | undefined;
}

/** What lies in a folder of day files, by day. */
export type Manifest = ReadonlyMap<string, DayEntry>;

const FORMAT = 'okta-collector day files 1';

/** The path of a folder's manifest. */
export function manifestPath(folder: string): string {
  return join(folder, 'manifest.json');
}

/** Reads a folder's manifest, empty if there is none. Rejects with an `OutputError` if it is damaged, or of another org. */
export async function readManifest(folder: string, org: string): Promise<Manifest> {
  const path = manifestPath(folder);
  const text = await explained('read', path, readText(path));
  if (text === undefined) return new Map();
  const json = parsed(text);
  if (json?.['format'] !== FORMAT || !Array.isArray(json['days'])) {
    throw unusable(path, 'it is not a manifest that this version writes');
  }
  if (json['org'] !== org) throw unusable(path, `the files belong to "${String(json['org'])}"`);
  const entries = json['days'].map(entryOf);
  return new Map(
    entries.map((entry) => {
      if (entry === undefined) throw unusable(path, 'a day of it is damaged');
      return [entry.day, entry];
    }),
  );
}

/** Puts a manifest in the place of the one before, at once and durably. Rejects with an `OutputError`. */
export function writeManifest(folder: string, org: string, manifest: Manifest): Promise<void> {
  const days = [...manifest.values()].toSorted((one, other) => one.since - other.since);
  const lines = days.map((entry) => JSON.stringify(jsonOf(entry)));
  const head = `{"format":${JSON.stringify(FORMAT)},"org":${JSON.stringify(org)},"days":[`;
  const path = manifestPath(folder);
  return explained('save', path, replaceText(path, `${head}\n${lines.join(',\n')}\n]}\n`));
}

function jsonOf({ day, since, until, file }: DayEntry): unknown {
  const moment = (at: Instant | undefined): string | null =>
    at === undefined ? null : formatInstant(at);
  return {
    day,
    since: formatInstant(since),
    until: formatInstant(until),
    file: file?.name ?? null,
    events: file?.events ?? 0,
    first_published: moment(file?.first),
    last_published: moment(file?.last),
    bytes: file?.bytes ?? 0,
    sha256: file?.sha256 ?? null,
  };
}

function entryOf(json: unknown): DayEntry | undefined {
  if (!isObject(json)) return undefined;
  const { day, file: name, events, bytes, sha256 } = json;
  const [since, until] = [momentOf(json['since']), momentOf(json['until'])];
  const [first, last] = [momentOf(json['first_published']), momentOf(json['last_published'])];
  if (typeof day !== 'string' || since === undefined || until === undefined) return undefined;
  if (name === null) return { day, since, until, file: undefined };
  if (typeof name !== 'string' || typeof sha256 !== 'string') return undefined;
  if (typeof events !== 'number' || typeof bytes !== 'number') return undefined;
  return { day, since, until, file: { name, events, first, last, bytes, sha256 } };
}

function momentOf(json: unknown): Instant | undefined {
  return typeof json === 'string' ? parsePublished(json) : undefined;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

function isObject(json: unknown): json is Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function unusable(path: string, state: string): OutputError {
  return new OutputError(`Cannot go on with the manifest "${path}": ${state}`, {
    hint: 'Name another folder, or move what is in this one away',
  });
}
