import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';

/** The time that all files of a build bear: of the commit that is checked out, or what SOURCE_DATE_EPOCH says in seconds. */
export async function buildTime(repository: string): Promise<Date> {
  const told = process.env['SOURCE_DATE_EPOCH'];
  if (told !== undefined) return new Date(Number(told) * 1000);
  const args = ['log', '-1', '--format=%ct'];
  const { stdout } = await promisify(execFile)('git', args, { cwd: repository }).catch(
    (cause: unknown) => {
      throw new Error('Cannot tell the time of the commit: set SOURCE_DATE_EPOCH', { cause });
    },
  );
  return new Date(Number(stdout) * 1000);
}
