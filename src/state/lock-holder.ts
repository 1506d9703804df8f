import { connect } from 'node:net';
import type { RunAtWork } from '../domain/run-at-work.ts';
import { systemCode } from './disk-error.ts';
import { isInstant, isJsonObject, parseJson } from './json-shape.ts';

/** The line that a holder answers with. */
export function formatHolder(holder: RunAtWork): string {
  return `${JSON.stringify(holder)}\n`;
}

/**
 * Asks who listens at `address`, for five seconds at most. `gone`: nobody by now, or not yet;
 * `silent`: somebody who does not answer as a holder does.
 */
export function askHolder(address: string): Promise<RunAtWork | 'gone' | 'silent'> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(address).setEncoding('utf8');
    const timer = setTimeout(settle, ANSWER_WITHIN, 'silent');
    function settle(answer: RunAtWork | 'gone' | 'silent'): void {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    }
    socket.on('data', (chunk: string) => {
      heard += chunk;
      const end = heard.indexOf('\n');
      if (end >= 0) settle(parseHolder(heard.slice(0, end)) ?? 'silent');
    });
    socket.on('end', () => {
      settle('gone');
    });
    socket.on('error', (error) => {
      settle(isGone(error) ? 'gone' : 'silent');
    });
  });
}

/** In milliseconds: long enough for a holder on a machine that is busy. */
const ANSWER_WITHIN = 5000;

function parseHolder(line: string): RunAtWork | undefined {
  const json = parseJson(line);
  if (!isJsonObject(json)) return undefined;
  const { pid, startedAt, until } = json;
  if (typeof pid !== 'number' || !isInstant(startedAt) || !isInstant(until)) return undefined;
  return { pid, startedAt, until };
}

function isGone(error: Error): boolean {
  return ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE'].includes(systemCode(error) ?? '');
}
