/** Reads a table written as text: a row a line, cells between `|`, blanks around a cell ignored. */
export function readTable(text: string): readonly (readonly string[])[] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
}

/** The cell as JSON text: an empty one is `null`. */
export function cellJson(cell: string | undefined): string {
  return cell === undefined || cell === '' ? 'null' : JSON.stringify(cell);
}
