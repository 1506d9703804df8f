/** How wide a terminal is at least. */
const SCREEN_WIDTH = 80;

/**
 * Breaks text between words so that no line is longer than `width`, each line but the first one set in
 * by `indent`; the first one begins with `start`. A word that is longer stays whole: it may be a path.
 */
export function wrap(start: string, text: string, indent: number, width = SCREEN_WIDTH): string {
  const lines: string[] = [];
  let line = start;
  let isFresh = true;
  for (const word of text.split(' ')) {
    if (!isFresh && line.length + 1 + word.length > width) {
      lines.push(line);
      line = ' '.repeat(indent);
      isFresh = true;
    }
    line += isFresh ? word : ` ${word}`;
    isFresh = false;
  }
  return [...lines, line].join('\n');
}
