import type { LogFields } from '../domain/log.ts';
import type { Instant } from '../domain/time.ts';
import { printable } from './printable.ts';

/** How much a record matters, from the least to the most. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

const colours = { debug: 2, info: 32, warn: 33, error: 31 } as const;
const dim = 2;

/** One log record as a line for a person: `12:34:56 info  message  key=value`, in local time, line feed included. */
export function readableLine(
  time: Instant,
  level: LogLevel,
  message: string,
  fields: LogFields,
  hasColours: boolean,
): string {
  const paint = (text: string, colour: number): string =>
    hasColours ? `\u001b[${colour}m${text}\u001b[0m` : text;
  const clockTime = new Date(time).toTimeString().slice(0, 8);
  const pairs = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${readableValue(value)}`],
  );
  const words = [paint(level.padEnd(5), colours[level]), printable(message)];
  const ending = pairs.length === 0 ? '' : `  ${paint(pairs.join(' '), dim)}`;
  return `${paint(clockTime, dim)} ${words.join(' ')}${ending}\n`;
}

function readableValue(value: string | number | boolean): string {
  const text = printable(String(value));
  return text === '' || /[\s"=]/.test(text) ? `"${text.replaceAll('"', '\\"')}"` : text;
}
