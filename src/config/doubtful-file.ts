import { realpath } from 'node:fs/promises';
import { keys } from './keys.ts';
import type { PropertiesFile, Search } from './properties-file.ts';
import { placesToLook } from './properties-file.ts';
import { LINE_END, readLine } from './properties-line.ts';
import { parseProperties } from './properties.ts';
import { refuseLeftovers } from './setting.ts';
import { readTextFile } from './text-file.ts';

/** What to tell about a properties file that can be used, one sentence each: it may not be the one that is meant, or not mean what it seems to. */
export async function doubtsAbout(
  { path, text }: PropertiesFile,
  search: Search & { readonly section: string },
): Promise<readonly string[]> {
  const other = await findPassedOver(search, path, search.section);
  const repeated = tellOfRepeatedKeys(text, search.section).map((told) => `"${path}": ${told}`);
  if (other === undefined) return repeated;
  return [
    `The configuration is "${path}", which lies below the working directory; "${other}" is not read. To use that one, start the program in its own folder, or name it with --config`,
    ...repeated,
  ];
}

/**
 * The properties file where the program is installed, if it names an org and is not the one that was
 * found before it; `undefined` if there is none such, or it cannot be read.
 */
async function findPassedOver(
  search: Search,
  found: string,
  section: string,
): Promise<string | undefined> {
  const [, installed] = placesToLook(search);
  if (installed === undefined || installed === found) return undefined;
  try {
    const file = await readTextFile(installed);
    if (file === undefined || (await realpath(installed)) === (await realpath(found)))
      return undefined;
    const org = parseProperties(file.text).get(section)?.get(keys.org.name)?.value ?? '';
    refuseLeftovers(org);
    return org === '' ? undefined : installed;
  } catch {
    return undefined;
  }
}

/** Of keys that a section sets more than once, one sentence each: a reader may take the first for the one that counts. */
function tellOfRepeatedKeys(text: string, sectionName: string): readonly string[] {
  const linesOf = new Map<string, number[]>();
  let section = '';
  text.split(LINE_END).forEach((line, index) => {
    const read = readLine(line);
    if (read.kind === 'section') section = read.name;
    if (read.kind !== 'entry' || section !== sectionName) return;
    linesOf.set(read.key, [...(linesOf.get(read.key) ?? []), index + 1]);
  });
  return [...linesOf]
    .filter(([, lines]) => lines.length > 1)
    .map(([key, lines]) => `${key} is set in lines ${lines.join(', ')}: the last one counts`);
}
