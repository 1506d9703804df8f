import { execFileSync, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject, onTestFinished, describe, expect, test } from 'vitest';
import { days, earlier, formatInstant, minutes } from '../../src/domain/time.ts';
import { install, readSummaries } from '../support/installation.ts';
import type { Ended } from '../support/program.ts';
import { start } from '../support/program.ts';
import { codeBelow } from '../support/readme.ts';
import type { OpenOrg } from './open-org.ts';
import { eventsUpToHorizon, openOrg } from './open-org.ts';
import { expectPrinted, uuidsIn, uuidsOf } from './printed.ts';
import { readFileOfSumoJanus, runSumoJanus } from './sumojanus.ts';

/** What the README calls the installation. */
const INSTALLED = '/opt/okta-collector';
const SHIPPED = join(import.meta.dirname, '../../conf/sumologic.properties');
const NODE = { OKTA_COLLECTOR_NODE: process.execPath };

/** Runs shell as a scheduler does, with hardly an environment. */
function asScheduled(line: string, folder: string): Promise<Ended> {
  const environment = { HOME: '/', SHELL: '/bin/sh', PATH: '/usr/bin:/bin', ...NODE };
  return start('/bin/sh', ['-c', line], { folder, environment }).ended;
}

describe('the line for cron', () => {
  test('appends to the file what is new, run after run', async () => {
    const org = await openOrg({ events: 60 });
    const { folder } = await install(org.sandbox);
    const [block = ''] = await codeBelow('cron');
    const [, command = ''] = /^\*\/5 \* \* \* \* (.*)\n$/u.exec(block) ?? [];
    // For cron, what follows a per cent sign is standard input.
    expect(command).not.toContain('%');
    const file = join(folder, 'okta.json');
    const line = command.replaceAll(INSTALLED, folder).replace('/var/log/okta.json', file);
    for (const run of ['first', 'second']) {
      const ended = await asScheduled(line, '/');
      expect(ended, run).toMatchObject({ exitCode: 0, stderr: '', stdout: Buffer.alloc(0) });
    }
    expectPrinted(await readFile(file), org.sandbox.org.events);
  });
});

describe('the units for systemd', () => {
  const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

  async function units(folder: string): Promise<readonly string[]> {
    const blocks = await codeBelow('systemd');
    return Promise.all(
      blocks.map(async (block) => {
        const name = /^# \/etc\/systemd\/system\/(.*)$/mu.exec(block)?.[1] ?? '';
        await writeFile(join(folder, name), block.replaceAll(INSTALLED, folder));
        return join(folder, name);
      }),
    );
  }

  test.runIf(hasSystemd)('are verified by systemd itself', async () => {
    const { folder } = await install((await openOrg()).sandbox);
    const paths = await units(folder);
    expect(paths).toHaveLength(2);
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', ...paths]);
    expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
  });

  test('start what collects', async () => {
    const { sandbox } = await openOrg({ events: 20 });
    const { folder } = await install(sandbox);
    const [service = ''] = await units(folder);
    const command = /^ExecStart=(.*)$/mu.exec(await readFile(service, 'utf8'))?.[1] ?? '';
    const { exitCode, stdout } = await asScheduled(command, '/');
    expect(exitCode).toBe(0);
    expectPrinted(stdout, sandbox.org.events);
  });
});

describe('the CronJob for Kubernetes', () => {
  test('collects with what it sets, and keeps its state on the volume', async () => {
    const { sandbox } = await openOrg({ events: 20 });
    const installation = await install(sandbox);
    // As it is shipped, with its placeholders.
    await cp(SHIPPED, join(installation.folder, 'conf', 'sumologic.properties'));
    const state = join(installation.folder, 'state');
    await mkdir(state);
    const [job = ''] = await codeBelow('Kubernetes');
    expect(job).toMatch(/^ {2}concurrencyPolicy: Forbid$/mu);
    expect(job).toMatch(/^ {16}- name: state\n {18}mountPath: \/state$/mu);
    const [program = '', ...args] = [
      ...(/command: \[(.*)\]/u.exec(job)?.[1]?.split(', ') ?? []),
    ].map((word) => word.slice(1, -1));
    const set = [...job.matchAll(/- name: (OKTA_\w+)\n +value: (.*)$/gmu)];
    const environment = {
      ...Object.fromEntries(
        set.map(([, name = '', value = '']) => [name, value.replace('/state', state)]),
      ),
      OKTA_COLLECTOR_OKTA_ORG_URL: sandbox.url,
      OKTA_COLLECTOR_API_TOKEN: sandbox.token,
    };
    expect(set).toHaveLength(3);
    const path = program.replace(INSTALLED, installation.folder);
    const run = start(process.execPath, [path, ...args], { folder: '/', environment });
    const { exitCode, stdout, stderr } = await run.ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expectPrinted(stdout, sandbox.org.events);
    await stat(join(state, 'okta_checkpoint.dat'));
    await stat(join(state, 'okta-collector.log'));
  });
});

