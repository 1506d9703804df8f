import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/**
 * The commit that is checked out in the working directory, in seven digits, with `-dirty` behind it if a file of it was
 * changed since.
 * @returns {string | undefined} `undefined` where there is no git or no repository
 */
export function builtCommit() {
  // A copy without its history may lie in the folder of another repository: that one's commit is not ours.
  if (!existsSync('.git')) return undefined;
  try {
    const args = ['describe', '--always', '--dirty', '--abbrev=40', '--exclude=*'];
    const commit = execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' });
    return commit.trim().replace(/^([0-9a-f]{7})[0-9a-f]*/, '$1');
  } catch {
    return undefined;
  }
}
