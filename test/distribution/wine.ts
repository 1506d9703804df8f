import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import type { Ended } from '../support/program.ts';
import { start } from '../support/program.ts';
import { ask } from './released.ts';

/** Whether programs for Windows can be run here. */
export async function hasWine(): Promise<boolean> {
  return ask('wine', ['--version']).then(
    () => true,
    () => false,
  );
}

/** A Windows 10 with an empty disk. */
export interface Windows {
  /** Runs a line of `cmd` in `folder` to its end; its output goes to files, as by `>` in a console. */
  run(folder: string, line: string): Promise<Ended>;
}

/** Sets a Windows up in a folder; this takes a quarter of a minute. */
export async function setUpWindows(folder: string): Promise<Windows> {
  const keepAlive = join(folder, 'no-keep-alive.cjs');
  const variables = {
    PATH: process.env['PATH'] ?? '',
    WINEPREFIX: join(folder, 'prefix'),
    WINEDEBUG: '-all',
  };
  await start('winecfg', ['-v', 'win10'], { folder, environment: variables }).ended;
  // Wine 8 lacks the option by which a socket is told when to probe, and a connection fails for that.
  await writeFile(
    keepAlive,
    "require('node:net').Socket.prototype.setKeepAlive = function () { return this; };\n",
  );
  const environment = { ...variables, NODE_OPTIONS: `--require Z:${keepAlive}` };
  return {
    async run(where, line) {
      // Wine takes no regular file of Linux for an output; one that cmd opens is of Windows.
      const command = `${line} > stdout.txt 2> stderr.txt`;
      const args = ['cmd', '/c', command];
      const { exitCode } = await start('wine', args, { folder: where, environment }).ended;
      const stdout = await readFile(join(where, 'stdout.txt'));
      return { exitCode, stdout, stderr: await readFile(join(where, 'stderr.txt'), 'utf8') };
    },
  };
}
