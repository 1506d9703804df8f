import type { Difference, FiledLine, FilePlace, Fingerprint } from './audit.ts';
import type { Instant } from './time.ts';
import { instant } from './time.ts';

/** A uuid as Okta writes it; any other id is kept as it is. */
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/u;

const BLOCK = 1 << 16;

/** What is kept of so many events, in 45 bytes each. */
interface Block {
  /** Four words an event; of an event whose id is no uuid, nothing. */
  readonly ids: Uint32Array;
  /** Two words an event. */
  readonly fingerprints: Uint32Array;
  /** Not a number: not known. */
  readonly published: Float64Array;
  readonly files: Uint32Array;
  readonly lines: Uint32Array;
  readonly seen: Uint8Array;
}

type Words = readonly [number, number, number, number];

/** An id as it is kept: the words of a uuid, or what else it is. */
type Key = Words | string;

/** The events that some files hold, millions of them in little memory, and which of them the org was seen to have. */
export class FiledEvents {
  readonly #blocks: Block[] = [];
  readonly #oddIds = new Map<string, number>();
  /** Entry numbers plus one, by hash; 0 is an empty place. At most half of it is in use. */
  #index = new Uint32Array(2 * BLOCK);
  #size = 0;

  /** Adds an event; if it is there already, nothing changes and where it was found first is given. */
  add(id: string, event: Omit<FiledLine, 'id'>): FilePlace | undefined {
    const key = wordsOf(id) ?? id;
    const known = this.#find(key);
    if (known !== undefined) return this.#placeOf(known);
    const entry = this.#size;
    this.#size += 1;
    if (this.#size * 2 > this.#index.length) this.#grow();
    const { block, at } = this.#at(entry);
    if (typeof key === 'string') this.#oddIds.set(key, entry);
    else {
      block.ids.set(key, at * 4);
      this.#index[this.#slotOf(key)] = entry + 1;
    }
    block.fingerprints.set([event.fingerprint.high, event.fingerprint.low], at * 2);
    block.published[at] = event.published ?? Number.NaN;
    block.files[at] = event.file;
    block.lines[at] = event.line;
    return undefined;
  }

  /** Notes that the org has an event; says whether the files have it with the same bytes, with others, or not at all. */
  see(id: string, fingerprint: Fingerprint): 'same' | 'absent' | FilePlace {
    const entry = this.#find(wordsOf(id) ?? id);
    if (entry === undefined) return 'absent';
    const { block, at } = this.#at(entry);
    block.seen[at] = 1;
    const isSame =
      block.fingerprints[at * 2] === fingerprint.high &&
      block.fingerprints[at * 2 + 1] === fingerprint.low;
    return isSame ? 'same' : this.#placeOf(entry);
  }

  /** The events that the org was not seen to have. */
  *unseen(): Generator<Difference, void> {
    const oddIds = new Map([...this.#oddIds].map(([id, entry]) => [entry, id]));
    for (let entry = 0; entry < this.#size; entry += 1) {
      const { block, at } = this.#at(entry);
      if (block.seen[at] === 1) continue;
      const published = momentOrNone(block.published[at]);
      const id = oddIds.get(entry) ?? uuidOf(block.ids.subarray(at * 4, at * 4 + 4));
      const place = this.#placeOf(entry);
      yield { kind: 'not in the org', id, published, place, first: undefined };
    }
  }

  #find(key: Key): number | undefined {
    if (typeof key === 'string') return this.#oddIds.get(key);
    const found = this.#index[this.#slotOf(key)] ?? 0;
    return found === 0 ? undefined : found - 1;
  }

  /** Where an id is in the index, or where it would be. */
  #slotOf(words: Words): number {
    const mask = this.#index.length - 1;
    for (let slot = hashOf(words) & mask; ; slot = (slot + 1) & mask) {
      const found = this.#index[slot] ?? 0;
      if (found === 0 || this.#isOf(found - 1, words)) return slot;
    }
  }

  #isOf(entry: number, [a, b, c, d]: Words): boolean {
    const { block, at } = this.#at(entry);
    const { ids } = block;
    const first = at * 4;
    return ids[first] === a && ids[first + 1] === b && ids[first + 2] === c && ids[first + 3] === d;
  }

  #at(entry: number): { readonly block: Block; readonly at: number } {
    const index = Math.floor(entry / BLOCK);
    const block = (this.#blocks[index] ??= emptyBlock());
    return { block, at: entry % BLOCK };
  }

  #placeOf(entry: number): FilePlace {
    const { block, at } = this.#at(entry);
    return { file: block.files[at] ?? 0, line: block.lines[at] ?? 0 };
  }

  #grow(): void {
    const before = this.#index;
    this.#index = new Uint32Array(before.length * 2);
    for (const found of before) {
      if (found === 0) continue;
      const { block, at } = this.#at(found - 1);
      const [a = 0, b = 0, c = 0, d = 0] = block.ids.subarray(at * 4, at * 4 + 4);
      this.#index[this.#slotOf([a, b, c, d])] = found;
    }
  }
}

function momentOrNone(published = Number.NaN): Instant | undefined {
  return Number.isNaN(published) ? undefined : instant(published);
}

function emptyBlock(): Block {
  return {
    ids: new Uint32Array(4 * BLOCK),
    fingerprints: new Uint32Array(2 * BLOCK),
    published: new Float64Array(BLOCK),
    files: new Uint32Array(BLOCK),
    lines: new Uint32Array(BLOCK),
    seen: new Uint8Array(BLOCK),
  };
}

function wordsOf(id: string): Words | undefined {
  if (!UUID.test(id)) return undefined;
  const hex = (from: number, to: number): number => Number.parseInt(id.slice(from, to), 16);
  return [
    hex(0, 8),
    hex(9, 13) * 0x1_0000 + hex(14, 18),
    hex(19, 23) * 0x1_0000 + hex(24, 28),
    hex(28, 36),
  ];
}

function uuidOf(words: Uint32Array): string {
  const hex = [...words].map((word) => word.toString(16).padStart(8, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/u, '$1-$2-$3-$4-');
}

/** Spreads uuids that differ in a few bits only, as those made from the time do. */
function hashOf([a, b, c, d]: Words): number {
  let hash = a;
  for (const word of [b, c, d]) hash = Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) ^ word;
  return Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 7;
}
