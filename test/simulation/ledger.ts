import { createHash } from 'node:crypto';
import type { CheckpointStore, Checkpoint } from '../../src/domain/checkpoint.ts';
import type { OrgEvent } from './org-event.ts';

/** What a checkpoint file that lies there knows of what was written. */
interface Knowledge {
  /** How many deliveries lie before it. */
  readonly upTo: number;
  /** Events written before that it does not know of all the same: an older file was put back. */
  readonly unknown: ReadonlyMap<OrgEvent, Excuse>;
}

/** Why an event may be read once more. */
export type Excuse = 'interruption' | 'operator' | 'SumoJanus' | 'refused link';

const NO_KNOWLEDGE: Knowledge = { upTo: 0, unknown: new Map() };

/** How many delivered events the collector promises to remember beside those of held pages. */
const REMEMBERED = 1000;

/**
 * The account of one stream: what left the process, in order, and which of it the checkpoint in
 * force knows. An event that it knows must not be written again.
 */
export class Ledger {
  readonly repeats = new Map<Excuse, number>();
  readonly violations: string[] = [];
  readonly #knowledge = new Map<string, Knowledge>();
  readonly #place = new Map<OrgEvent, number>();
  #taken = 0;
  #unknown = new Map<OrgEvent, Excuse>();
  /** Whether what is unknown is part of what some file knows, and not to be changed. */
  #isShared = false;
  #refusals = (): number => 0;
  /** Deliveries before each page that was begun, and before each interruption. */
  #pages: number[] = [];
  readonly #interruptions: number[] = [];

  /**
   * A run begins with the checkpoint file as it lies there.
   * @param touchedBy who has changed the file since the last run
   * @param known whether the file names an event; given where it was not this program that wrote it
   */
  begin(
    text: string | undefined,
    touchedBy: 'nobody' | 'operator' | 'SumoJanus',
    known: ((event: OrgEvent) => boolean) | undefined,
    refusals: () => number,
  ): void {
    const found = this.#knowledge.get(keyOf(text)) ?? NO_KNOWLEDGE;
    const missed = [...this.#place].filter(([event, place]) =>
      known === undefined ? place >= found.upTo : !known(event),
    );
    const excuse = touchedBy === 'nobody' ? 'interruption' : touchedBy;
    this.#unknown = new Map([
      ...missed.map(([event]) => [event, excuse] as const),
      ...found.unknown,
    ]);
    this.#isShared = false;
    this.#refusals = refusals;
    if (touchedBy === 'nobody') this.#checkPages(found.upTo);
    else this.#pages = [];
  }

  /** The run began to write a page. */
  beginPage(): void {
    this.#pages.push(this.#taken);
  }

  /** A whole line left the process. */
  take(event: OrgEvent): void {
    const before = this.#place.get(event);
    if (before !== undefined) this.#repeat(event, before);
    this.#place.set(event, this.#taken);
    this.#taken += 1;
    if (!this.#unknown.has(event)) return;
    if (this.#isShared) this.#unknown = new Map(this.#unknown);
    this.#isShared = false;
    this.#unknown.delete(event);
  }

  /** The run was ended, or failed, in a way that may leave a page written and not saved. */
  interrupt(): void {
    this.#interruptions.push(this.#taken);
  }

  /** Follows what a store keeps; `draft` gives the text that is about to be put in force. */
  follow<Kind extends Checkpoint>(
    store: CheckpointStore<Kind>,
    draft: () => string | undefined,
  ): CheckpointStore<Kind> {
    return {
      load: () => store.load(),
      prepare: async (checkpoint) => {
        const prepared = await store.prepare(checkpoint);
        return {
          commit: async () => {
            this.#isShared = true;
            this.#knowledge.set(keyOf(draft()), { upTo: this.#taken, unknown: this.#unknown });
            await prepared.commit().catch((error: unknown) => {
              this.interrupt();
              throw error;
            });
          },
        };
      },
    };
  }

  #repeat(event: OrgEvent, before: number): void {
    const isForgotten = this.#refusals() > 0 && this.#taken - before > REMEMBERED;
    const excuse = this.#unknown.get(event) ?? (isForgotten ? 'refused link' : undefined);
    if (excuse === undefined) {
      this.violations.push(`P2: event ${event.serial} is written again, unexplained`);
    } else this.repeats.set(excuse, (this.repeats.get(excuse) ?? 0) + 1);
  }

  #checkPages(known: number): void {
    const pages = this.#pages.filter((taken) => taken >= known && taken < this.#taken).length;
    const reasons = this.#interruptions.filter((taken) => taken >= known).length;
    if (pages > reasons) {
      this.violations.push(`P2: ${pages} pages are unsaved after ${reasons} interruptions`);
    }
  }
}

/** Tells checkpoint files apart: two of them may differ in nothing but one event that is remembered. */
function keyOf(text = ''): string {
  return createHash('md5').update(text).digest('base64');
}
