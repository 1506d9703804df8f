import type { LogFields } from '../domain/log.ts';
import { describeDuration } from '../domain/time.ts';
import type { PacedState } from './pace.ts';

const SEPARATOR = '  ';
const LONGEST_BAR = 40;
const CYAN = 36;

/** The display of a state: lines that are no longer than `width` columns, an even larger bar is not drawn. */
export function progressLines(state: PacedState, width: number, hasColours: boolean): string[] {
  const percent = `${percentOf(state).padStart(5)} %`;
  const left = toGo(state);
  // A terminal that has its last column written to may begin a new line.
  const room = Math.max(width - 1, 1);
  const bar = Math.min(
    room - [percent, left].join(SEPARATOR).length - SEPARATOR.length,
    LONGEST_BAR,
  );
  const head = bar < 5 ? [percent, left] : [percent, drawBar(state.covered, bar, hasColours), left];
  const lines = bar < 5 ? packed(head, room) : [head.join(SEPARATOR)];
  return [...lines, ...packed(facts(state), room)];
}

/** The same as the fields of a log record. */
export function progressFields(state: PacedState): LogFields {
  const { events, eventsPerSecond, requests, limit, timeToGo } = state;
  return {
    percent: Number(percentOf(state)),
    events,
    events_per_second: Math.round(eventsPerSecond),
    requests,
    rate_limit_remaining: limit?.remaining,
    rate_limit: limit?.limit,
    seconds_to_go: timeToGo === undefined ? undefined : Math.round(timeToGo / 1000),
  };
}

/** Cut and not rounded: 100 % is said only of what is done. */
function percentOf({ covered }: PacedState): string {
  return (Math.floor(covered * 1000) / 10).toFixed(1);
}

function toGo({ timeToGo }: PacedState): string {
  return timeToGo === undefined ? 'time to go unknown' : `${describeDuration(timeToGo)} to go`;
}

function facts({ events, eventsPerSecond, requests, limit }: PacedState): string[] {
  return [
    `${count(events)} events`,
    `${count(Math.round(eventsPerSecond))}/s`,
    `${count(requests)} requests`,
    ...(limit === undefined ? [] : [`limit: ${limit.remaining} of ${limit.limit} left`]),
  ];
}

function drawBar(covered: number, length: number, hasColours: boolean): string {
  const filled = Math.floor(Math.min(Math.max(covered, 0), 1) * length);
  const done = '━'.repeat(filled);
  const rest = '─'.repeat(length - filled);
  return `${hasColours && filled > 0 ? `\u001b[${CYAN}m${done}\u001b[0m` : done}${rest}`;
}

/** Words side by side on as few lines as hold them; one that is too long for any line is cut. */
function packed(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    const longer = line === undefined ? word : `${line}${SEPARATOR}${word}`;
    if (line !== undefined && longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word.slice(0, width));
  }
  return lines;
}

const count = (number: number): string => number.toLocaleString('en-US');
