import packageJson from '../../package.json' with { type: 'json' };
import { builtCommit } from '../rules/built-commit.js';
import type { Archive } from './archive.ts';
import { tarGz, zip } from './archive.ts';
import { billOfMaterials } from './bill-of-materials.ts';
import { buildTime } from './build-time.ts';
import { packagesOf } from './bundled-packages.ts';
import type { Entry } from './entry.ts';
import { file } from './entry.ts';
import type { Papers } from './installation-entries.ts';
import { installationEntries } from './installation-entries.ts';
import { nodeInside } from './node-inside.ts';
import { packNpmPackage } from './npm-package.ts';
import type { LicencedPart } from './part.ts';
import { repository } from './places.ts';
import { bundleProgram } from './program-code.ts';
import type { System } from './single-executable.ts';
import { buildExecutable, nodeFor } from './single-executable.ts';
import { thirdPartyNotices } from './third-party-notices.ts';

const { version } = packageJson;

const forms: Readonly<Record<System, readonly [ending: string, archive: Archive]>> = {
  linux: ['linux-x64.tar.gz', tarGz],
  windows: ['windows-x64.zip', zip],
};

/** The files that users choose from, built from the working directory with `workplace` for scratch. */
export async function buildProducts(workplace: string): Promise<readonly Entry[]> {
  const time = await buildTime(repository);
  const program = await bundleProgram(repository);
  const packages = await packagesOf(program.modules, repository);
  const archives = (['linux', 'windows'] as const).map(async (system) => {
    const [ending, archive] = forms[system];
    const papers = papersOf([...packages, await nodeInside(nodeFor[system])], time);
    const executable = await buildExecutable(system, program.text, workplace);
    const entries = await installationEntries(repository, system, executable, papers);
    const top = `okta-collector-${version}`;
    return file(`${top}-${ending}`, await archive(top, entries, time));
  });
  const npmPackage = packNpmPackage(repository, papersOf(packages, time), workplace);
  return Promise.all([...archives, npmPackage]);
}

function papersOf(parts: readonly LicencedPart[], time: Date): Papers {
  return {
    notices: thirdPartyNotices(parts),
    billOfMaterials: billOfMaterials({ version, commit: builtCommit(), time, parts }),
  };
}
