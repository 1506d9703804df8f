/** The most bytes that are marked at once. */
export const PIECE_LENGTH = 0x8000;

/** How many brackets may be open at once. */
export const MOST_BRACKETS = 0x18000;

/** How the keys end that are looked for: with `d`, or with `4` where that is written as `\u0064`. */
export const KEY_ENDS: readonly [number, number] = [0x64, 0x34];

/** Why marking had to stop at a byte. */
export type Obstacle = 'misplaced' | 'line break in string' | 'nested too deeply';

/** What was found in a piece. */
export interface Marks {
  /**
   * In order: `n` for a colon at byte n of the piece that stands in the event itself and in nothing
   * within it, and before whose quote is one of `KEY_ENDS` or another piece; `~n` for the bracket at
   * byte n that closes the event. Only the first `count` are meant; the next piece writes over them.
   */
  readonly places: Int32Array;
  readonly count: number;
  /** The byte that is in the way; what is behind it was not looked at. */
  readonly stop?: { readonly at: number; readonly obstacle: Obstacle };
}

/**
 * Finds the structure in events that follow each other, piece by piece. Tells strings from what is
 * outside them, where it counts brackets, each with its like. In the way are: outside strings white
 * space, control characters, backslashes, closing brackets that nothing has opened; in strings line
 * feeds and carriage returns; and more brackets within each other than `MOST_BRACKETS`.
 */
export interface StructureMarker {
  /** Forgets what came before: the next piece begins between two events. */
  reset(): void;
  /** The length is `PIECE_LENGTH` but for the last piece before a reset, which may be shorter. */
  mark(piece: Uint8Array): Marks;
}
