import {
  BACKSLASH,
  CARRIAGE_RETURN,
  CLOSE_BRACE,
  COLON,
  LINE_FEED,
  OPEN_BRACE,
  QUOTE,
  SPACE,
} from './json-bytes.ts';
import type { Marks, Obstacle, StructureMarker } from './structure-marker.ts';
import { KEY_ENDS, MOST_BRACKETS, PIECE_LENGTH } from './structure-marker.ts';

/** Marks byte by byte: what mark-structure.wat does, for machines that cannot run it, and for readers. */
export class PlainMarker implements StructureMarker {
  readonly #places = new Int32Array(PIECE_LENGTH);
  #count = 0;
  /** The closing brackets that are still to come, innermost last. */
  #owed: number[] = [];
  #isInString = false;
  #isEscaped = false;

  reset(): void {
    this.#owed = [];
    this.#isInString = false;
    this.#isEscaped = false;
  }

  mark(piece: Uint8Array): Marks {
    this.#count = 0;
    for (let at = 0; at < piece.length; at++) {
      const byte = piece[at] ?? 0;
      const obstacle = this.#isInString ? this.#inString(byte) : this.#outside(byte, piece, at);
      if (obstacle !== undefined) return { ...this.#marks(), stop: { at, obstacle } };
    }
    return this.#marks();
  }

  #marks(): Marks {
    return { places: this.#places, count: this.#count };
  }

  #inString(byte: number): Obstacle | undefined {
    if (byte === LINE_FEED || byte === CARRIAGE_RETURN) return 'line break in string';
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isInString = false;
    return undefined;
  }

  #outside(byte: number, piece: Uint8Array, at: number): Obstacle | undefined {
    if (byte <= SPACE || byte === BACKSLASH) return 'misplaced';
    if (byte === QUOTE) this.#isInString = true;
    else if (byte === COLON && this.#owed.length === 1 && mayBeKey(piece, at)) this.#note(at);
    else if (opens(byte)) {
      // A closing bracket is its opening one plus two.
      if (this.#owed.push(byte + 2) > MOST_BRACKETS) return 'nested too deeply';
    } else if (closes(byte)) {
      if (this.#owed.pop() !== byte) return 'misplaced';
      if (this.#owed.length === 0) this.#note(~at);
    }
    return undefined;
  }

  #note(place: number): void {
    this.#places[this.#count++] = place;
  }
}

/** Whether what is before the colon at `at` may be a key that is looked for. */
function mayBeKey(piece: Uint8Array, at: number): boolean {
  return at < 2 || KEY_ENDS.includes(piece[at - 2] ?? 0);
}

/** `{` and `[` differ in one bit, and so do `}` and `]`. */
const opens = (byte: number): boolean => (byte | 0x20) === OPEN_BRACE;

const closes = (byte: number): boolean => (byte | 0x20) === CLOSE_BRACE;
