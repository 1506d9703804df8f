import type { ScriptSourceChoice } from '../cli/script-source-options.ts';
import { UsageError } from '../domain/failure.ts';
import { scriptSourceJson } from '../output/script-source.ts';
import { INSTALLATION } from './installation.ts';

/** Prints the Script Source that starts the program where it lies; throws a `UsageError` if that cannot be known. */
export function printScriptSource(choice: ScriptSourceChoice, print: (text: string) => void): void {
  const here = process.platform === 'win32' ? 'windows' : 'linux';
  const platform = choice.platform ?? here;
  const folder = choice.folder ?? (platform === here ? INSTALLATION : undefined);
  if (folder === undefined)
    throw new UsageError(
      `Cannot tell where the program lies on ${platform}: this computer runs ${here}`,
      { hint: `Add the folder, such as --folder ${EXAMPLES[platform]}` },
    );
  print(scriptSourceJson({ ...choice, platform, folder }));
}

const EXAMPLES = { linux: '/opt/okta-collector', windows: String.raw`C:\okta-collector` };
