import { execFileSync, spawnSync } from 'node:child_process';
import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { install } from '../support/installation.ts';
import type { Ended } from '../support/program.ts';
import { start } from '../support/program.ts';
import { codeBelow } from '../support/readme.ts';
import { openOrg } from './open-org.ts';
import { expectPrinted } from './printed.ts';
import { goOverFromSumoJanus, INSTALLED } from './way-over.ts';

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

test('the way over from SumoJanus works step by step, loses nothing, brings nothing twice, and leads back', async () => {
  const org = await openOrg({ events: 700 });
  await goOverFromSumoJanus(org, NODE, async (folder) => {
    const top = join(folder, 'okta-collector-0.1.0');
    await cp(inject('program'), top, { recursive: true });
    for (const empty of ['conf', 'data']) await mkdir(join(top, empty));
    await cp(SHIPPED, join(top, 'conf', 'sumologic.properties'));
    execFileSync('tar', ['-czf', `${top}-linux-x64.tar.gz`, '-C', folder, basename(top)]);
  });
});
