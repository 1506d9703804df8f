import type { Page } from '../../src/domain/page.ts';
import type { StreamPosition, SystemLog } from '../../src/domain/system-log.ts';

/** A System Log that answers by rote. */
export interface ScriptedSystemLog extends SystemLog {
  /** The positions that were asked for, one a reading. */
  readonly asked: readonly StreamPosition[];
}

/**
 * Each reading takes the next script: its pages are yielded in order, and an error in it is thrown.
 * A reading beyond the last script fails. No signal is heard: the next page may always be there already.
 * @param journal gets a note whenever a page is handed out
 */
export function scriptedSystemLog(
  scripts: readonly (readonly (Page | Error)[])[],
  journal: string[] = [],
): ScriptedSystemLog {
  const asked: StreamPosition[] = [];
  return {
    asked,
    async *pages(from) {
      const script = scripts[asked.push(from) - 1];
      if (script === undefined) throw new Error(`not foreseen: reading ${asked.length}`);
      for (const answer of script) {
        await Promise.resolve();
        if (answer instanceof Error) throw answer;
        journal.push('page');
        yield answer;
      }
    },
  };
}
