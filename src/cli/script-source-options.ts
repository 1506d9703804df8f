import { Option } from 'commander';
import type { Command } from 'commander';

/** How the Script Source is wanted. */
export interface ScriptSourceChoice {
  readonly name: string;
  readonly category: string;
  /** `undefined`: that of this computer. */
  readonly platform: 'linux' | 'windows' | undefined;
  /** Where the program lies on the collector's computer; `undefined`: where it lies on this one. */
  readonly folder: string | undefined;
  readonly siem: boolean;
}

/** The Script Source that is printed if nothing else is asked for. */
export const DEFAULT_SCRIPT_SOURCE: ScriptSourceChoice = {
  name: 'OktaCollector',
  category: 'okta',
  platform: undefined,
  folder: undefined,
  siem: false,
};

/** Adds the command; `choose` is called with what its options say. */
export function addScriptSourceCommand(
  program: Command,
  choose: (choice: ScriptSourceChoice) => void,
): void {
  program
    .command('script-source')
    .description("Prints the Script Source for Sumo Logic's Collector Management API.")
    .option('--name <name>', 'the name of the source', DEFAULT_SCRIPT_SOURCE.name)
    .option('--category <category>', 'the source category', DEFAULT_SCRIPT_SOURCE.category)
    .option('--siem', 'forward the events to Cloud SIEM, too')
    .addOption(
      new Option(
        '--platform <platform>',
        'the system of the collector (default: that of this computer)',
      ).choices(['linux', 'windows']),
    )
    .option(
      '--folder <path>',
      'where the program lies on the collector (default: where it lies here)',
    )
    .action((options: Partial<ScriptSourceChoice>) => {
      choose({ ...DEFAULT_SCRIPT_SOURCE, ...options });
    });
}
