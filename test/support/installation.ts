import { readFile, rm } from 'node:fs/promises';
import { inject, onTestFinished } from 'vitest';
import { isJsonObject, parseJson } from '../../src/state/json-shape.ts';
import type { JsonObject } from '../../src/state/json-shape.ts';
import type { Installation, Settings } from './unpack.ts';
import { unpack } from './unpack.ts';

export type { Installation, Settings } from './unpack.ts';
export { configure } from './unpack.ts';

/** Unpacks the program for one test, and configures it for an org. */
export async function install(
  org: { readonly url: string; readonly token: string },
  settings?: Settings,
): Promise<Installation> {
  const installation = await unpack(inject('program'), org, settings);
  onTestFinished(() => rm(installation.folder, { recursive: true }));
  return installation;
}

/** The records of the log of quiet runs. Throws if a line of it is no JSON object. */
export async function readLog({ log }: Installation): Promise<readonly JsonObject[]> {
  const lines = (await readFile(log, 'utf8')).split('\n').slice(0, -1);
  return lines.map((line) => {
    const record = parseJson(line);
    if (isJsonObject(record)) return record;
    throw new Error(`not a record: ${line}`);
  });
}

/** The summaries of quiet runs, in the order of the runs. */
export async function readSummaries(installation: Installation): Promise<readonly JsonObject[]> {
  const records = await readLog(installation);
  return records.filter(({ message }) => message === 'Run ended');
}
