import type { ConfigProblem } from '../domain/failure.ts';
import { ConfigError, UsageError } from '../domain/failure.ts';
import { statementOf } from './format-problems.ts';
import { keyList } from './keys.ts';
import type { PropertiesFile } from './properties-file.ts';

/** The error that names all problems of a configuration; a `UsageError` if all of them are times on the command line. */
export function refusal(
  file: PropertiesFile | undefined,
  problems: readonly ConfigProblem[],
): ConfigError | UsageError {
  const [first] = problems;
  const options = keyList.map(({ option }) => option);
  if (first !== undefined && problems.every(({ key }) => options.includes(key))) {
    const said = problems.map(statementOf).join('; ');
    return new UsageError(`Cannot read the command line: ${said}`, { hint: first.remedy });
  }
  if (first !== undefined && problems.length === 1) {
    const place = isElsewhere(first, file) ? ` (${first.source})` : named(file);
    return new ConfigError(
      `Cannot use the configuration${place}: ${statementOf(first)}`,
      problems,
      { hint: first.remedy },
    );
  }
  const keys = problems.map(({ key }) => key).join(', ');
  return new ConfigError(
    `Cannot use the configuration${named(file)}: ${problems.length} problems (${keys})`,
    problems,
  );
}

const named = (file: PropertiesFile | undefined): string =>
  file === undefined ? '' : ` "${file.path}"`;

/** Whether what is wrong was said on the command line or by a variable, and not in the file. */
function isElsewhere({ source }: ConfigProblem, file: PropertiesFile | undefined): boolean {
  return source !== undefined && !source.startsWith(`${file?.path ?? ''}:`);
}
