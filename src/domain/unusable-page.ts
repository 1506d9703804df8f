import { UnusablePageError } from './failure.ts';

const EXCERPT_BYTES = 24;

/** The error for a body that is no page: what is wrong with it, at which byte, and a short look at that place. */
export function unusablePage(bytes: Buffer, at: number, reason: string): UnusablePageError {
  const start = Math.max(0, Math.min(at, bytes.length) - EXCERPT_BYTES / 2);
  const excerpt = bytes.toString('latin1', start, start + EXCERPT_BYTES).replaceAll(/[^ -~]/g, '.');
  return new UnusablePageError(
    `Cannot split page "${excerpt}": ${reason} at byte ${at} of ${bytes.length}`,
    { hint: 'Something between Okta and this program may have cut or replaced the answer.' },
  );
}
