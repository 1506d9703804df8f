import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder that the program was unpacked into and configured in. */
export interface Installation {
  readonly folder: string;
  /** The live stream's checkpoint file. */
  readonly checkpoint: string;
  /** The log of quiet runs. */
  readonly log: string;
}

/** Lines of `[oktacollector]` by key; `undefined` for none. */
export type Settings = Readonly<Record<string, string | undefined>>;

/**
 * Unpacks the program into a new temporary folder, and configures it for an org.
 * @param program the folder that holds bin, dist and package.json
 */
export async function unpack(
  program: string,
  org: { readonly url: string; readonly token: string },
  settings: Settings = {},
): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'okta-collector-installation-'));
  for (const part of ['bin', 'dist', 'package.json']) {
    await cp(join(program, part), join(folder, part), { recursive: true });
  }
  await mkdir(join(folder, 'data'));
  await mkdir(join(folder, 'conf'));
  const installation = {
    folder,
    checkpoint: join(folder, 'data', 'okta_checkpoint.dat'),
    log: join(folder, 'data', 'okta-collector.log'),
  };
  await configure(installation, { okta_org_url: org.url, api_token: org.token, ...settings });
  return installation;
}

/** Writes the properties file anew. */
export async function configure({ folder }: Installation, settings: Settings): Promise<void> {
  const lines = Object.entries(settings).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key} = ${value}\n`],
  );
  const text = `[generic]\npath = .\n\n[oktacollector]\n${lines.join('')}`;
  await writeFile(join(folder, 'conf', 'sumologic.properties'), text, { mode: 0o600 });
}
