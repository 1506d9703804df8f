/** The candidate that a mistyped name most likely stands for; `undefined` if none is near. */
export function closestName(name: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates
    .map((candidate) => ({ candidate, far: farness(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ far }) => far <= 0.4)
    .sort((one, other) => one.far - other.far);
  return best?.candidate;
}

/** 0 for the same, 1 for nothing in common; a word out of a longer name counts as near. */
function farness(name: string, candidate: string): number {
  const share = editDistance(name, candidate) / Math.max(name.length, candidate.length, 1);
  return name.length >= 3 && candidate.includes(name) ? Math.min(share, 0.4) : share;
}

/** Levenshtein's: how many letters to insert, delete or replace. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 0; i < from.length; i++) {
    let left = i + 1;
    row = row.map((above, j) => {
      if (j === 0) return left;
      const diagonal = row[j - 1] ?? 0;
      left = Math.min(above + 1, left + 1, from[i] === to[j - 1] ? diagonal : diagonal + 1);
      return left;
    });
  }
  return row.at(-1) ?? 0;
}
