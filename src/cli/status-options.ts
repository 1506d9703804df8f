import { Option } from 'commander';
import type { Command } from 'commander';
import type { ConfigChoice } from './config-options.ts';
import { addOptions, configOptions, readConfigChoice } from './config-options.ts';

/** In which form the status is wanted. */
export type StatusForm = 'text' | 'json' | 'prometheus';

/** What the options of `status` say. */
export interface StatusChoice extends ConfigChoice {
  readonly form: StatusForm;
}

const statusHelp = `
Reads the files in data/ only: it asks Okta nothing and holds no run up.

Exit codes:
   0  healthy: the checkpoint can be used, no run failed since the last success,
      which is at most three intervals old (but 15 minutes may always pass),
      the lag is below an hour (or three intervals, if that is more), no run
      hangs, and no gap was found within a day
   1  not healthy
  78  the configuration is wrong
`;

/** Adds the command `status`; `choose` is told what its options say. */
export function addStatusCommand(program: Command, choose: (choice: StatusChoice) => void): void {
  const command = program
    .command('status')
    .description('Says how collection goes, by the files in data/; fails if it is not healthy.')
    .addOption(new Option('--json', 'one JSON object').conflicts('prometheus'))
    .addOption(
      new Option('--prometheus', "text for the textfile collector of Prometheus's node_exporter"),
    )
    .addHelpText('after', statusHelp)
    .action(() => {
      choose(readStatusOptions(command));
    });
  addOptions(command, configOptions);
}

function readStatusOptions(command: Command): StatusChoice {
  const { json, prometheus } = command.opts<{
    readonly json?: true;
    readonly prometheus?: true;
  }>();
  const form = prometheus === true ? 'prometheus' : json === true ? 'json' : 'text';
  return { ...readConfigChoice(command, configOptions), form };
}
