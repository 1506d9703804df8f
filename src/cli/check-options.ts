import type { Command } from 'commander';
import type { ConfigChoice } from './config-options.ts';
import { addOptions, configOptions, readConfigChoice } from './config-options.ts';

/** What the options of `check` say. */
export interface CheckChoice extends ConfigChoice {
  readonly json: boolean;
}

const checkHelp = `
Collects nothing and moves nothing. Asks Okta for one event, one user and one
group to see what the credential may read.

  ✓  as it should be        !  works, but worth looking at
  ✗  does not work          -  could not be looked at

Exit code: that of the first fault, as a run would have it; 0 if there is none.
`;

/** Adds the command `check`; `choose` is told what its options say. */
export function addCheckCommand(program: Command, choose: (choice: CheckChoice) => void): void {
  const command = program
    .command('check')
    .description('Looks whether collection would work, and says what to do if not.')
    .option('--json', 'one JSON object')
    .addHelpText('after', checkHelp)
    .action(() => {
      const { json } = command.opts<{ readonly json?: true }>();
      choose({ ...readConfigChoice(command, configOptions), json: json === true });
    });
  addOptions(command, configOptions);
}
