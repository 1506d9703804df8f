import { Option } from 'commander';
import type { Command } from 'commander';

/** An option of the collection, and the configuration key that it sets. */
interface CollectOption {
  readonly flags: string;
  readonly description: string;
  /** `undefined`: the option sets no key. */
  readonly key?: string;
  /** What an option without argument sets its key to. */
  readonly means?: string;
}

/** No option takes a secret: every user of a computer can see the command lines of all. */
const rows: readonly CollectOption[] = [
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
    flags: '--start <time>',
    key: 'start_time',
    description:
      'where to start: epoch milliseconds, 2026-11-15T10:30:00Z, or a span before now such as 7d, 12h, 15m',
  },
  {
    flags: '--end <time>',
    key: 'end_time',
    description: 'collect a window that ends here, and not the live stream; may also be "now"',
  },
  {
    flags: '-e, --max-runtime <seconds>',
    key: 'max_runtime_seconds',
    description: 'how long the run may take',
  },
  {
    flags: '--poll-interval <seconds>',
    key: 'poll_interval_seconds',
    description: 'look for new events this often until the time is up',
  },
  {
    flags: '--settle <seconds>',
    key: 'settle_seconds',
    description: 'leave events younger than this to a later run',
  },
  {
    flags: '--limit <events>',
    key: 'pagination_limit',
    description: 'how many events to ask for at once',
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
  {
    flags: '-s, --setup',
    description: 'check the configuration and the access to Okta, collect nothing',
  },
  { flags: '-r, --run', description: 'collect; this is the default' },
];

/** What the options of a collection say. */
export interface CollectChoice {
  /** Whether only to check that a collection would work. */
  readonly check: boolean;
  readonly configPath: string | undefined;
  readonly section: string;
  /** Texts by configuration key, of those keys that an option sets. */
  readonly options: Readonly<Record<string, string>>;
  readonly quiet: boolean;
}

/** Gives a command the options of a collection. */
export function addCollectOptions(command: Command): void {
  for (const { flags, description } of rows) command.option(flags, description);
}

/** Reads what commander found. Of two options for one key the one further down the help wins. */
export function readCollectOptions(command: Command): CollectChoice {
  const found = command.opts<Readonly<Record<string, unknown>>>();
  const textOf = (name: string): string | undefined => {
    const value = found[name];
    return typeof value === 'string' ? value : undefined;
  };
  const set = rows.flatMap(({ flags, key, means }) => {
    const name = new Option(flags).attributeName();
    const text = found[name] === true ? means : textOf(name);
    return key === undefined || text === undefined ? [] : [[key, text] as const];
  });
  return {
    check: found['setup'] === true,
    configPath: textOf('config'),
    section: textOf('section') ?? 'oktacollector',
    options: Object.fromEntries(set),
    quiet: found['quiet'] === true,
  };
}
