import { ConfigError } from '../domain/failure.ts';
import type { ConfigRequest } from './config.ts';
import { readConfig } from './config.ts';
import { editProperties } from './edit-properties.ts';
import { statementOf } from './format-problems.ts';
import { Refusal } from './key.ts';
import { installationOf } from './properties-file.ts';
import type { PropertiesText } from './properties-text.ts';
import { parseProperties } from './properties.ts';
import { changesFor } from './setup-changes.ts';

/** What the first lines of a new file are: `${path}` is known in it. */
const BEGINNING = '[generic]\npath = .\n';

/**
 * The text of a properties file with `answers` (by key) in it, known to be a configuration that a
 * run can use. An answer may be an option of `request` too: then a problem names the command line.
 * Rejects with a `ConfigError` that names every problem.
 */
export async function draftProperties(
  request: ConfigRequest,
  file: PropertiesText,
  answers: ReadonlyMap<string, string>,
): Promise<string> {
  const { path, isNew } = file;
  const changes = changesFor(answers, { ...request, installation: installationOf(path) });
  try {
    const text = editProperties(isNew ? BEGINNING : file.text, request.section, changes);
    await readConfig(request, { path, text, sections: parseProperties(text), exposure: undefined });
    return text;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { reason, remedy } = error;
    const problem = { key: 'A value', value: undefined, source: undefined, reason, remedy };
    throw new ConfigError(`Cannot set up "${path}": ${statementOf(problem)}`, [problem], {
      hint: remedy,
    });
  }
}
