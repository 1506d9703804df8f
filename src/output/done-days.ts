import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OutputError } from '../domain/failure.ts';
import type { Instant, Window } from '../domain/time.ts';
import { formatInstant } from '../domain/time.ts';
import { daysOf, nameOfDay, partOfDay } from '../domain/utc-day.ts';
import { explained } from './event-file-failure.ts';
import type { DayEntry, Manifest } from './manifest.ts';
import { isMissing } from './replace-text.ts';

/** The name of a day's file. */
export function nameOfFile(day: string, isCompressed: boolean): string {
  return `${day}.ndjson${isCompressed ? '.gz' : ''}`;
}

/** Whether two spans have the same bounds. */
export function isSameSpan(one: Window, other: Window): boolean {
  return one.since === other.since && one.until === other.until;
}

/**
 * The days of a window that are complete in a folder, with the bounds that the window gives them.
 * Rejects with an `OutputError` if something else is in the place of one of its files.
 */
export async function doneDays(
  folder: string,
  manifest: Manifest,
  window: Window,
): Promise<Set<Instant>> {
  const done = new Set<Instant>();
  for (const day of daysOf(window)) {
    const entry = manifest.get(nameOfDay(day));
    if (await isDone(folder, nameOfDay(day), entry, partOfDay(day, window))) done.add(day);
  }
  return done;
}

async function isDone(
  folder: string,
  day: string,
  entry: DayEntry | undefined,
  wanted: Window,
): Promise<boolean> {
  for (const isCompressed of [false, true]) {
    const name = nameOfFile(day, isCompressed);
    const path = join(folder, name);
    const size = await sizeOf(path);
    if (size === undefined) continue;
    if (entry?.file?.name !== name) throw inTheWay(path, 'the manifest beside it does not list it');
    if (size !== entry.file.bytes) {
      throw inTheWay(path, `it has ${size} bytes, and by the manifest ${entry.file.bytes}`);
    }
    if (!isSameSpan(entry, wanted)) throw inTheWay(path, `it holds ${spanOf(entry)}, ${ONLY}`);
    return true;
  }
  // A day without events has no file.
  return entry !== undefined && entry.file === undefined && isSameSpan(entry, wanted);
}

const ONLY = 'and a file is never written over';

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await explained('read', path, stat(path))).size;
  } catch (error) {
    if (error instanceof OutputError && isMissing(error.cause)) return undefined;
    throw error;
  }
}

function spanOf({ since, until }: Window): string {
  return `the events from ${formatInstant(since)} to ${formatInstant(until)}`;
}

function inTheWay(path: string, state: string): OutputError {
  return new OutputError(`Cannot write "${path}": ${state}`, {
    hint: 'Choose bounds at which days begin, name another folder with --output-dir, or move the file away',
  });
}
