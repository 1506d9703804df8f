import type { Command } from 'commander';
import { Option } from 'commander';
import type { ConfigChoice, ConfigOption } from './config-options.ts';
import { addOptions, configOptions, readConfigChoice } from './config-options.ts';
import { wholeNumber } from './whole-number.ts';

/** The bounds of a backfill, as they were written. */
export interface BackfillBounds {
  readonly start: string;
  /** `live`: where the live stream began. */
  readonly end: string;
}

/** How a backfill is to be read and written. */
export interface BackfillManner {
  /** How many requests at the same time, at most. */
  readonly parallel: number;
  readonly isOrdered: boolean;
  /** In per cent of what Okta grants. */
  readonly rateLimitShare: number;
  /** As it was written; `undefined`: standard output. */
  readonly outputDir: string | undefined;
  readonly isCompressed: boolean;
}

/** What a command `backfill` is to do. */
export type BackfillTask =
  | ({ readonly kind: 'collect' | 'estimate' } & BackfillBounds & BackfillManner)
  | { readonly kind: 'list' }
  | { readonly kind: 'forget'; readonly id: string };

/** What the options of `backfill` say. */
export interface BackfillChoice extends ConfigChoice {
  readonly task: BackfillTask;
}

const boundOptions: readonly ConfigOption[] = [
  {
    flags: '--start <time>',
    key: 'start_time',
    description: 'where to begin: epoch milliseconds, 2026-11-15T10:30:00Z, or a span such as 90d',
  },
  {
    flags: '--end <time>',
    key: 'end_time',
    description: 'where to end, written likewise; "now" is the time of the first start',
  },
];

const readingOptions: readonly ConfigOption[] = [
  {
    flags: '--limit <events>',
    key: 'pagination_limit',
    description: 'how many events to ask for at once',
  },
  {
    flags: '--settle <seconds>',
    key: 'settle_seconds',
    description: 'leave events younger than this for later',
  },
  ...configOptions.map((option) =>
    option.key === 'max_runtime_seconds'
      ? { ...option, description: 'how long it may take (default: as long as it takes)' }
      : option,
  ),
];

const backfillHelp = `
Reads months of history beside the live stream, whose position it does not
touch, and writes it in order of time: one event a line on standard output, or
with --output-dir a file for each day. Stop it whenever you like: the same
command goes on where it was, and once it is finished asks Okta nothing.

Into files each event comes once. On standard output a page can come twice
after a crash, for a pipe takes nothing back; append it (>>) when it goes on.

Examples:
  What would it take?
    okta-collector backfill --start 90d --end now --dry-run
  Everything that Okta still has, a compressed file for each day
    okta-collector backfill --start 90d --end now --output-dir days --gzip
  Everything before the live stream, which has the rest
    okta-collector backfill --start 90d --until-live >> before.json
  Which ones there are, and to begin one of them anew
    okta-collector backfill --list
    okta-collector backfill --forget 5f0c12ab
`;

/** Adds the command `backfill`; `choose` is told what its options say. */
export function addBackfillCommand(
  program: Command,
  choose: (choice: BackfillChoice) => void,
): void {
  const command = program
    .command('backfill')
    .description('Collects months of history in parallel, resumably, beside the live stream.')
    .addHelpText('after', backfillHelp);
  addOptions(command, boundOptions);
  addMannerOptions(command);
  addOptions(command, readingOptions);
  command.action(() => {
    const choice = readConfigChoice(command, [...boundOptions, ...readingOptions]);
    choose({ ...choice, task: readTask(command) });
  });
}

function addMannerOptions(command: Command): void {
  command
    .addOption(
      new Option(
        '--until-live',
        'end where the live stream began, and leave out what it has',
      ).conflicts('end'),
    )
    .option('--output-dir <folder>', 'write a file for each day (UTC) and manifest.json there')
    .option('--gzip', 'with --output-dir: compress the files')
    .option('--parallel <requests>', 'how many at the same time, at most', wholeNumber(1, 16), 4)
    .option('--unordered', 'write pages as they come, not in order of time')
    .option(
      '--rate-limit-share <percent>',
      'how much of the rate limit to use; the rest is left to the live stream and others',
      wholeNumber(1, 100),
      50,
    )
    .option('--dry-run', 'ask for a few pages, and estimate requests and time by them')
    .option('--list', 'show the backfills that were begun')
    .option('--forget <id>', 'forget one of them');
}

interface Found {
  readonly start?: string;
  readonly end?: string;
  readonly untilLive?: true;
  readonly outputDir?: string;
  readonly gzip?: true;
  readonly parallel: number;
  readonly unordered?: true;
  readonly rateLimitShare: number;
  readonly dryRun?: true;
  readonly list?: true;
  readonly forget?: string;
}

function readTask(command: Command): BackfillTask {
  const found = command.opts<Found>();
  if (found.list === true) return { kind: 'list' };
  if (found.forget !== undefined) return { kind: 'forget', id: found.forget };
  const end = found.untilLive === true ? 'live' : found.end;
  if (found.start === undefined || end === undefined)
    command.error('error: a backfill needs --start, and --end or --until-live');
  if (found.unordered === true && found.outputDir !== undefined)
    command.error(
      'error: --unordered makes no sense with --output-dir: days are completed in order',
    );
  if (found.outputDir === '') command.error('error: --output-dir names no folder');
  if (found.gzip === true && found.outputDir === undefined)
    command.error('error: --gzip needs --output-dir; a pipe can lead to gzip');
  return {
    kind: found.dryRun === true ? 'estimate' : 'collect',
    start: found.start,
    end,
    parallel: found.parallel,
    isOrdered: found.unordered !== true,
    rateLimitShare: found.rateLimitShare,
    outputDir: found.outputDir,
    isCompressed: found.gzip === true,
  };
}