describe('the way over from SumoJanus', () => {
  /** What an administrator's own file looks like after some years. */
  const configuration = (url: string, token: string, folder: string): string =>
    [
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

  /** A computer with SumoJanus at work, and the archive downloaded. */
  async function computer({ sandbox, clock }: OpenOrg) {
    const root = await mkdtemp(join(tmpdir(), 'okta-collector-way-over-'));
    onTestFinished(() => rm(root, { recursive: true }));
    const [old, ours] = [join(root, 'SumoJanus'), join(root, 'okta-collector')];
    for (const folder of ['conf', 'data', 'bin'])
      await mkdir(join(old, folder), { recursive: true });
    const properties = configuration(sandbox.url, sandbox.token, old);
    await writeFile(join(old, 'conf', 'sumologic.properties'), properties);
    const top = join(root, 'okta-collector-0.1.0');
    await cp(inject('program'), top, { recursive: true });
    for (const folder of ['conf', 'data']) await mkdir(join(top, folder));
    await cp(SHIPPED, join(top, 'conf', 'sumologic.properties'));
    execFileSync('tar', ['-czf', `${top}-linux-x64.tar.gz`, '-C', root, 'okta-collector-0.1.0']);
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
        environment: { PATH: process.env['PATH'] ?? '', ...NODE },
      }).ended;
    };
    return { ours, checkpoint, printed, run };
  }

  test('works step by step, loses nothing, brings nothing twice, and leads back', async () => {
    const org = await openOrg({ events: 700 });
    const { sandbox, clock } = org;
    const { ours, checkpoint, printed, run } = await computer(org);
    const [unpack = '', wait = '', copy = '', setUp = '', look = '', back = '', ...more] =
      await codeBelow('From SumoJanus in ten minutes');
    expect(more).toEqual([]);

    expect(await run(unpack)).toMatchObject({ exitCode: 0, stderr: '' });
    const old = start('/bin/bash', ['-c', 'exec -a "java -jar OktaCollector-0" sleep 60'], {
      folder: ours,
    });
    const waiting = start('/bin/bash', ['-c', wait.replace('sleep 10', 'sleep 0.1')], {
      folder: ours,
    });
    await waiting.printed(1);
    old.kill('SIGKILL');
    const { exitCode, stdout } = await waiting.ended;
    expect(exitCode).toBe(0);
    expect(stdout.toString()).toContain(`${old.pid} java -jar OktaCollector-0`);

    expect(await run(copy)).toMatchObject({ exitCode: 0, stderr: '' });
    const ended = await run(setUp);
    expect(ended.exitCode).toBe(0);
    const shown = ended.stdout.toString();
    const { source } = JSON.parse(shown.slice(shown.indexOf('\n{'))) as {
      readonly source: { commands: string[]; file: string; workingDir: string };
    };
    const asSource = (): Promise<Ended> =>
      start(source.commands[0] ?? '', [source.file], {
        folder: source.workingDir,
        environment: NODE,
      }).ended;

    const first = await asSource();
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await run(look)).stdout.toString()).toContain('written by    okta-collector');
    expect(
      await readSummaries({ folder: ours, checkpoint, log: join(ours, 'data/okta-collector.log') }),
    ).toHaveLength(1);
    clock.move(minutes(7));
    const second = await asSource();

    expect(await run(back)).toMatchObject({ exitCode: 0, stderr: '' });
    clock.move(minutes(7));
    const file = await readFileOfSumoJanus(checkpoint);
    const again = await runSumoJanus(sandbox, checkpoint, file);
    const all = [...printed, ...uuidsIn(first.stdout), ...uuidsIn(second.stdout), ...again];
    expect(all).toEqual(uuidsOf(eventsUpToHorizon(org)));
    expect(printed).toHaveLength(200);
  });
});
