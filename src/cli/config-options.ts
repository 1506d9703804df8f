import { Option } from 'commander';
import type { Command } from 'commander';

/** An option, and the configuration key that it sets. */
export interface ConfigOption {
  readonly flags: string;
  readonly description: string;
  /** `undefined`: the option sets no key. */
  readonly key?: string;
  /** What an option without argument sets its key to. */
  readonly means?: string;
}

/** The options of all commands that read the configuration. No option takes a secret: every user of a computer can see the command lines of all. */
export const configOptions: readonly ConfigOption[] = [
  {
    flags: '--config <file>',
    description:
      'the properties file (default: conf/sumologic.properties, here or where the program is installed)',
  },
  {
    flags: '--section <name>',
    description: 'the section of the properties file (default: oktacollector)',
  },
  {
    flags: '-e, --max-runtime <seconds>',
    key: 'max_runtime_seconds',
    description: 'how long the run may take',
  },
  {
    flags: '--org-url <url>',
    key: 'okta_org_url',
    description: 'the Okta org, such as https://acme.okta.com',
  },
  {
    flags: '--api-token-file <file>',
    key: 'api_token_file',
    description: 'the file that holds the API token',
  },
  {
    flags: '--stream-pos-path <file>',
    key: 'stream_pos_path',
    description: 'the file that keeps the position in the stream',
  },
  { flags: '--log-file <file>', key: 'log_file', description: 'write the log to this file' },
  { flags: '--log-level <level>', key: 'log_level', description: 'debug, info, warn or error' },
  {
    flags: '-d, --debug',
    key: 'log_level',
    means: 'debug',
    description: 'the same as --log-level debug',
  },
  { flags: '--quiet', description: 'nothing on standard error, but one line if the run fails' },
];

/** Where the configuration comes from. */
export interface ConfigChoice {
  readonly configPath: string | undefined;
  readonly section: string;
  /** Texts by configuration key, of those keys that an option sets. */
  readonly options: Readonly<Record<string, string>>;
  /** Whether to keep standard error for the one line of a failure. */
  readonly quiet: boolean;
}

/** Gives a command some options. */
export function addOptions(command: Command, options: readonly ConfigOption[]): void {
  for (const { flags, description } of options) command.option(flags, description);
}

/** Reads what commander found of `options`. Of two options for one key the one further down the help wins. */
export function readConfigChoice(command: Command, options: readonly ConfigOption[]): ConfigChoice {
  const found = command.opts<Readonly<Record<string, unknown>>>();
  const textOf = (name: string): string | undefined => {
    const value = found[name];
    return typeof value === 'string' ? value : undefined;
  };
  const set = options.flatMap(({ flags, key, means }) => {
    const name = new Option(flags).attributeName();
    const text = found[name] === true ? means : textOf(name);
    return key === undefined || text === undefined ? [] : [[key, text] as const];
  });
  return {
    configPath: textOf('config'),
    section: textOf('section') ?? 'oktacollector',
    options: Object.fromEntries(set),
    quiet: found['quiet'] === true,
  };
}
