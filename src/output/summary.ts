import type { LogFields } from '../domain/log.ts';
import type { RunSummary } from '../domain/run-summary.ts';
import {
  between,
  describeDuration,
  formatInstant,
  inSeconds,
  milliseconds,
} from '../domain/time.ts';
import type { Duration } from '../domain/time.ts';

/** The summary of a run as the fields of one log record. */
export function summaryFields(summary: RunSummary): LogFields {
  const { traffic, newestPublished } = summary;
  const lag = lagOf(summary);
  return {
    stream: summary.stream,
    ended: summary.ended,
    caught_up: summary.caughtUp,
    events: summary.events,
    dropped: summary.dropped,
    pages: summary.pages,
    requests: traffic.requests,
    received_bytes: traffic.receivedBytes,
    written_bytes: summary.writtenBytes,
    waited_seconds: inSeconds(milliseconds(traffic.waitedMilliseconds)),
    newest_published: newestPublished === undefined ? undefined : formatInstant(newestPublished),
    lag_seconds: lag === undefined ? undefined : lag / 1000,
  };
}

/** The summary of a run in a few sentences for a person. */
export function describeSummary(summary: RunSummary): string {
  const sentences = [
    `Run ended (${summary.ended}): ${eventsOf(summary)}`,
    trafficOf(summary),
    ...newestOf(summary),
    ...(summary.caughtUp ? [] : ['More may be left to read']),
  ];
  return sentences.join('. ');
}

function eventsOf({ events, writtenBytes, dropped }: RunSummary): string {
  const written = `${count(events, 'event')} written (${size(writtenBytes)})`;
  return dropped === 0 ? written : `${written}, ${count(dropped, 'event')} already delivered`;
}

function trafficOf({ pages, traffic }: RunSummary): string {
  const { requests, receivedBytes, waitedMilliseconds } = traffic;
  const read = `${count(pages, 'page')} read by ${count(requests, 'request')} (${size(receivedBytes)})`;
  const waited = describeDuration(milliseconds(waitedMilliseconds));
  return waitedMilliseconds === 0 ? read : `${read}, waited ${waited}`;
}

function newestOf(summary: RunSummary): string[] {
  if (summary.newestPublished === undefined) return [];
  const lag = lagOf(summary);
  const newest = `Newest event published ${formatInstant(summary.newestPublished)}`;
  return [lag === undefined ? newest : `${newest}, ${describeLag(lag)}`];
}

const describeLag = (lag: Duration): string =>
  lag < 0 ? `${describeDuration(lag)} in the future` : `${describeDuration(lag)} ago`;

/** How old the newest event delivered is by the server's time. A window and a backfill have no lag: their events are as old as was asked. */
function lagOf({ stream, newestPublished, serverTime }: RunSummary): Duration | undefined {
  if (stream !== 'live' || newestPublished === undefined) return undefined;
  return serverTime === undefined ? undefined : between(newestPublished, serverTime);
}

const count = (number: number, noun: string): string =>
  `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;

function size(bytes: number): string {
  if (bytes < 1000) return count(bytes, 'byte');
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
