import type { SlicePosition } from '../domain/backfill-state.ts';
import type { PackedPage } from '../domain/packed-page.ts';
import type { Cursor, Page } from '../domain/page.ts';
import { newestPublished } from '../domain/page.ts';
import { endOf } from '../domain/slice-step.ts';
import type { Sighting } from '../domain/slices.ts';
import type { StreamPosition } from '../domain/system-log.ts';
import type { Duration, Instant, Window } from '../domain/time.ts';
import { between, instant, milliseconds } from '../domain/time.ts';
import { widened } from '../domain/window-step.ts';
import { LinksAsked } from './links-asked.ts';

/** One slice at work: what is to be asked next, what lies ready, how far it is delivered. */
export class SliceReader implements Sighting {
  reached: Instant;
  span: Duration | undefined;
  /** How far the slice is delivered; `undefined`: nothing of it is. */
  position: SlicePosition | undefined;
  /** Why the next page did not come. */
  failure: { readonly reason: unknown } | undefined;
  /** Whether a request is under way. */
  isAsking = false;
  /** Whether a link of the slice was refused and gone round. */
  wasRefused = false;
  readonly #ready: { readonly packed: PackedPage; opened: Promise<Page> | undefined }[] = [];
  readonly #asked = new LinksAsked();
  /** Up to where the links of the slice lead; `undefined` if that was settled in an earlier process. */
  readonly #leadsTo: Instant | undefined;
  #next: StreamPosition | undefined;
  /** When the first event of the page that was read last was published. */
  #began: Instant | undefined;
  #pages = 0;

  /**
   * @param position how far the slice is delivered already
   * @param from where to go on instead of there
   */
  constructor(
    window: Window,
    position?: SlicePosition,
    from = position === undefined ? requestOf(window) : linkTo(position.link),
  ) {
    this.reached = newestPublished(position?.remembered ?? [], window.until) ?? window.since;
    this.position = position;
    this.#leadsTo = from.kind === 'window' ? window.until : undefined;
    this.#next = from;
  }

  /** Whether more is to be read, as far as is known. */
  get goesOn(): boolean {
    return this.#next !== undefined || this.isAsking;
  }

  /** How many pages lie ready. */
  get ahead(): number {
    return this.#ready.length;
  }

  /** What to ask next; `undefined` if nothing, or not now. */
  get wanted(): StreamPosition | undefined {
    return this.isAsking || this.failure !== undefined ? undefined : this.#next;
  }

  /** The bytes of all that lies ready. */
  get bytes(): number {
    return this.#ready.reduce((sum, { packed }) => sum + packed.bytes, 0);
  }

  /** How many pages came so far, in this process. */
  get pages(): number {
    return this.#pages;
  }

  /** Begins to open the page that was read first. */
  openFirst(): void {
    const [first] = this.#ready;
    if (first === undefined) return;
    first.opened ??= first.packed.open();
    // Whether it can be used is met where the page is wanted.
    first.opened.catch(() => undefined);
  }

  /** Takes out the page that was read first. */
  take(): { packed: PackedPage; opened: Promise<Page> } | undefined {
    this.openFirst();
    const { packed, opened } = this.#ready.shift() ?? {};
    return packed && opened && { packed, opened };
  }

  /** Adds a page, and finds out whether another one is to be asked for; `window` is the slice as it is by then. */
  async add(page: PackedPage, window: () => Window): Promise<void> {
    this.#ready.push({ packed: page, opened: undefined });
    this.#pages += 1;
    this.#look(page.begins);
    const { next, asked } = page;
    const isLast = next === undefined || next === asked || (await this.#isAtEnd(page, window));
    if (next !== undefined && !isLast) this.#asked.refuseCircle(asked, next);
    this.#next = isLast ? undefined : linkTo(next);
  }

  /** Learns from a page that was opened how far its events go. */
  sight(newest: Instant): void {
    this.reached = instant(Math.max(this.reached, newest));
    if (this.#pages === 1 && this.#began !== undefined)
      this.span = atLeastOne(between(this.#began, newest));
  }

  /** Goes on behind what is delivered: it was thought to be all. */
  resume(window: Window): void {
    this.#next = this.position === undefined ? requestOf(window) : linkTo(this.position.link);
  }

  #look(begins: Instant | undefined): void {
    if (begins === undefined) return;
    this.reached = instant(Math.max(this.reached, begins));
    if (this.#began !== undefined) this.span = atLeastOne(between(this.#began, begins));
    this.#began = begins;
  }

  /**
   * Whether a slice that was shortened ends on this page: its links lead on beyond its end. To open
   * a page twice is cheaper than a request too many.
   */
  async #isAtEnd(page: PackedPage, window: () => Window): Promise<boolean> {
    const { begins } = page;
    if (begins === undefined || this.#leadsTo === window().until) return false;
    if (begins >= endOf(window())) return true;
    const isFar = this.span !== undefined && begins + 2 * this.span < window().until;
    if (isFar) return false;
    const newest = await newestOf(page);
    return newest !== undefined && newest >= endOf(window());
  }
}

/** The bounded request of a slice, or of the rest of one. */
export function requestOf({ since, until }: Window): StreamPosition {
  return { kind: 'window', window: widened({ askedSince: since, askedUntil: until }) };
}

/** The request for the page behind a link. */
export function linkTo(link: Cursor): StreamPosition {
  return { kind: 'link', link };
}

function atLeastOne(span: number): Duration {
  return milliseconds(Math.max(1, span));
}

/** A page that cannot be used tells nothing; whoever wants to write it will meet that. */
async function newestOf(page: PackedPage): Promise<Instant | undefined> {
  try {
    const opened = await page.open();
    const newest = newestPublished(opened.events, instant(Number.POSITIVE_INFINITY));
    page.release(opened);
    return newest;
  } catch {
    return undefined;
  }
}
