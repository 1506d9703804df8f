import { resolve } from 'node:path';
import type { Network } from '../domain/network.ts';
import type { Duration, Instant, TimeBound, Window } from '../domain/time.ts';
import { checkSection } from './check-section.ts';
import { requireFixedStart, warnOfOldStart, windowOf } from './check-window.ts';
import type { Credential } from './credential.ts';
import { takeCredential } from './credential.ts';
import { Refusal } from './key.ts';
import { keyList, keys, variableOf } from './keys.ts';
import { doubtsAbout } from './doubtful-file.ts';
import { findMisspeltVariables } from './misspelt-variables.ts';
import { takeNetwork } from './network.ts';
import { placesOf } from './places.ts';
import { findPropertiesFile, installationOf, placesToLook } from './properties-file.ts';
import type { PropertiesFile } from './properties-file.ts';
import { refusal } from './refusal.ts';
import { SettingsReader } from './settings-reader.ts';

/** Everything that can be set, checked. */
export interface Config {
  /** The properties file that was read, absolute; `undefined` if there was none. */
  readonly file: string | undefined;
  /** The folder that holds `conf` and `data`: that of the properties file, else the program's own. */
  readonly installation: string;
  /** The org's origin, such as `https://acme.okta.com`. */
  readonly org: string;
  readonly credential: Credential;
  readonly network: Network;
  /** Absolute. */
  readonly streamPosPath: string;
  /** How many events to ask for at once, 1 to 1000. */
  readonly pageLimit: number;
  /** Where the live stream begins; `undefined`: nobody set it, so the default counts. */
  readonly start: TimeBound | undefined;
  /** The fixed window to collect; `undefined`: the live stream. */
  readonly window: Window | undefined;
  readonly settle: Duration;
  /** The part of the rate limit that is left to the org's other clients, from 0 to 1. */
  readonly rateLimitReserve: number;
  /** `undefined`: a run is one pass. */
  readonly pollInterval: Duration | undefined;
  readonly maxRuntime: Duration;
  readonly log: {
    /** Absolute. */
    readonly file: string | undefined;
    readonly level: 'debug' | 'info' | 'warn' | 'error';
    readonly maxBytes: number;
  };
  /** What does not stop a run but should be said, one sentence each. */
  readonly warnings: readonly string[];
}

/** What a configuration is read from, and seen from where and when. */
export interface ConfigRequest {
  /** Texts from the command line, by key. */
  readonly options: Readonly<Record<string, string>>;
  /** The properties file that was named; `undefined`: look in the usual places. */
  readonly configPath: string | undefined;
  readonly section: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingFolder: string;
  /** The program's own folder, absolute. */
  readonly installation: string;
  readonly now: Instant;
}

/** Reads the configuration from options, environment and properties file; rejects with one `ConfigError` that names every problem, or with a `UsageError` if only times on the command line are wrong. */
export async function loadConfig(request: ConfigRequest): Promise<Config> {
  return readConfig(request, await findPropertiesFile(request));
}

/** The same with a properties file that is at hand; `undefined`: there is none. */
export async function readConfig(
  request: ConfigRequest,
  file: PropertiesFile | undefined,
): Promise<Config> {
  const installation =
    file === undefined ? resolve(request.installation) : installationOf(file.path);
  const settings = openSettings(request, file, installation);
  const { credential, exposure } = await takeCredential(settings);
  const org = settings.take(keys.org);
  const network = await takeNetwork(settings, request.environment, org);
  const values = takePlainValues(settings);
  settings.attempt(keys.logFile, () => {
    requireFileOfItsOwn(values.log.file, values.streamPosPath);
  });
  const window = takeWindow(settings, values.start, request.now);
  const oldStart = window === undefined ? warnOfOldStart(values.start, request.now) : undefined;
  const warnings = [
    ...(file === undefined ? [] : await doubtsAbout(file, request)),
    exposure,
    exposureOf(file, settings),
    oldStart,
    ...findMisspeltVariables(request.environment).map(({ told }) => told),
  ];
  const problems = [
    ...(file === undefined ? [] : checkSection(file, request.section)),
    ...settings.problems,
  ];
  if (org === undefined || credential === undefined || problems.length > 0)
    throw refusal(file, problems);
  return {
    file: file?.path,
    installation,
    org,
    credential,
    network,
    ...values,
    window,
    warnings: warnings.filter((warning) => warning !== undefined),
  };
}

function openSettings(
  request: ConfigRequest,
  file: PropertiesFile | undefined,
  installation: string,
): SettingsReader {
  const generic = file?.sections.get('generic')?.get('path')?.value ?? '.';
  const isSectionMissing = file?.sections.has(request.section) === false;
  const where =
    file === undefined
      ? `Set it in "${placesToLook(request).join('" or "')}" (no such file yet)`
      : `Set it in section [${request.section}] of "${file.path}"`;
  const misspelt = findMisspeltVariables(request.environment);
  const misspeltFor = (key: string): string | undefined =>
    misspelt.find(({ keyName }) => keyName === key)?.told;
  return new SettingsReader({
    places: placesOf({ ...request, file, installation }),
    path: resolve(installation, generic),
    installation,
    howToSet: isSectionMissing
      ? undefined
      : (key) => misspeltFor(key) ?? `${where}, or as the environment variable ${variableOf(key)}`,
  });
}

function takePlainValues(
  settings: SettingsReader,
): Omit<
  Config,
  'file' | 'installation' | 'org' | 'credential' | 'network' | 'window' | 'warnings'
> {
  return {
    streamPosPath: settings.take(keys.streamPosPath),
    pageLimit: settings.take(keys.pageLimit),
    start: settings.take(keys.start),
    settle: settings.take(keys.settle),
    rateLimitReserve: settings.take(keys.rateLimitReserve),
    pollInterval: settings.take(keys.pollInterval),
    maxRuntime: settings.take(keys.maxRuntime),
    log: {
      file: settings.take(keys.logFile),
      level: settings.take(keys.logLevel),
      maxBytes: settings.take(keys.logMaxBytes),
    },
  };
}

function requireFileOfItsOwn(logFile: string | undefined, streamPosPath: string): void {
  if (logFile !== streamPosPath) return;
  throw new Refusal('is the checkpoint file too', 'Give the log a file of its own');
}

/** `undefined` if no end is set, or if a bound cannot be used: then that is the problem to tell. */
function takeWindow(
  settings: SettingsReader,
  start: TimeBound | undefined,
  now: Instant,
): Window | undefined {
  const end = settings.take(keys.end);
  const startSetting = settings.find(keys.start);
  const isStartUnusable = start === undefined && startSetting !== undefined;
  if (end === undefined || isStartUnusable) return undefined;
  settings.attempt(keys.start, () => {
    requireFixedStart(start, startSetting?.origin);
  });
  return settings.attempt(keys.end, () =>
    windowOf(start, end, now, settings.find(keys.end)?.origin),
  );
}

function exposureOf(
  file: PropertiesFile | undefined,
  settings: SettingsReader,
): string | undefined {
  const holdsSecret = keyList.some(
    (key) => key.secret && settings.find(key)?.origin.place === 'file',
  );
  return holdsSecret ? file?.exposure : undefined;
}
