import type { Org, StoredEvent } from '../../src/sandbox/org.ts';

/** What one run has brought its reader. */
export interface Receipt {
  /** Whole lines. */
  readonly lines: number;
  /** The events they are, in their order. */
  readonly events: readonly StoredEvent[];
  /** Events that were read before. */
  readonly repeated: readonly StoredEvent[];
  /** Whether the last line has no end. */
  readonly isTorn: boolean;
  /** The event of the last line, if only the line feed is missing; the next run into a file ends it, and it counts as read then. */
  readonly unended: StoredEvent | undefined;
  /** Lines, and beginnings of lines, that are not the bytes of an event of the org. */
  readonly altered: readonly string[];
}

/** What the reader of one installation has got, run after run. */
export interface Ledger {
  take(output: Buffer): Receipt;
  /** The events that no whole line has brought. */
  missing(events: readonly StoredEvent[]): readonly StoredEvent[];
}

/**
 * Holds what is read against the truth of the org.
 * @param goesOn whether each run writes behind the one before, as into a file: the line that one has
 *   left torn must be ended by the next; to a pipe each run has a reader of its own
 */
export function createLedger(org: Org, goesOn: boolean): Ledger {
  const read = new Set<string>();
  let truth = new Map<string, StoredEvent>();
  let torn = '';

  const eventOf = (line: string): StoredEvent | undefined => {
    if (!truth.has(line)) truth = new Map(org.events.map((event) => [textOf(event.json), event]));
    return truth.get(line);
  };
  const isBeginning = (text: string): boolean => {
    const bytes = Buffer.from(text, 'latin1');
    return org.events.some(({ json }) => json.subarray(0, bytes.length).equals(bytes));
  };

  /** Ends the torn line; what it then is, if it is an event as a whole, or what should have ended it. */
  function endTorn(lines: string[]): void {
    if (torn === '' || lines.length === 0) return;
    const ending = lines.shift();
    if (ending !== '') lines.unshift(torn + String(ending));
    else if (eventOf(torn) !== undefined) lines.unshift(torn);
    torn = '';
  }

  return {
    take(output) {
      const lines = textOf(output).split('\n');
      const rest = lines.pop() ?? '';
      if (goesOn) endTorn(lines);
      const altered = lines.filter((line) => eventOf(line) === undefined);
      torn = goesOn ? torn + rest : rest;
      if (!isBeginning(torn)) altered.push(torn);
      const events = lines.flatMap((line) => eventOf(line) ?? []);
      const repeated = events.filter(({ uuid }) => read.has(uuid) || !read.add(uuid));
      return {
        lines: lines.length,
        events,
        repeated,
        isTorn: rest !== '',
        unended: eventOf(torn),
        altered,
      };
    },
    missing: (events) => events.filter(({ uuid }) => !read.has(uuid)),
  };
}

/** Byte for byte: every byte is one character. */
const textOf = (bytes: Buffer): string => bytes.toString('latin1');
