import { resolve } from 'node:path';
import type { ConfigRequest } from '../config/config.ts';
import { privateKey } from '../config/credential.ts';
import { keyList } from '../config/keys.ts';
import { problemWith, problemWithFile } from '../config/problem-with.ts';
import { installationOf } from '../config/properties-file.ts';
import { parseProperties } from '../config/properties.ts';
import type { PropertiesText } from '../config/properties-text.ts';
import { isPathKey } from '../config/setup-changes.ts';

/** Asks the person at the terminal for what is not given by option; gives the answers by key. */
export async function askAtTerminal(
  { section, workingFolder }: ConfigRequest,
  { path, text }: PropertiesText,
  given: ReadonlySet<string>,
): Promise<ReadonlyMap<string, string>> {
  // Loaded here, because no scheduled run asks anything.
  const { askSetup } = await import('../cli/ask-setup.ts');
  const entries = parseProperties(text).get(section);
  const judged = (name: string, value: string): string | undefined => {
    const key = keyList.find((one) => one.name === name);
    return key && problemWith(key, value, workingFolder);
  };
  return askSetup({
    output: process.stderr,
    given,
    current(name) {
      const value = entries?.get(name)?.value ?? '';
      if (value === '' || judged(name, value) !== undefined) return undefined;
      // An answer is meant from where the person is, the file from its installation.
      return isPathKey(name) ? resolve(installationOf(path), value) : value;
    },
    problemWith: judged,
    problemWithKeyFile: (path) => problemWithFile(privateKey, path, workingFolder),
  });
}
