import { buffer } from 'node:stream/consumers';
import type { Command } from '../cli/command-line.ts';
import { DEFAULT_SCRIPT_SOURCE } from '../cli/script-source-options.ts';
import { systemClock } from '../clock/system-clock.ts';
import type { ConfigRequest } from '../config/config.ts';
import { draftProperties } from '../config/draft-properties.ts';
import { keys } from '../config/keys.ts';
import { problemWith } from '../config/problem-with.ts';
import type { PropertiesText } from '../config/properties-text.ts';
import { findPropertiesText } from '../config/properties-text.ts';
import { UsageError } from '../domain/failure.ts';
import type { ErrorOutput } from '../output/error-output.ts';
import { printable } from '../output/printable.ts';
import { saveProperties } from '../state/save-properties.ts';
import { systemDisk } from '../state/system-disk.ts';
import { askAtTerminal } from './ask-at-terminal.ts';
import { check } from './check.ts';
import { INSTALLATION, workingFolder } from './installation.ts';
import { printScriptSource } from './script-source-command.ts';
import { tellFailure } from './tell-failure.ts';
import { withConfig } from './with-config.ts';

type SetupCommand = Extract<Command, { kind: 'setup' }>;

/**
 * Writes what the options say and, at a terminal, what the person answers to the properties file;
 * then checks as a run would find it, and prints the Script Source. With nothing to write it only checks.
 */
export async function setupCommand(
  command: SetupCommand,
  stderr: ErrorOutput,
  print: (text: string) => void,
): Promise<number> {
  let isSetUp: boolean;
  try {
    isSetUp = await setUp(command, print);
  } catch (error) {
    return tellFailure(error, command.quiet, stderr);
  }
  const choice = { ...command, options: {} };
  const exitCode = await withConfig(choice, stderr, (config, log) => check(config, log, print));
  if (isSetUp && exitCode === 0) {
    print('\nThe Script Source for the Collector Management API:\n\n');
    printScriptSource(DEFAULT_SCRIPT_SOURCE, print);
  }
  return exitCode;
}

/** Resolves with whether there was anything to set up. */
async function setUp(command: SetupCommand, print: (text: string) => void): Promise<boolean> {
  const request: ConfigRequest = {
    ...command,
    environment: process.env,
    workingFolder: workingFolder(),
    installation: INSTALLATION,
    now: systemClock.now(),
  };
  const file = await findPropertiesText(request);
  const given = new Map([...Object.entries(command.options), ...(await tokenGiven(command))]);
  const isAtTerminal = process.stdin.isTTY && process.stderr.isTTY && !command.quiet;
  const asked = isAtTerminal ? await askAtTerminal(request, file, new Set(given.keys())) : [];
  const answers = new Map([...given, ...asked]);
  if (answers.size === 0) return isAtTerminal;
  await save(file, await draftProperties(request, file, answers), request.now, print);
  return true;
}

async function save(
  { path, text, isNew, isExposed }: PropertiesText,
  draft: string,
  now: ConfigRequest['now'],
  print: (text: string) => void,
): Promise<void> {
  if (!isNew && draft === text && !isExposed) {
    print(`"${printable(path)}" says so already\n\n`);
    return;
  }
  const backup = await saveProperties(systemDisk, path, draft, now);
  const before = backup === undefined ? '' : `; as it was, it is kept in\n"${printable(backup)}"`;
  print(`Wrote "${printable(path)}"${before}\n\n`);
}

async function tokenGiven({ tokenFromStdin }: SetupCommand): Promise<readonly [string, string][]> {
  if (!tokenFromStdin) return [];
  if (process.stdin.isTTY)
    throw new UsageError('Cannot read the API token from standard input: it is a terminal', {
      hint: 'Leave --api-token-stdin out to be asked for the token, or send a file: < token.txt',
    });
  const token = (await buffer(process.stdin)).toString('utf8').trim();
  const problem = problemWith(keys.apiToken, token, '');
  if (problem !== undefined)
    throw new UsageError('Cannot use the API token from standard input: it is none', {
      hint: problem,
    });
  return [[keys.apiToken.name, token]];
}
