import { pino } from 'pino';
import type { Clock } from '../domain/clock.ts';
import type { Log, LogFields } from '../domain/log.ts';
import type { RunSummary } from '../domain/run-summary.ts';
import { formatInstant } from '../domain/time.ts';
import type { ErrorOutput } from './error-output.ts';
import { createLogFile } from './log-file.ts';
import type { FailureReport } from './failure-text.ts';
import { readableLine } from './readable-line.ts';
import type { LogLevel } from './readable-line.ts';
import { describeSummary, summaryFields } from './summary.ts';

interface LogOptions {
  /** Where JSON lines go; `undefined`: nowhere. */
  readonly file: string | undefined;
  /** How long the file may become before a new one is begun. */
  readonly maxBytes: number;
  /** The folder that holds the stream's position; it is never made for the log's sake. */
  readonly stateFolder: string;
  /** Where readable lines go; `undefined`: nowhere. */
  readonly person: ErrorOutput | undefined;
  /** Records that matter less are left out. */
  readonly level: LogLevel;
  readonly version: string;
  readonly clock: Clock;
}

/** The log of one run. */
export interface RunLog extends Log {
  /** Says how the run ended: in fields to the file, in sentences to a person. */
  summary(summary: RunSummary): void;
  /** Says in the file how the run failed; a person is told otherwise. */
  failure(report: FailureReport): void;
  /** Why records are missing from the file; `undefined` if none are. */
  problem(): string | undefined;
}

type Write = (level: LogLevel, message: string, fields?: LogFields) => void;

/** The log of a run, for a file, a person, both or nobody. Whatever happens to them, no call throws. */
export function createLog(options: LogOptions): RunLog {
  let problem: string | undefined;
  const toFile = fileWriter(options, (reason) => (problem ??= reason));
  const toPerson = personWriter(options);
  const toBoth: Write = (...record) => {
    toFile(...record);
    toPerson(...record);
  };

  return {
    debug: (message, fields) => {
      toBoth('debug', message, fields);
    },
    info: (message, fields) => {
      toBoth('info', message, fields);
    },
    warn: (message, fields) => {
      toBoth('warn', message, fields);
    },
    error: (message, fields) => {
      toBoth('error', message, fields);
    },
    summary(summary) {
      toFile('info', 'Run ended', summaryFields(summary));
      if (options.person !== undefined) toPerson('info', describeSummary(summary));
    },
    failure(report) {
      const { exitCode, message, details, hint } = report;
      toFile('error', [message, ...details].join('; '), { exit_code: exitCode, hint });
    },
    problem: () => problem,
  };
}

function fileWriter(options: LogOptions, report: (problem: string) => void): Write {
  const { file, maxBytes, stateFolder, level, version, clock } = options;
  if (file === undefined) return () => undefined;
  const logFile = createLogFile(file, maxBytes, stateFolder);
  const logger = pino(
    {
      level,
      base: { pid: process.pid, version },
      messageKey: 'message',
      timestamp: () => `,"time":"${formatInstant(clock.now())}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    {
      write(line) {
        try {
          logFile.append(line);
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          report(`Cannot write log file "${file}": ${reason}`);
        }
      },
    },
  );
  return (recordLevel, message, fields = {}) => {
    logger[recordLevel](fields, message);
  };
}

const levels: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

const isBelow = (level: LogLevel, least: LogLevel): boolean =>
  levels.indexOf(level) < levels.indexOf(least);

function personWriter({ person, level, clock }: LogOptions): Write {
  if (person === undefined) return () => undefined;
  return (recordLevel, message, fields = {}) => {
    if (isBelow(recordLevel, level)) return;
    person.write(readableLine(clock.now(), recordLevel, message, fields, person.hasColours));
  };
}
