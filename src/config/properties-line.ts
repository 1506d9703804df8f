/** What one line of a properties file is. */
export type PropertiesLine =
  | { readonly kind: 'empty' }
  | { readonly kind: 'section'; readonly name: string }
  | { readonly kind: 'entry'; readonly key: string; readonly value: string }
  /** Neither of these, such as a word without `=`. */
  | { readonly kind: 'other' };

/** What ends a line. */
export const LINE_END = /\r\n|\r|\n/;

/**
 * Reads one line, its end left out: `=` or `:` divides key and value; a `#` or `;` at the start of the
 * line or after white space begins a remark, which runs to the end of the line.
 */
export function readLine(line: string): PropertiesLine {
  // trim() takes a byte order mark away too.
  const content = withoutRemark(line).trim();
  if (content === '') return { kind: 'empty' };
  const name = /^\[([^\]]*)\]$/u.exec(content)?.[1];
  if (name !== undefined) return { kind: 'section', name: name.trim() };
  const [, key, value] = /^([^=:]+)[=:](.*)$/su.exec(content) ?? [];
  if (key === undefined || value === undefined) return { kind: 'other' };
  return { kind: 'entry', key: key.trim(), value: value.trim() };
}

/**
 * The line of an entry with another value; indent, blanks around the `=` and a remark stay. A value
 * that would begin a remark is put right behind the `=`.
 */
export function withValue(line: string, value: string): string {
  const body = withoutRemark(line);
  const [, head = '', blanks = '', old = ''] = /^([^=:]+[=:])(\s*)(.*?)\s*$/su.exec(body) ?? [];
  const tail = line.slice(head.length + blanks.length + old.length);
  return `${head}${gapBefore(value, head, blanks)}${value}${tail}`;
}

function gapBefore(value: string, head: string, blanks: string): string {
  if (value === '' || /^[#;]/u.test(value)) return '';
  // Whoever writes a blank before the = writes one behind it, too.
  return blanks === '' && /\s[=:]$/u.test(head) ? ' ' : blanks;
}

function withoutRemark(line: string): string {
  return line.replace(/(?:^|\s)[#;].*$/su, '');
}
