import { join } from 'node:path';
import process from 'node:process';

/** npm starts its scripts there. */
export const repository = process.cwd();

/** A file of a package that only building and proving the archives needs. */
export function toolFile(...path: readonly string[]): string {
  return join(repository, 'test', 'distribution', 'node_modules', ...path);
}
