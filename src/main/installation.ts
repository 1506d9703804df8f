import { fileURLToPath } from 'node:url';

/** The program's own folder, which holds `bin`, `conf` and `data`: the bundle lies in a folder of it. */
export const INSTALLATION = fileURLToPath(new URL('..', import.meta.url));

/** The working directory; the program's own folder, if that was deleted under us. */
export function workingFolder(): string {
  try {
    return process.cwd();
  } catch {
    return INSTALLATION;
  }
}
