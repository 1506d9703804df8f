import type { Command } from 'commander';
import type { ConfigChoice, ConfigOption } from './config-options.ts';
import { addOptions, configOptions, readConfigChoice } from './config-options.ts';

const options: readonly ConfigOption[] = [
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
    flags: '-s, --setup',
    description: 'check the configuration and the access to Okta, collect nothing',
  },
  { flags: '-r, --run', description: 'collect; this is the default' },
  ...configOptions,
];

/** What the options of a collection say. */
export interface CollectChoice extends ConfigChoice {
  /** Whether only to check that a collection would work. */
  readonly check: boolean;
}

/** Gives a command the options of a collection. */
export function addCollectOptions(command: Command): void {
  addOptions(command, options);
}

/** Reads what commander found. */
export function readCollectOptions(command: Command): CollectChoice {
  const { setup } = command.opts<{ readonly setup?: true }>();
  return { ...readConfigChoice(command, options), check: setup === true };
}
