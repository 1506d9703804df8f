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
  const action = file === undefined ? 'the configuration' : `the configuration "${file.path}"`;
  if (first !== undefined && problems.length === 1) {
    return new ConfigError(`Cannot use ${action}: ${statementOf(first)}`, problems, {
      hint: first.remedy,
    });
  }
  const named = problems.map(({ key }) => key).join(', ');
  return new ConfigError(`Cannot use ${action}: ${problems.length} problems (${named})`, problems);
}
