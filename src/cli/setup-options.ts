import { Option } from 'commander';
import type { Command } from 'commander';
import type { ConfigChoice, ConfigOption } from './config-options.ts';
import { addOptions, configOptions, readConfigChoice } from './config-options.ts';

const options: readonly ConfigOption[] = [
  {
    flags: '--api-token-stdin',
    description: 'read the API token from standard input and write it to the file',
  },
  {
    flags: '--client-id <id>',
    key: 'client_id',
    description: 'sign in as the service app with this client ID',
  },
  {
    flags: '--private-key-file <file>',
    key: 'private_key_file',
    description: 'the file that holds the private key of the app (PEM or JWK)',
  },
  {
    flags: '--key-id <kid>',
    key: 'key_id',
    description: 'the ID of that key, if the app has more than one',
  },
  {
    flags: '--client-secret-file <file>',
    key: 'client_secret_file',
    description: 'the file that holds the client secret of the app',
  },
  {
    flags: '--ca-file <file>',
    key: 'ca_file',
    description: 'certificates to trust beside the well-known ones (PEM)',
  },
  ...configOptions,
];

/** What the options of a set-up say. */
export interface SetupChoice extends ConfigChoice {
  /** Whether standard input brings the API token. */
  readonly tokenFromStdin: boolean;
}

/** Adds the command; `choose` is called with what its options say. */
export function addSetupCommand(program: Command, choose: (choice: SetupChoice) => void): void {
  const command = program
    .command('setup')
    .description(
      'Writes the properties file, checks it, and prints the Script Source to go with it. ' +
        'At a terminal it asks for what no option says. Every option that sets a key is written to the file.',
    )
    // SumoJanus's own wrapper asks for the set-up with it.
    .addOption(new Option('-s, --setup').hideHelp());
  addOptions(command, options);
  command.action(() => {
    const { apiTokenStdin } = command.opts<{ readonly apiTokenStdin?: true }>();
    choose({ ...readConfigChoice(command, options), tokenFromStdin: apiTokenStdin === true });
  });
}
