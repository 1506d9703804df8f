/**
 * Writes what is not ASCII as an escape in the file that scheduled runs load: one other character makes
 * V8 take two bytes for each, and a run 4 ms longer. Strings, templates and regular expressions may have
 * escapes; `String.raw` may not, and must not be in that file.
 * @param {string} name that of the file's chunk
 * @returns {import('rolldown').Plugin}
 */
export function plainAscii(name) {
  return {
    name: 'plain-ascii',
    renderChunk(code, chunk) {
      if (chunk.name !== name) return null;
      if (code.includes('String.raw'))
        throw new Error(`Cannot write "${name}" in ASCII: String.raw`);
      return code.replace(/[\u0080-\uffff]/g, inEscape);
    },
  };
}

/** @param {string} unit one of UTF-16 */
function inEscape(unit) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
