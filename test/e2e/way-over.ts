import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { days, earlier, formatInstant, minutes } from '../../src/domain/time.ts';
import { readSummaries } from '../support/installation.ts';
import type { Ended } from '../support/program.ts';
import { start } from '../support/program.ts';
import { codeBelow } from '../support/readme.ts';
import type { OpenOrg } from './open-org.ts';
import { eventsUpToHorizon } from './open-org.ts';
import { uuidsIn, uuidsOf } from './printed.ts';
import { readFileOfSumoJanus, runSumoJanus } from './sumojanus.ts';

/** What the README calls the installation. */
export const INSTALLED = '/opt/okta-collector';

type Environment = Readonly<Record<string, string>>;

/** What an administrator's own file looks like after some years. */
function configuration(url: string, token: string, folder: string): string {
  return [
    '[generic]',
    'path = .',
    '',
    '[oktacollector]',
    '# Okta API token',
    `api_token=${token}  `,
    `okta_org_url = ${url}/`,
    `stream_pos_path = ${folder}/data/okta_checkpoint.dat`,
    'pagination_limit = 100',
    '# start_time = 1435709058000',
    '',
  ].join('\n');
}

/** A computer with SumoJanus at work, to which the archive was downloaded. */
async function computer(
  { sandbox, clock }: OpenOrg,
  environment: Environment,
  download: (folder: string) => Promise<void>,
) {
  const root = await mkdtemp(join(tmpdir(), 'okta-collector-way-over-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const [old, ours] = [join(root, 'SumoJanus'), join(root, 'okta-collector')];
  for (const folder of ['conf', 'data', 'bin']) await mkdir(join(old, folder), { recursive: true });
  const properties = configuration(sandbox.url, sandbox.token, old);
  await writeFile(join(old, 'conf', 'sumologic.properties'), properties);
  await download(root);
  const since = earlier(clock.now(), days(7));
  const first = `${sandbox.url}/api/v1/logs?sortOrder=ASCENDING&limit=100&since=${formatInstant(since)}`;
  const checkpoint = join(old, 'data', 'okta_checkpoint.dat');
  const printed = await runSumoJanus(
    sandbox,
    checkpoint,
    { start_time: since, checkpoint_url: first, end_time: 0, last_read_events: [] },
    2,
  );
  const run = (step: string): Promise<Ended> => {
    const line = step.replaceAll(INSTALLED, ours).replaceAll('/opt/SumoJanus', old);
    return start('/bin/bash', ['-ec', line], {
      folder: root,
      environment: { PATH: process.env['PATH'] ?? '', ...environment },
    }).ended;
  };
  return { ours, checkpoint, printed, run };
}

/** Waits as the README says, while a process that looks like SumoJanus is at work, which then ends. */
async function waitForSumoJanus(step: string, folder: string): Promise<void> {
  const old = start('/bin/bash', ['-c', 'exec -a "java -jar OktaCollector-0" sleep 60'], {
    folder,
  });
  const waiting = start('/bin/bash', ['-c', step.replace('sleep 10', 'sleep 0.1')], { folder });
  await waiting.printed(1);
  old.kill('SIGKILL');
  const { exitCode, stdout } = await waiting.ended;
  expect(exitCode).toBe(0);
  expect(stdout.toString()).toContain(`${old.pid} java -jar OktaCollector-0`);
}

/**
 * Does all that the README's chapter on SumoJanus says, there and back; expects that each event of the
 * org came once.
 * @param org one with more than 200 events, each older than the horizon
 * @param environment of the program, beside PATH
 * @param download puts the archive for Linux into a folder
 */
export async function goOverFromSumoJanus(
  org: OpenOrg,
  environment: Environment,
  download: (folder: string) => Promise<void>,
): Promise<void> {
  const { sandbox, clock } = org;
  const { ours, checkpoint, printed, run } = await computer(org, environment, download);
  const [unpack = '', wait = '', copy = '', setUp = '', look = '', back = '', ...more] =
    await codeBelow('From SumoJanus in ten minutes');
  expect(more).toEqual([]);

  expect(await run(unpack)).toMatchObject({ exitCode: 0, stderr: '' });
  await waitForSumoJanus(wait, ours);
  expect(await run(copy)).toMatchObject({ exitCode: 0, stderr: '' });
  const ended = await run(setUp);
  expect(ended.exitCode).toBe(0);
  const shown = ended.stdout.toString();
  const { source } = JSON.parse(shown.slice(shown.indexOf('\n{'))) as {
    readonly source: { commands: string[]; file: string; workingDir: string };
  };
  const asSource = (): Promise<Ended> =>
    start(source.commands[0] ?? '', [source.file], { folder: source.workingDir, environment })
      .ended;

  const first = await asSource();
  expect(first).toMatchObject({ exitCode: 0, stderr: '' });
  expect((await run(look)).stdout.toString()).toContain('written by    okta-collector');
  const log = join(ours, 'data/okta-collector.log');
  expect(await readSummaries({ folder: ours, checkpoint, log })).toHaveLength(1);
  clock.move(minutes(7));
  const second = await asSource();

  expect(await run(back)).toMatchObject({ exitCode: 0, stderr: '' });
  clock.move(minutes(7));
  const file = await readFileOfSumoJanus(checkpoint);
  const again = await runSumoJanus(sandbox, checkpoint, file);
  const all = [...printed, ...uuidsIn(first.stdout), ...uuidsIn(second.stdout), ...again];
  expect(all).toEqual(uuidsOf(eventsUpToHorizon(org)));
  expect(printed).toHaveLength(200);
}
