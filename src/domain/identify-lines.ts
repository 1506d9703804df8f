import { UnusablePageError } from './failure.ts';
import type { Identity } from './identify-event.ts';
import { CLOSE_BRACKET, COMMA, LINE_FEED, OPEN_BRACKET } from './json-bytes.ts';
import type { SplitEvent } from './split-page.ts';
import { splitPage } from './split-page.ts';

/** A line of a file of events. */
export interface EventLine {
  /** Its bytes as they are, its line feed included. */
  readonly line: Buffer;
  /** What tells its event from others; `undefined` if the line is no JSON object. */
  readonly identity: Identity | undefined;
}

/** What lines tell of their events; `text` is whole lines, the last one's line feed included. */
export function identifyLines(text: Buffer): readonly EventLine[] {
  const lines = cut(text);
  const events = splitTogether(text, lines);
  if (events !== undefined) return lines.map((line, at) => ({ line, identity: events[at] }));
  return lines.map((line) => ({ line, identity: onlyOf(split(line)) }));
}

/** A line that holds two events is none. */
function onlyOf(events: readonly SplitEvent[] = []): SplitEvent | undefined {
  return events.length === 1 ? events[0] : undefined;
}

/** All lines as one page; `undefined` if one of them is not as this program writes it, so that each has to be looked at alone. */
function splitTogether(text: Buffer, lines: readonly Buffer[]): readonly SplitEvent[] | undefined {
  const events = split(text);
  const isAsWritten =
    events?.length === lines.length &&
    events.every(({ line }, at) => line.length === lines[at]?.length);
  return isAsWritten ? events : undefined;
}

/** The events of some lines; `undefined` if they are none. */
function split(text: Buffer): readonly SplitEvent[] | undefined {
  const page = Buffer.allocUnsafe(text.length + 1);
  page[0] = OPEN_BRACKET;
  text.copy(page, 1);
  for (let at = page.indexOf(LINE_FEED); at !== -1; at = page.indexOf(LINE_FEED, at)) {
    page[at] = at === text.length ? CLOSE_BRACKET : COMMA;
  }
  try {
    return splitPage(page);
  } catch (error) {
    if (error instanceof UnusablePageError) return undefined;
    throw error;
  }
}

function cut(text: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < text.length;) {
    const to = text.indexOf(LINE_FEED, from) + 1;
    lines.push(text.subarray(from, to));
    from = to;
  }
  return lines;
}
