import { Command as Commander, CommanderError } from 'commander';
import { UsageError } from '../domain/failure.ts';
import { addAuditCommand } from './audit-options.ts';
import type { AuditChoice } from './audit-options.ts';
import { addBackfillCommand } from './backfill-options.ts';
import type { BackfillChoice } from './backfill-options.ts';
import { addCheckCommand } from './check-options.ts';
import type { CheckChoice } from './check-options.ts';
import { addCheckpointCommand } from './checkpoint-options.ts';
import type { CheckpointChoice } from './checkpoint-options.ts';
import { addCollectOptions, readCollectOptions } from './collect-options.ts';
import type { CollectChoice } from './collect-options.ts';
import { collectHelp } from './help-text.ts';
import { addSandboxOptions, readSandboxOptions } from './sandbox-options.ts';
import type { SandboxChoice } from './sandbox-options.ts';
import { addScriptSourceCommand } from './script-source-options.ts';
import type { ScriptSourceChoice } from './script-source-options.ts';
import { addSetupCommand } from './setup-options.ts';
import type { SetupChoice } from './setup-options.ts';
import { addStatusCommand } from './status-options.ts';
import type { StatusChoice } from './status-options.ts';

/** What a command line asks for. */
export type Command =
  | ({ readonly kind: 'collect' } & CollectChoice)
  | ({ readonly kind: 'audit' } & AuditChoice)
  | ({ readonly kind: 'backfill' } & BackfillChoice)
  | ({ readonly kind: 'check' } & CheckChoice)
  | ({ readonly kind: 'status' } & StatusChoice)
  | ({ readonly kind: 'setup' } & SetupChoice)
  | ({ readonly kind: 'checkpoint' } & CheckpointChoice)
  | ({ readonly kind: 'script-source' } & ScriptSourceChoice)
  | ({ readonly kind: 'sandbox' } & SandboxChoice)
  | { readonly kind: 'print'; readonly text: string };

/** Reads the arguments behind the program's name; throws a `UsageError` if they make no sense. Prints nothing. */
export function parseCommandLine(args: readonly string[], version: string): Command {
  const printed: string[] = [];
  const found: Command[] = [];
  const program = createProgram(
    version,
    (text) => printed.push(text),
    (command) => found.push(command),
  );
  const spelled = spellOut(args);
  try {
    program.parse(spelled, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(error, helpOf(program, spelled));
  }
  return found[0] ?? { kind: 'print', text: printed.join('') };
}

function createProgram(
  version: string,
  print: (text: string) => void,
  choose: (command: Command) => void,
): Commander {
  const program = new Commander('okta-collector')
    .version(version)
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: print,
      writeErr: () => undefined,
      getOutHelpWidth: () => 80,
      getOutHasColors: () => false,
    });
  const collect = program
    .command('collect')
    .configureHelp({ commandUsage: () => 'okta-collector [collect] [options]' })
    .description('Collects the Okta System Log: one event a line on standard output.')
    .addHelpText('after', collectHelp)
    .action(() => {
      choose({ kind: 'collect', ...readCollectOptions(collect) });
    });
  addCollectOptions(collect);
  addOperatorCommands(program, choose);
  const sandbox = program
    .command('sandbox')
    .description('Runs an Okta org with made-up events on this computer, until it is stopped.')
    .action(() => {
      choose({ kind: 'sandbox', ...readSandboxOptions(sandbox) });
    });
  addSandboxOptions(sandbox);
  return program;
}

/** What an administrator sets up and looks after collection with. */
function addOperatorCommands(program: Commander, choose: (command: Command) => void): void {
  addBackfillCommand(program, (choice) => {
    choose({ kind: 'backfill', ...choice });
  });
  addAuditCommand(program, (choice) => {
    choose({ kind: 'audit', ...choice });
  });
  addCheckCommand(program, (choice) => {
    choose({ kind: 'check', ...choice });
  });
  addStatusCommand(program, (choice) => {
    choose({ kind: 'status', ...choice });
  });
  addSetupCommand(program, (choice) => {
    choose({ kind: 'setup', ...choice });
  });
  addCheckpointCommand(program, (choice) => {
    choose({ kind: 'checkpoint', ...choice });
  });
  addScriptSourceCommand(program, (choice) => {
    choose({ kind: 'script-source', ...choice });
  });
}

/**
 * Puts in the command that may be left out, so that commander knows which options are meant. Takes
 * `--option=value` apart, so that no message about an unknown option repeats its value.
 */
function spellOut(args: readonly string[]): string[] {
  const apart = args.flatMap((arg) => {
    const [, name, value] = /^(--[^=]+)=(.*)$/su.exec(arg) ?? [];
    return name === undefined || value === undefined ? [arg] : [name, value];
  });
  const [first, second] = apart;
  if (first === 'help') return [second ?? 'collect', '--help'];
  if (first === '--version' || first === '-V') return apart;
  return first === undefined || first.startsWith('-') ? ['collect', ...apart] : apart;
}

/** How to ask for the help of the command that was meant. */
function helpOf(program: Commander, [name = '']: readonly string[]): string {
  const isKnown = program.commands.some((command) => command.name() === name);
  return isKnown && name !== 'collect' ? `okta-collector ${name} --help` : 'okta-collector --help';
}

function usageError({ message }: CommanderError, help: string): UsageError {
  const [, fault = message, suggestion] = /^error: (.*?)\.?(?:\n\((.*)\))?$/su.exec(message) ?? [];
  const hint = fault.endsWith("'--api-token'")
    ? 'All users of a computer can see a command line: use --api-token-file, or set OKTA_COLLECTOR_API_TOKEN'
    : (suggestion ?? `${help} lists what there is`);
  return new UsageError(`Cannot read the command line: ${fault}`, { hint });
}
