import type { Estimate } from '../domain/estimate.ts';
import type { Window } from '../domain/time.ts';
import { describeDuration, formatInstant } from '../domain/time.ts';

/** An estimate for a person, and how it is known. */
export function estimateText({ since, until }: Window, estimate: Estimate): string {
  const { isExact, isLimited, probes, events, eventsOff, requests, receivedBytes, time } = estimate;
  const about = isExact ? '' : 'about ';
  const off =
    rounded(eventsOff) < roundedBy(events) ? '' : ` (give or take ${count(rounded(eventsOff))})`;
  const why = isLimited ? 'by the share of the rate limit' : 'by how fast Okta answered';
  const how = isExact
    ? 'The first page holds all of it.'
    : `By ${probes} pages, one at a time of its own in each ${probes}th of the window: between them it may be different.`;
  return [
    `From ${formatInstant(since)} to ${formatInstant(until)}:`,
    `  events    ${about}${count(isExact ? events : rounded(events))}${off}`,
    `  requests  ${about}${count(isExact ? requests : rounded(requests))}`,
    `  received  ${about}${(receivedBytes / 1e6).toFixed(1)} MB, compressed`,
    `  time      ${about}${describeDuration(time)}, ${why}`,
    `${how} Nothing was delivered or stored.`,
    '',
  ].join('\n');
}

/** Two digits are more than an estimate knows. */
function rounded(number: number): number {
  return Number(number.toPrecision(2));
}

/** The last digit that is not rounded away is one of so many. */
function roundedBy(number: number): number {
  return 10 ** Math.max(Math.floor(Math.log10(Math.max(number, 1))) - 1, 0);
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}
