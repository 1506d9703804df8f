import type { AuditChoice } from '../cli/audit-options.ts';
import { stopSignal } from '../clock/stop-signal.ts';
import { systemClock } from '../clock/system-clock.ts';
import { audit } from '../collect/audit.ts';
import { Tally } from '../collect/tally.ts';
import type { Config } from '../config/config.ts';
import type { AuditResult } from '../domain/audit.ts';
import { isClean } from '../domain/audit.ts';
import { DIFFERENCES_EXIT_CODE } from '../domain/exit-code.ts';
import { UsageError } from '../domain/failure.ts';
import { Stop } from '../domain/stop.ts';
import type { Window } from '../domain/time.ts';
import { partBefore } from '../domain/time.ts';
import { retryWait } from '../okta/retry-policy.ts';
import { auditJson, auditText, resultFields } from '../output/audit-text.ts';
import type { ErrorOutput } from '../output/error-output.ts';
import { filedLines, fingerprintOf } from '../output/event-files.ts';
import type { RunLog } from '../output/log.ts';
import type { OpenProgress } from '../output/open-progress.ts';
import { openProgress } from '../output/open-progress.ts';
import { createProgressScreen } from '../output/progress-screen.ts';
import type { AuditOutputs } from './audit-outputs.ts';
import { openAuditOutputs } from './audit-outputs.ts';
import { unfinished } from './unfinished.ts';
import { withConfig } from './with-config.ts';
import { openSystemLog } from './world.ts';

/** What an audit is about, and what it is told to. */
interface AuditWork {
  readonly config: Config & { readonly window: Window };
  readonly choice: AuditChoice;
  readonly log: RunLog;
  readonly outputs: AuditOutputs;
  readonly progress: OpenProgress;
}

/** Compares files of events with the org; resolves with the exit code, 1 if they differ. */
export function auditCommand(choice: AuditChoice, stderr: ErrorOutput): Promise<number> {
  const screen = createProgressScreen(stderr);
  return withConfig(choice, screen.stderr, async (config, log) => {
    const { window } = config;
    if (window === undefined) throw noWindow();
    const outputs = await openAuditOutputs(choice, screen, log);
    const shown = choice.quiet ? undefined : screen;
    const progress = await openProgress({ screen: shown, log, clock: systemClock });
    try {
      const work = { config: { ...config, window }, choice, log, outputs, progress };
      const result = await compare(work);
      log.info('Audit ended', resultFields(result));
      return isClean(result) ? 0 : DIFFERENCES_EXIT_CODE;
    } catch (error) {
      outputs.abandon();
      throw error;
    } finally {
      progress.close();
    }
  });
}

async function compare(work: AuditWork): Promise<AuditResult> {
  const { config, choice, log, outputs, progress } = work;
  const form = (choice.json ? auditJson : auditText)(choice.files);
  const org = openSystemLog(config, log, config.pageLimit, retryWait);
  const stop = stopSignal(budgetOf(work), systemClock);
  const tally = new Tally();
  try {
    const result = await audit({
      ...config,
      systemLog: org.systemLog,
      clock: systemClock,
      log,
      tally,
      signal: stop.signal,
      lines: filedLines(choice.files, stop.signal),
      fingerprint: fingerprintOf,
      repair: outputs.repair,
      tell: (differences) => outputs.report(differences.map(form.difference).join('')),
      passed: (reached, events) => {
        const { requests } = org.traffic();
        const covered = partBefore(reached, config.window);
        progress.show({ covered, events, requests, limit: undefined });
      },
    });
    await outputs.repair?.complete();
    progress.close();
    await outputs.report(form.result(result));
    return result;
  } catch (error) {
    await outputs.repair?.discard();
    throw error instanceof Stop ? unfinished('the audit', error) : error;
  } finally {
    stop.cancel();
    await org.close();
  }
}

/** Half an audit tells nothing: it takes the time that it takes, unless told otherwise. */
function budgetOf({ config, choice }: AuditWork): Config['maxRuntime'] | undefined {
  return choice.options['max_runtime_seconds'] === undefined ? undefined : config.maxRuntime;
}

function noWindow(): UsageError {
  return new UsageError('Cannot audit: the end of the window is not given', {
    hint: 'Say from when to when the files are to be complete, by --start and --end',
  });
}
