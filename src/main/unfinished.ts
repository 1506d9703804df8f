import { TransientError } from '../domain/failure.ts';
import type { Stop } from '../domain/stop.ts';

/** Of work that says nothing unless it is done to its end: it was stopped before. @param work such as `the audit` */
export function unfinished(work: string, { ended }: Stop): TransientError {
  return new TransientError(`Cannot finish ${work}: ${ended}`, {
    hint: 'What it has told holds, but it has not looked at everything: run it again',
  });
}
