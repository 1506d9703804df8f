import type { AuditChoice } from '../cli/audit-options.ts';
import type { ErrorOutput } from '../output/error-output.ts';
import type { RunLog } from '../output/log.ts';
import { openStdout } from '../output/open-stdout.ts';
import type { ProgressScreen } from '../output/progress-screen.ts';
import type { RepairFile } from '../output/repair-file.ts';
import { createRepairFile } from '../output/repair-file.ts';
import { createStdoutSink } from '../output/stdout-sink.ts';

/** What an audit writes to. */
export interface AuditOutputs {
  /** `undefined`: nobody wants the missing events. */
  readonly repair: RepairFile | undefined;
  /** Takes the differences and the result. */
  report(text: string): Promise<void>;
  /** Gives up on a reader that takes nothing. */
  abandon(): void;
}

/** Opens what the command line names; standard output is for one of the two, and the report yields. Rejects with an `OutputError`. */
export async function openAuditOutputs(
  { repair: path, quiet }: AuditChoice,
  screen: ProgressScreen,
  log: RunLog,
): Promise<AuditOutputs> {
  const file = path === undefined || path === '-' ? undefined : await createRepairFile(path);
  const stdout = openStdout(log);
  const abandon = (): void => {
    stdout.abandon();
  };
  if (path === '-') {
    const done = (): Promise<void> => Promise.resolve();
    const repair = { ...createStdoutSink(stdout), complete: done, discard: done };
    return { repair, report: reportTo(quiet ? undefined : screen.stderr), abandon };
  }
  const report = (text: string): Promise<void> =>
    screen.beside(() => stdout.write([Buffer.from(text)]));
  return { repair: file, report, abandon };
}

function reportTo(stderr: ErrorOutput | undefined): AuditOutputs['report'] {
  return (text) => {
    stderr?.write(text);
    return Promise.resolve();
  };
}
