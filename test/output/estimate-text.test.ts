import { expect, test } from 'vitest';
import type { Estimate } from '../../src/domain/estimate.ts';
import { minutes } from '../../src/domain/time.ts';
import { estimateText } from '../../src/output/estimate-text.ts';
import { noon } from '../support/stream.ts';

function said(events: number, eventsOff: number): string {
  const estimate: Estimate = {
    probes: 12,
    isExact: false,
    events,
    eventsOff,
    requests: 40,
    receivedBytes: 1e6,
    time: minutes(2),
    isLimited: false,
  };
  const text = estimateText({ since: noon(-3600), until: noon(0) }, estimate);
  return /events +(.*)/u.exec(text)?.[1] ?? '';
}

test.each([
  [38_745, 10, 'about 39,000'],
  [38_745, 994, 'about 39,000'],
  [38_745, 1234, 'about 39,000 (give or take 1,200)'],
  [70, 1, 'about 70 (give or take 1)'],
  [70, 0, 'about 70'],
  [0, 0, 'about 0'],
])('%d events, give or take %d, are told as %s', (events, off, text) => {
  expect(said(events, off)).toBe(text);
});
