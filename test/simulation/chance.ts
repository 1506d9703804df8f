/** Chance that repeats itself: the same seed gives the same draws. */
export interface Chance {
  /** From 0 to 1, never 1 itself. */
  number(): number;
  /** A whole number, both bounds included. */
  whole(least: number, most: number): number;
  happens(probability: number): boolean;
  one<T>(choices: readonly [T, ...T[]]): T;
  /** A source of its own, so that how much one part draws changes nothing for the others. */
  fork(): Chance;
}

/** The draws that belong to a seed (mulberry32). */
export function createChance(seed: number): Chance {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  function number(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const whole = (least: number, most: number): number =>
    least + Math.floor(number() * (most - least + 1));
  return {
    number,
    whole,
    happens: (probability) => number() < probability,
    one: (choices) => choices[whole(0, choices.length - 1)] ?? choices[0],
    fork: () => createChance(whole(0, 2 ** 32 - 1)),
  };
}
