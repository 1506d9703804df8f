import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import type { Installation, Settings } from '../support/unpack.ts';
import { configure } from '../support/unpack.ts';
import { repository } from './places.ts';

/** What `npm run dist` has built. */
export const released = {
  folder: join(repository, 'release'),
  version: packageJson.version,
  linux: join(repository, 'release', `okta-collector-${packageJson.version}-linux-x64.tar.gz`),
  windows: join(repository, 'release', `okta-collector-${packageJson.version}-windows-x64.zip`),
  npm: join(repository, 'release', `okta-collector-${packageJson.version}.tgz`),
};

/** A folder that is removed when the test is over, and that everybody may enter. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'okta-collector-released-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await chmod(folder, 0o755);
  return folder;
}

/** Runs a program of this machine to its end; rejects if it fails. Gives what it prints. */
export async function ask(
  program: string,
  args: readonly string[],
  environment?: Readonly<Record<string, string>>,
): Promise<string> {
  const options = environment === undefined ? {} : { env: environment };
  const { stdout } = await promisify(execFile)(program, args, options);
  return stdout;
}

/** Unpacks an archive below `folder`, as its reader would. Gives the folder that it unpacks into. */
export async function unpackArchive(archive: string, folder: string): Promise<string> {
  if (archive.endsWith('.zip')) await ask('unzip', ['-q', archive, '-d', folder]);
  else await ask('tar', ['-xzf', archive, '-C', folder]);
  return join(folder, `okta-collector-${released.version}`);
}

/** Configures an unpacked archive for an org. */
export async function configureUnpacked(
  folder: string,
  org: { readonly url: string; readonly token: string },
  settings: Settings = {},
): Promise<Installation> {
  const installation = {
    folder,
    checkpoint: join(folder, 'data', 'okta_checkpoint.dat'),
    log: join(folder, 'data', 'okta-collector.log'),
  };
  await configure(installation, { okta_org_url: org.url, api_token: org.token, ...settings });
  return installation;
}

/** The text of a file of an unpacked archive. */
export function textOf(folder: string, path: string): Promise<string> {
  return readFile(join(folder, path), 'utf8');
}
