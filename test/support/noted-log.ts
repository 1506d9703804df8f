import type { Log, LogFields } from '../../src/domain/log.ts';

/** A log record as it was given. */
interface Noted {
  readonly level: keyof Log;
  readonly message: string;
  readonly fields: LogFields;
}

/** A log that keeps what it is told. */
export interface NotedLog extends Log {
  readonly records: readonly Noted[];
  /** The messages of one level, in order. */
  messages(level: keyof Log): readonly string[];
  /** The fields of the one record whose message contains `text`. */
  fieldsOf(text: string): LogFields | undefined;
}

export function notedLog(): NotedLog {
  const records: Noted[] = [];
  const note =
    (level: keyof Log) =>
    (message: string, fields: LogFields = {}) => {
      records.push({ level, message, fields });
    };
  return {
    records,
    debug: note('debug'),
    info: note('info'),
    warn: note('warn'),
    error: note('error'),
    messages: (level) =>
      records.filter((record) => record.level === level).map(({ message }) => message),
    fieldsOf: (text) => records.find(({ message }) => message.includes(text))?.fields,
  };
}
