import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry } from './entry.ts';
import { checksums, file } from './entry.ts';
import type { System } from './single-executable.ts';

/** What an installation has beside the program: texts made for it. */
export interface Papers {
  readonly notices: string;
  readonly billOfMaterials: string;
}

/** All that one archive holds, in SumoJanus's layout. */
export async function installationEntries(
  repository: string,
  system: System,
  executable: Buffer,
  papers: Papers,
): Promise<readonly Entry[]> {
  const entries = [
    ...programEntries(system, executable),
    await textFile(repository, wrappers[system], system, 0o755),
    // A token will be in it.
    await textFile(repository, 'conf/sumologic.properties', system, 0o600),
    { path: 'data/', mode: 0o700, content: undefined },
    ...(await paperEntries(repository, papers, (text) => forSystem(system, text))),
  ];
  return [...entries, file('SHA256SUMS', checksums(entries))];
}

/** The papers that lie in each archive and in the npm package. */
export async function paperEntries(
  repository: string,
  { notices, billOfMaterials }: Papers,
  change: (text: string) => string = (text) => text,
): Promise<readonly Entry[]> {
  const ours = ['CHANGELOG.md', 'LICENSE', 'README.md'].map(async (path) =>
    file(path, change(await readFile(join(repository, path), 'utf8'))),
  );
  return [
    ...(await Promise.all(ours)),
    file('THIRD-PARTY-NOTICES.txt', change(notices)),
    file('sbom.cdx.json', billOfMaterials),
  ];
}

const wrappers: Readonly<Record<System, string>> = {
  linux: 'bin/SumoJanus_Okta.bash',
  windows: 'bin/SumoJanus_Okta.bat',
};

function programEntries(system: System, content: Buffer): readonly Entry[] {
  const name = system === 'windows' ? 'okta-collector.exe' : 'okta-collector';
  return [{ path: `bin/${name}`, mode: 0o755, content }];
}

async function textFile(
  repository: string,
  path: string,
  system: System,
  mode: number,
): Promise<Entry> {
  const text = await readFile(join(repository, path), 'utf8');
  return { path, mode, content: Buffer.from(forSystem(system, text)) };
}

/** The editors of older Windows servers show a text with bare line feeds as one line. */
function forSystem(system: System, text: string): string {
  return system === 'windows' ? text.replace(/\r?\n/g, '\r\n') : text;
}
