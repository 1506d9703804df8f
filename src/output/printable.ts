const shortForms = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/**
 * Makes text from outside safe to show on one line: control characters, line breaks and characters
 * that turn the direction of writing become visible, as `\n` or `\u{1b}`.
 */
export const printable = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (character) => shortForms.get(character) ?? escape(character),
  );

const escape = (character: string): string =>
  `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
