import { UnusablePageError } from './failure.ts';

/**
 * The error for a body that is no page: what is wrong with it, and at which byte. Shows nothing of it:
 * it may hold what nobody should read in a log, a secret that a server has echoed included.
 */
export function unusablePage(bytes: Buffer, at: number, reason: string): UnusablePageError {
  return new UnusablePageError(`Cannot split page: ${reason} at byte ${at} of ${bytes.length}`, {
    hint: 'Something between Okta and this program may have cut or replaced the answer',
  });
}
