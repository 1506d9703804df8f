import type { CheckChoice } from '../cli/check-options.ts';
import type { Config } from '../config/config.ts';
import { ConfigError } from '../domain/failure.ts';
import type { Finding } from '../domain/finding.ts';
import { fault } from '../domain/finding.ts';
import { formatProblemsOnOneLine } from '../config/format-problems.ts';
import { checkJson } from '../output/check-json.ts';
import { findingText } from '../output/check-text.ts';
import type { ErrorOutput } from '../output/error-output.ts';
import { exitCodeOfFirst, findAll } from './check.ts';
import { readConfig } from './with-config.ts';
import { openLog } from './world.ts';

/** Says whether a run would work, and what to do if not; resolves with the exit code of the first fault. */
export async function checkCommand(
  { json, ...choice }: CheckChoice,
  stderr: ErrorOutput,
  print: (text: string) => void,
): Promise<number> {
  const tell = (finding: Finding): void => {
    if (!json) print(findingText(finding));
  };
  const findings = await findingsOf(choice, stderr, tell);
  const exitCode = exitCodeOfFirst(findings);
  if (json) print(checkJson(findings, exitCode));
  return exitCode;
}

async function findingsOf(
  choice: Omit<CheckChoice, 'json'>,
  stderr: ErrorOutput,
  tell: (finding: Finding) => void,
): Promise<readonly Finding[]> {
  let config: Config;
  try {
    config = await readConfig(choice);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return configFaults(error).map((finding) => {
      tell(finding);
      return finding;
    });
  }
  return findAll(config, openLog(config, choice.quiet, stderr), tell);
}

/** Each problem is a fault of its own. */
function configFaults(error: ConfigError): readonly Finding[] {
  const found = fault('Configuration', error);
  const { problems } = error;
  if (problems.length < 2) return [found];
  return [
    found,
    ...problems.map((problem) => ({
      ...found,
      topic: '',
      text: formatProblemsOnOneLine([problem]),
    })),
  ];
}
