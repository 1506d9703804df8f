import { Refusal } from './key.ts';
import { parseProperties } from './properties.ts';
import { LINE_END, readLine, withValue } from './properties-line.ts';

/** What is to become of some keys of a section: the new value, or `undefined` for one that is to be set no longer. */
export type Changes = ReadonlyMap<string, string | undefined>;

/**
 * Sets keys of one section in the text of a properties file and leaves all else as it is: remarks,
 * order, other sections, line ends, blanks. A value replaces the one in force; a new key follows the
 * remark that shows it (`#key = …`) or comes last in the section, and a missing section last in the
 * file; a key that is to be set no longer keeps its line without the value. Throws a `Refusal` of a
 * value that such a file cannot hold.
 */
export function editProperties(text: string, section: string, changes: Changes): string {
  const edited = [...changes].reduce(
    (lines, [key, value]) =>
      value === undefined ? emptied(lines, section, key) : set(lines, section, key, value),
    linesOf(text),
  );
  const result = edited.map(({ content, end }) => content + end).join('');
  requireReadable(result, section, changes);
  return result;
}

interface Line {
  readonly content: string;
  /** Its line break; empty behind the last line. */
  readonly end: string;
}

function linesOf(text: string): readonly Line[] {
  const contents = text.split(LINE_END);
  const ends = text.match(new RegExp(LINE_END, 'g')) ?? [];
  const lines = contents.map((content, index) => ({ content, end: ends[index] ?? '' }));
  return lines.at(-1)?.content === '' ? lines.slice(0, -1) : lines;
}

function emptied(lines: readonly Line[], section: string, key: string): readonly Line[] {
  const own = indexesOf(lines, section).filter((index) => setsKey(lines[index], key));
  return lines.map((line, index) =>
    own.includes(index) && valueIn(line) !== ''
      ? { ...line, content: withValue(line.content, '') }
      : line,
  );
}

function set(lines: readonly Line[], section: string, key: string, value: string): readonly Line[] {
  const own = indexesOf(lines, section);
  const inForce = own.findLast((index) => setsKey(lines[index], key));
  if (inForce !== undefined) {
    return lines.map((line, index) =>
      index === inForce ? { ...line, content: withValue(line.content, value) } : line,
    );
  }
  const added = withValue(`${key} =`, value);
  const above = own.find((index) => showsKey(lines[index], key)) ?? lastUsed(lines, own);
  if (above !== undefined) return inserted(lines, above + 1, [added]);
  const blank = lines.length === 0 ? [] : [''];
  return inserted(lines, lines.length, [...blank, `[${section}]`, added]);
}

/** The lines of a section, its headers included, wherever it is opened again. */
function indexesOf(lines: readonly Line[], section: string): readonly number[] {
  let isInside = false;
  return lines.flatMap(({ content }, index) => {
    const line = readLine(content);
    if (line.kind === 'section') isInside = line.name === section;
    return isInside ? [index] : [];
  });
}

function setsKey(line: Line | undefined, key: string): boolean {
  const read = readLine(line?.content ?? '');
  return read.kind === 'entry' && read.key === key;
}

function valueIn({ content }: Line): string {
  const read = readLine(content);
  return read.kind === 'entry' ? read.value : '';
}

/** Whether a line is a remark that shows how the key is set. */
function showsKey(line: Line | undefined, key: string): boolean {
  const [, shown] = /^\s*[#;]\s*([\w.]+)\s*[=:]/u.exec(line?.content ?? '') ?? [];
  return shown === key;
}

/** The last line of a section that is not blank: what is blank belongs to what comes after it. */
function lastUsed(lines: readonly Line[], own: readonly number[]): number | undefined {
  return own.findLast((index) => lines[index]?.content.trim() !== '');
}

function inserted(
  lines: readonly Line[],
  at: number,
  contents: readonly string[],
): readonly Line[] {
  const usual = lines[0]?.end || '\n';
  const end = lines[at - 1]?.end || usual;
  const before = lines.slice(0, at).map((line) => (line.end === '' ? { ...line, end } : line));
  return [...before, ...contents.map((content) => ({ content, end })), ...lines.slice(at)];
}

/** Reads the edited text as a run will. */
function requireReadable(text: string, section: string, changes: Changes): void {
  const entries = parseProperties(text).get(section);
  for (const [key, value] of changes) {
    if ((entries?.get(key)?.value ?? '') === (value ?? '')) continue;
    throw new Refusal(
      `cannot be written to a properties file as ${key}`,
      'Take out line breaks, blanks at its ends, and any # or ; that follows a blank',
    );
  }
}
