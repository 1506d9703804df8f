import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Whether there is a program of that name. */
export async function isInstalled(program: string): Promise<boolean> {
  return run('/bin/bash', ['-c', 'type -P "$0"', program]).then(
    () => true,
    () => false,
  );
}

/** Installs the packages of a folder as its lock file says; false if that cannot be done. */
export async function installPackages(folder: string): Promise<boolean> {
  return run('npm', ['ci', '--prefix', folder, '--no-audit', '--no-fund']).then(
    () => true,
    () => false,
  );
}
