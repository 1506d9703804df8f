/** The middle one of some numbers, or the mean of the two in the middle; NaN of none. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low = NaN, high = NaN] = [
    sorted[Math.ceil(sorted.length / 2) - 1],
    sorted[Math.floor(sorted.length / 2)],
  ];
  return (low + high) / 2;
}

/** The median of what one is to another in each round: what slows a round down slows both. */
export function medianRatio(
  these: readonly number[] | undefined,
  those: readonly number[] | undefined,
): number {
  return median((these ?? []).map((number, round) => number / (those?.[round] ?? NaN)));
}
