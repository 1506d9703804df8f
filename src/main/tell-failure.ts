import { formatProblems, formatProblemsOnOneLine } from '../config/format-problems.ts';
import { BUG_EXIT_CODE, exitCodeOf } from '../domain/exit-code.ts';
import { isFailure } from '../domain/failure.ts';
import { seconds } from '../domain/time.ts';
import type { ErrorOutput } from '../output/error-output.ts';
import type { FailureReport } from '../output/failure-text.ts';
import { failureLine, failureText } from '../output/failure-text.ts';
import type { RunLog } from '../output/log.ts';

/** How long standard error may take to accept the last words. */
const LAST_WORDS = seconds(1);

/** Says how a run failed, in the log and on standard error: there in one line if it is to be quiet. Gives the exit code. */
export function tellFailure(
  error: unknown,
  quiet: boolean,
  stderr: ErrorOutput,
  log?: RunLog,
): number {
  const report = reportOf(error, quiet);
  log?.failure(report);
  stderr.write(quiet ? failureLine(report) : failureText(report));
  // Does not keep the process alive: only if nobody reads the last words is there anything to give up.
  setTimeout(() => {
    stderr.abandon();
  }, LAST_WORDS).unref();
  return report.exitCode;
}

function reportOf(error: unknown, onOneLine: boolean): FailureReport {
  if (!isFailure(error)) return bugReport(error);
  const problems = error.kind === 'config' && error.problems.length > 1 ? error.problems : [];
  const lines = onOneLine
    ? [formatProblemsOnOneLine(problems)]
    : formatProblems(problems).split('\n');
  const details = problems.length === 0 ? [] : lines;
  return { exitCode: exitCodeOf(error), message: error.message, details, hint: error.hint };
}

function bugReport(error: unknown): FailureReport {
  return {
    exitCode: BUG_EXIT_CODE,
    message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    details: [],
    hint: 'This is a fault of the program: report it with these lines',
  };
}
