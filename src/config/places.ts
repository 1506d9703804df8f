import { variableOf } from './keys.ts';
import type { PropertiesFile } from './properties-file.ts';
import type { Place } from './setting.ts';

interface Surroundings {
  /** By key. */
  readonly options: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly file: PropertiesFile | undefined;
  readonly section: string;
  readonly workingFolder: string;
  readonly installation: string;
}

/**
 * The places where a key can be set, the stronger ones first: option, environment, properties file.
 * A relative path in an option is meant from where the person is; elsewhere, from the installation.
 * An environment variable or a line of the file that is empty sets nothing; an empty option is a value.
 */
export function placesOf(surroundings: Surroundings): readonly Place[] {
  const { options, environment, file, section, workingFolder, installation } = surroundings;
  return [
    (keyName) => {
      const text = options[keyName]?.trim();
      if (text === undefined) return undefined;
      return { text, origin: { place: 'option', folder: workingFolder }, source: 'command line' };
    },
    (keyName) => {
      const source = variableOf(keyName);
      const text = environment[source]?.trim();
      if (!text) return undefined;
      return { text, origin: { place: 'environment', folder: installation }, source };
    },
    (keyName) => {
      const { value: text, line } = file?.sections.get(section)?.get(keyName) ?? {};
      if (!text) return undefined;
      const source = `${file?.path ?? ''}:${line ?? ''}`;
      return { text, origin: { place: 'file', folder: installation }, source };
    },
  ];
}
