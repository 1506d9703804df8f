import type { Command } from 'commander';
import type { ConfigChoice, ConfigOption } from './config-options.ts';
import { addOptions, configOptions, readConfigChoice } from './config-options.ts';

const options: readonly ConfigOption[] = [
  {
    flags: '--start <time>',
    key: 'start_time',
    description: 'where to begin (default: 7 days before the end); written as for a collection',
  },
  {
    flags: '--end <time>',
    key: 'end_time',
    description: 'where to end; may also be "now"',
  },
  ...configOptions,
];

const auditHelp = `
Asks the org for its events from --start to --end and compares them with those
in the files, by uuid and byte for byte: one a line, as this program writes
them, plain or gzip; "-" is standard input. Events of other times are counted
and left alone. What is found and a table go to standard output (to standard
error with --repair -).

  missing         the org has it, and no file
  duplicated      more than one line has it
  altered         a line has it, but not as the org sends it
  not in the org  a line has it, and the org does not
  unreadable      a line that is no event: torn, or glued to another; or what
                  stands behind the gzip of a file

Events that Okta stores late are left out of bounded requests made before: an
audit some time later finds them missing.

Examples:
  okta-collector audit --start 2026-11-14 --end 2026-11-15 days/2026-11-14.ndjson
  zcat days/*.gz | okta-collector audit --start 90d --end now \\
    --repair missing.ndjson -

Exit codes, beside those of a collection:
   0  the files have each event once, as it is
   1  they do not
  75  not finished: stopped, Okta cannot be reached, or the time is to come
`;

/** What the options of `audit` say. */
export interface AuditChoice extends ConfigChoice {
  /** The files to look at; `-` is standard input. */
  readonly files: readonly string[];
  /** Where missing events go; `-` is standard output, `undefined` nowhere. */
  readonly repair: string | undefined;
  readonly json: boolean;
}

/** Adds the command `audit`; `choose` is told what its options say. */
export function addAuditCommand(program: Command, choose: (choice: AuditChoice) => void): void {
  const command = program
    .command('audit')
    .argument('<files...>', 'files of events, plain or gzip; "-" is standard input')
    .description('Asks the org again and says what files of events lack; fails if they do.')
    .option('--repair <file>', 'write the missing events to this new file, or to "-"')
    .option('--json', 'a JSON object for each difference, and one for the result')
    .addHelpText('after', auditHelp)
    .action((files: string[]) => {
      choose(readAuditOptions(command, files));
    });
  addOptions(command, options);
}

function readAuditOptions(command: Command, files: readonly string[]): AuditChoice {
  const { repair, json } = command.opts<{ readonly repair?: string; readonly json?: true }>();
  return { ...readConfigChoice(command, options), files, repair, json: json === true };
}
