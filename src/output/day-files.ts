import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { BackfillSink, Marks, SavedWork } from '../domain/backfill-sink.ts';
import type { Log } from '../domain/log.ts';
import type { LogEvent } from '../domain/page.ts';
import type { Instant, Window } from '../domain/time.ts';
import { instant } from '../domain/time.ts';
import { byDay, dayOf, daysOf, nameOfDay, partOfDay } from '../domain/utc-day.ts';
import { DAY_LENGTH, DayDraft, refuseOtherForm } from './day-draft.ts';
import { doneDays, isSameSpan, nameOfFile } from './done-days.ts';
import { eventFileFailure, explained } from './event-file-failure.ts';
import { makeFolder } from './make-folder.ts';
import type { DayEntry, Manifest } from './manifest.ts';
import { readManifest, writeManifest } from './manifest.ts';
import { tellOfDoneDays, tellOfLeftOut, warnOfLateEvents } from './tell-of-days.ts';

interface DayFilesOptions {
  /** Absolute; made if there is none. */
  readonly folder: string;
  /** Whether the files are gzip. */
  readonly isCompressed: boolean;
  /** Tells the drafts of this backfill from those of others; letters, digits and hyphens. */
  readonly backfill: string;
  /** The origin of the org, such as `https://acme.okta.com`. */
  readonly org: string;
  /** What the backfill covers; its first and its last day may be parts of days. */
  readonly window: Window;
  readonly log: Log;
}

/**
 * Writes events into a file for each UTC day of `published`, an event without it to where the one
 * before it went, and lists the days that are complete in `manifest.json`. Until its day is complete
 * a file is a draft. A day that was complete before the start stays as it is.
 */
export class DayFiles implements BackfillSink {
  readonly #options: DayFilesOptions;
  readonly #ending: string;
  readonly #drafts = new Map<Instant, DayDraft>();
  #manifest: Manifest = new Map();
  /** The days that were complete before the start. */
  #done = new Set<Instant>();
  /** Where an event goes that does not say when it was, if it comes first. */
  #lastDay: Instant;
  #completeBefore: Instant;

  constructor(options: DayFilesOptions) {
    this.#options = options;
    this.#lastDay = dayOf(options.window.since);
    this.#completeBefore = options.window.since;
    this.#ending = `${options.isCompressed ? '.gz' : ''}.${options.backfill}.draft`;
  }

  /** Makes the folder if there is none; throws an `OutputError`. */
  makeFolder(): void {
    const { folder } = this.#options;
    try {
      makeFolder(folder);
    } catch (error) {
      throw eventFileFailure('make the folder', folder, error);
    }
  }

