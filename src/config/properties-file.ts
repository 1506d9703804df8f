import { basename, dirname, join, resolve } from 'node:path';
import { ConfigError } from '../domain/failure.ts';
import { Refusal } from './key.ts';
import { parseProperties } from './properties.ts';
import type { Section } from './properties.ts';
import { readTextFile } from './text-file.ts';
import type { TextFile } from './text-file.ts';

/** A properties file as it was read. */
export interface PropertiesFile {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
  readonly sections: ReadonlyMap<string, Section>;
  readonly exposure: string | undefined;
}

/** Where a properties file may be looked for. */
export interface Search {
  readonly configPath: string | undefined;
  readonly workingFolder: string;
  readonly installation: string;
}

/** Where the properties file is looked for, absolute: the one that was named, else the usual places. */
export function placesToLook({
  configPath,
  workingFolder,
  installation,
}: Search): readonly string[] {
  if (configPath !== undefined) return [resolve(workingFolder, configPath)];
  const usual = join('conf', 'sumologic.properties');
  return [...new Set([workingFolder, installation].map((folder) => resolve(folder, usual)))];
}

/**
 * Reads the first properties file there is; `undefined` if there is none in the usual places. Rejects
 * with a `ConfigError` if it cannot be read, or if the one that was named does not exist.
 */
export async function findPropertiesFile(search: Search): Promise<PropertiesFile | undefined> {
  for (const path of placesToLook(search)) {
    const file = await read(path);
    if (file !== undefined) {
      return { path, ...file, sections: parseProperties(file.text) };
    }
    if (search.configPath !== undefined) {
      throw unreadable(path, new Refusal('does not exist', 'Check the path given with --config'));
    }
  }
  return undefined;
}

/** The folder that a properties file belongs to: the one that holds its `conf` folder, else its own. */
export function installationOf(path: string): string {
  const folder = dirname(path);
  return basename(folder) === 'conf' ? dirname(folder) : folder;
}

async function read(path: string): Promise<TextFile | undefined> {
  try {
    return await readTextFile(path);
  } catch (error) {
    throw error instanceof Refusal ? unreadable(path, error) : error;
  }
}

/** The error for a properties file that cannot be read as it is. */
export function unreadable(path: string, { reason, remedy }: Refusal): ConfigError {
  const problem = { key: 'properties file', value: path, source: undefined, reason, remedy };
  return new ConfigError(`Cannot read the properties file "${path}": it ${reason}`, [problem], {
    hint: remedy,
  });
}
