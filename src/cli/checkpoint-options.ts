import type { Command } from 'commander';
import type { ConfigChoice } from './config-options.ts';
import { addOptions, configOptions, readConfigChoice } from './config-options.ts';

/** What is to be done with a checkpoint. */
export type CheckpointAction =
  | { readonly action: 'show'; readonly json: boolean }
  | { readonly action: 'set'; readonly since: string }
  | { readonly action: 'reset' }
  | { readonly action: 'export' };

export type CheckpointChoice = CheckpointAction & ConfigChoice;

/** Adds the command with its four subcommands; the one that is asked for calls `choose`. */
export function addCheckpointCommand(
  program: Command,
  choose: (choice: CheckpointChoice) => void,
): void {
  const command = program
    .command('checkpoint')
    .description('Shows or changes where the next run goes on. Refuses while a run is at work.')
    .helpCommand(false);
  const show = command
    .command('show', { isDefault: true })
    .description('Shows how far the stream has come.')
    .option('--json', 'as JSON, with the whole link');
  const set = command
    .command('set')
    .description('Lets the next run begin at a time; keeps a backup of the checkpoint.')
    .requiredOption(
      '--since <time>',
      'epoch milliseconds, 2026-11-15T10:30:00Z, or a span before now such as 7d, 12h, 15m',
    );
  const reset = command
    .command('reset')
    .description('Moves the checkpoint to a backup: the next run is a first one.');
  const exported = command
    .command('export')
    .description('Prints the checkpoint as SumoJanus keeps it.');
  for (const each of [show, set, reset, exported]) addOptions(each, configOptions);
  show.action(({ json = false }: { readonly json?: boolean }) => {
    choose({ action: 'show', json, ...choiceOf(show) });
  });
  set.action(({ since }: { readonly since: string }) => {
    choose({ action: 'set', since, ...choiceOf(set) });
  });
  reset.action(() => {
    choose({ action: 'reset', ...choiceOf(reset) });
  });
  exported.action(() => {
    choose({ action: 'export', ...choiceOf(exported) });
  });
}

function choiceOf(command: Command): ConfigChoice {
  return readConfigChoice(command, configOptions);
}
