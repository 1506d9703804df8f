import { parse } from 'ini';
import { LINE_END, readLine } from './properties-line.ts';

/** What a line of a section says; `value` is `undefined` if the line is no `key = value`. */
export interface Entry {
  readonly value: string | undefined;
  /** Counted from 1. */
  readonly line: number;
}

/** The entries of one section by key; a line that is no `key = value` is called `line <number>`. */
export type Section = ReadonlyMap<string, Entry>;

/**
 * Reads the text of a properties file into its sections by name, as a Java INI reader sees them: `=`
 * or `:` divides key and value, a re-opened section goes on, of a repeated key the last one counts,
 * quotes and backslashes are part of the value. A `#` or `;` begins a comment at the start of a line
 * and after white space, and is part of the value elsewhere. Lines above the first section are left out.
 */
export function parseProperties(text: string): ReadonlyMap<string, Section> {
  const lines = text.split(LINE_END).map((line, index) => shield(line, index + 1));
  const parsed: unknown = parse(lines.join('\n'));
  return new Map(
    entriesOf(parsed)
      .filter(([name]) => name.startsWith(' '))
      .map(([name, section]) => [name.slice(1), readSection(section)]),
  );
}

/**
 * Rewrites a line so that ini takes every character of it literally. Quoting keeps `#`, `;`, `\` and
 * white space; the line number before the value keeps `true` and `null` text. A blank behind each key
 * and before each section keeps `key[]` and `__proto__` ordinary, and keys apart from sections.
 */
function shield(line: string, number: number): string {
  const read = readLine(line);
  switch (read.kind) {
    case 'empty':
      return '';
    case 'section':
      return `[${quote(` ${read.name.replaceAll('.', '\\.')}`)}]`;
    case 'entry':
      return `${quote(`${read.key} `)}=${quote(`${number} ${read.value}`)}`;
    case 'other':
      return quote(`line ${number} `);
  }
}

/** ini's patterns stop at the two line separators that JSON leaves as they are. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

function readSection(section: unknown): Section {
  return new Map(
    entriesOf(section).map(([shieldedKey, shielded]) => {
      const key = shieldedKey.slice(0, -1);
      return [key, typeof shielded === 'string' ? unshield(shielded) : lineWithoutValue(key)];
    }),
  );
}

function unshield(shielded: string): Entry {
  const blank = shielded.indexOf(' ');
  return { line: Number(shielded.slice(0, blank)), value: shielded.slice(blank + 1) };
}

function lineWithoutValue(key: string): Entry {
  return { line: Number(key.slice('line '.length)), value: undefined };
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