  async resume(saved: SavedWork | undefined): Promise<void> {
    const { folder, org, window } = this.#options;
    const marks = saved?.marks ?? {};
    this.makeFolder();
    this.#manifest = await readManifest(folder, org);
    this.#done = await doneDays(folder, this.#manifest, window);
    refuseOtherForm(folder, Object.keys(marks), this.#ending);
    const there = await this.#ownDrafts();
    if (saved === undefined) {
      tellOfDoneDays(this.#options.log, [...this.#done]);
      await this.#unlistMissing();
    } else {
      for (const day of daysOf(window)) await this.#goOn(day, saved, there);
    }
    // The rest was begun without its position having been saved.
    const kept = new Set([...this.#drafts.values()].map(({ path }) => path));
    for (const name of there) {
      const path = join(folder, name);
      if (!kept.has(path)) await explained('remove', path, rm(path));
    }
  }

  marks(): Marks {
    const drafts = [...this.#drafts.values()];
    return Object.fromEntries(drafts.map(({ path, bytes }) => [basename(path), bytes]));
  }

  async deliver(events: readonly LogEvent[]): Promise<void> {
    const { log } = this.#options;
    for (const [day, ofDay] of byDay(events, this.#lastDay)) {
      const isBehind = day < dayOf(this.#completeBefore);
      if (isBehind) warnOfLateEvents(log, day, ofDay.length, this.#fileName(this.#lastDay));
      else this.#lastDay = day;
      if (this.#done.has(this.#lastDay)) {
        tellOfLeftOut(log, this.#lastDay, ofDay.length);
        continue;
      }
      const draft = this.#drafts.get(this.#lastDay) ?? (await this.#begin(this.#lastDay));
      await draft.append(ofDay);
    }
  }

  async completeUntil(moment: Instant): Promise<void> {
    const { window } = this.#options;
    const isOver = (day: Instant): boolean => {
      const { until } = partOfDay(day, window);
      return until > this.#completeBefore && until <= moment && !this.#done.has(day);
    };
    await this.#complete([...daysOf(window)].filter(isOver));
    this.#completeBefore = moment;
    this.#lastDay = instant(Math.max(this.#lastDay, dayOf(moment)));
  }

  /** The manifest comes first: a file that it does not list would be taken for somebody else's. */
  async #complete(days: readonly Instant[]): Promise<void> {
    if (days.length === 0) return;
    const { folder, org } = this.#options;
    const entries = days.map((day) => this.#entryOf(day)).filter((entry) => entry !== undefined);
    const manifest = new Map([
      ...this.#manifest,
      ...entries.map((entry) => [entry.day, entry] as const),
    ]);
    await writeManifest(folder, org, manifest);
    this.#manifest = manifest;
    for (const day of days) {
      await this.#drafts.get(day)?.rename(join(folder, this.#fileName(day)));
      this.#drafts.delete(day);
    }
  }

  /** `undefined` if nothing came for a day that is listed already: whoever ships its file may have taken it away. */
  #entryOf(day: Instant): DayEntry | undefined {
    const draft = this.#drafts.get(day);
    if (draft === undefined && this.#isListed(day)) return undefined;
    const file = draft && { name: this.#fileName(day), ...draft.contents() };
    return { day: nameOfDay(day), ...partOfDay(day, this.#options.window), file };
  }

  async #begin(day: Instant): Promise<DayDraft> {
    const { isCompressed } = this.#options;
    const draft = await DayDraft.begin(this.#draftPath(day), isCompressed);
    this.#drafts.set(day, draft);
    return draft;
  }

  /** What was taken away will be written again: until then its day is not complete. */
  async #unlistMissing(): Promise<void> {
    const { folder, org, window } = this.#options;
    const isGone = (day: Instant): boolean => this.#isListed(day) && !this.#done.has(day);
    const gone = new Set([...daysOf(window)].filter(isGone).map(nameOfDay));
    if (gone.size === 0) return;
    this.#manifest = new Map([...this.#manifest].filter(([day]) => !gone.has(day)));
    await writeManifest(folder, org, this.#manifest);
  }

  async #goOn(day: Instant, saved: SavedWork, there: ReadonlySet<string>): Promise<void> {
    if (partOfDay(day, this.#options.window).until <= saved.deliveredUntil) {
      this.#leaveBehind(day);
      return;
    }
    const path = this.#draftPath(day);
    const length = saved.marks[basename(path)];
    if (this.#done.has(day)) return;
    if (!there.has(basename(path)) && this.#isListed(day)) {
      // Completed since, and taken away by whoever ships the files.
      this.#done.add(day);
      return;
    }
    if (length === undefined || length === 0) return;
    this.#drafts.set(day, await DayDraft.goOn(path, this.#options.isCompressed, length));
    this.#lastDay = day;
  }

  /** Its file may have been shipped, and the manifest with it. */
  #leaveBehind(day: Instant): void {
    this.#completeBefore = partOfDay(day, this.#options.window).until;
    this.#lastDay = dayOf(this.#completeBefore);
  }

  #isListed(day: Instant): boolean {
    const entry = this.#manifest.get(nameOfDay(day));
    return entry !== undefined && isSameSpan(entry, partOfDay(day, this.#options.window));
  }

  async #ownDrafts(): Promise<ReadonlySet<string>> {
    const { folder } = this.#options;
    const names = await explained('read the folder', folder, readdir(folder));
    const isOwn = (name: string): boolean => name.slice(DAY_LENGTH) === this.#ending;
    return new Set(names.filter(isOwn));
  }

  #draftPath(day: Instant): string {
    return join(this.#options.folder, `${nameOfDay(day)}${this.#ending}`);
  }

  #fileName(day: Instant): string {
    return nameOfFile(nameOfDay(day), this.#options.isCompressed);
  }
}
