import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import type { Config } from '../../src/config/config.ts';
import { ConfigError, UsageError } from '../../src/domain/failure.ts';
import type { ConfigProblem } from '../../src/domain/failure.ts';
import { parseInstant } from '../../src/domain/time.ts';
import type { Instant } from '../../src/domain/time.ts';

/** What a test sets; the rest is what a run started in the installation's folder would have. */
type Request = Partial<Parameters<typeof loadConfig>[0]>;

const now: Instant = at('2026-11-15T12:00:00Z');

/** The least that a section must say. */
export const enough = 'okta_org_url = https://acme.okta.com\napi_token = 00secret\n';

export function at(text: string): Instant {
  const moment = parseInstant(text);
  if (moment === undefined) throw new Error(`no time: ${text}`);
  return moment;
}

/** A new folder with `conf/sumologic.properties` in it, if there is a text for that; gone after the test. */
export async function createInstallation(text?: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'okta-config-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, 'conf'));
  if (text !== undefined) {
    await writeFile(join(folder, 'conf', 'sumologic.properties'), text, { mode: 0o600 });
  }
  return folder;
}

/** Loads what is set up in an installation. */
export async function loadIn(installation: string, request: Request = {}): Promise<Config> {
  return loadConfig({
    options: {},
    configPath: undefined,
    section: 'oktacollector',
    environment: {},
    workingFolder: installation,
    installation,
    now,
    ...request,
  });
}

/** Loads a section of which only some lines matter. */
export async function loadSection(lines: string, request?: Request): Promise<Config> {
  return loadIn(await createInstallation(`[oktacollector]\n${lines}`), request);
}

/** The error that loading ends with. */
export async function failureOf(loading: Promise<unknown>): Promise<ConfigError> {
  const outcome = await loading.catch((error: unknown) => error);
  if (outcome instanceof ConfigError) return outcome;
  throw new Error('expected a ConfigError', { cause: outcome });
}

/** The problems that loading ends with. */
export async function problemsOf(loading: Promise<unknown>): Promise<readonly ConfigProblem[]> {
  return (await failureOf(loading)).problems;
}

/** Of a configuration that only the command line spoils: what is said of that. */
export async function usageErrorOf(loading: Promise<unknown>): Promise<UsageError> {
  const outcome: unknown = await loading.catch((error: unknown) => error);
  if (outcome instanceof UsageError) return outcome;
  throw new Error('expected a UsageError', { cause: outcome });
}
