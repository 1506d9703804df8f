import { describe, expect, test } from 'vitest';
import type { RunSummary } from '../../src/domain/run-summary.ts';
import { instant, later, minutes, seconds } from '../../src/domain/time.ts';
import { describeSummary, summaryFields } from '../../src/output/summary.ts';

const newestPublished = instant(Date.UTC(2026, 10, 15, 10, 31, 53, 141));
const backlog: RunSummary = {
  stream: 'live',
  ended: 'time budget over',
  caughtUp: false,
  events: 12_345,
  dropped: 2,
  pages: 13,
  writtenBytes: 41_973_000,
  traffic: { requests: 15, receivedBytes: 5_246_625, waitedMilliseconds: 12_250 },
  newestPublished,
  serverTime: later(newestPublished, minutes(90)),
};
const first: RunSummary = {
  stream: 'live',
  ended: 'caught up',
  caughtUp: true,
  events: 0,
  dropped: 0,
  pages: 1,
  writtenBytes: 0,
  traffic: { requests: 1, receivedBytes: 22, waitedMilliseconds: 0 },
  newestPublished: undefined,
  serverTime: newestPublished,
};

describe('summaryFields', () => {
  test('names every figure with its unit', () => {
    expect(summaryFields(backlog)).toEqual({
      stream: 'live',
      ended: 'time budget over',
      caught_up: false,
      events: 12_345,
      dropped: 2,
      pages: 13,
      requests: 15,
      received_bytes: 5_246_625,
      written_bytes: 41_973_000,
      waited_seconds: 12.3,
      newest_published: '2026-11-15T10:31:53.141Z',
      lag_seconds: 5400,
    });
  });

  test('has no lag without an event, without an answer, or in a window', () => {
    const summaries: RunSummary[] = [
      first,
      { ...backlog, serverTime: undefined },
      { ...backlog, stream: 'window' },
    ];
    for (const summary of summaries) {
      expect(summaryFields(summary)['lag_seconds']).toBeUndefined();
    }
  });
});

describe('describeSummary', () => {
  test.each<[string, RunSummary, string]>([
    [
      'a run that had much to do',
      backlog,
      'Run ended (time budget over): 12,345 events written (42.0 MB), 2 events already delivered. ' +
        '13 pages read by 15 requests (5.2 MB), waited 12 seconds. ' +
        'Newest event published 2026-11-15T10:31:53.141Z, 1 hour, 30 minutes ago. ' +
        'More may be left to read',
    ],
    [
      'a run that had nothing to do',
      first,
      'Run ended (caught up): 0 events written (0 bytes). 1 page read by 1 request (22 bytes)',
    ],
  ])('%s', (_name, summary, sentences) => {
    expect(describeSummary(summary)).toBe(sentences);
  });

  test('a newest event from the future is said to be one', () => {
    const early = { ...backlog, serverTime: later(newestPublished, seconds(-30)) };
    expect(describeSummary(early)).toContain('30 seconds in the future');
  });

  test('a window is not said to be old', () => {
    expect(describeSummary({ ...backlog, stream: 'window' })).not.toContain('ago');
  });
});
