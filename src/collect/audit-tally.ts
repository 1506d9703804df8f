import type { AuditResult, Difference, DifferenceKind } from '../domain/audit.ts';
import type { Window } from '../domain/time.ts';

/** Counts what an audit finds, and passes it on. */
export class AuditTally {
  readonly #tell: (differences: readonly Difference[]) => Promise<void>;
  readonly #differences: Record<DifferenceKind, number> = {
    missing: 0,
    duplicated: 0,
    altered: 0,
    'not in the org': 0,
    unreadable: 0,
  };
  #inOrg = 0;
  #inFiles = 0;
  #outside = 0;

  constructor(tell: (differences: readonly Difference[]) => Promise<void>) {
    this.#tell = tell;
  }

  /** How many events the org has shown so far. */
  get inOrg(): number {
    return this.#inOrg;
  }

  /** Adds an event of a file, of the window or not. */
  filed(isInside: boolean): void {
    if (isInside) this.#inFiles += 1;
    else this.#outside += 1;
  }

  /** An event of a file proves to be of a part of the window that the org was not asked for. */
  foundOutside(): void {
    this.#inFiles -= 1;
    this.#outside += 1;
  }

  /** Adds events of the org. */
  asked(events: number): void {
    this.#inOrg += events;
  }

  /** Adds differences and passes them on. */
  async tell(differences: readonly Difference[]): Promise<void> {
    for (const { kind } of differences) this.#differences[kind] += 1;
    if (differences.length > 0) await this.#tell(differences);
  }

  /** What it has come to, once all is compared. */
  result(window: Window): AuditResult {
    return {
      window,
      inOrg: this.#inOrg,
      inFiles: this.#inFiles,
      outside: this.#outside,
      differences: { ...this.#differences },
    };
  }
}
