import { describe, expect, test } from 'vitest';
import { CredentialsError } from '../../src/domain/failure.ts';
import { statusReport } from '../../src/domain/status-report.ts';
import type { StreamStatus } from '../../src/domain/status.ts';
import { statusMetrics, unknownMetrics } from '../../src/output/status-metrics.ts';
import { ORG, outcome, statusAfter } from '../domain/status-samples.ts';
import { noon, progress } from '../support/stream.ts';

const failure = { error: new CredentialsError('Cannot sign in') };
const caveats = [{ kind: 'refused link' as const, text: 'refused', count: 2 }];

function metrics(status: StreamStatus | undefined, org = ORG): string {
  const { checkpoint } = progress({ tipReachedAt: noon() });
  const known = {
    now: noon(60),
    checkpointError: undefined,
    statusError: undefined,
    lock: 'free',
  } as const;
  return statusMetrics(statusReport(org, { ...known, status, checkpoint }));
}

/** The samples by name and labels. Throws at anything that is not in the text format. */
function parsed(text: string): ReadonlyMap<string, number> {
  const samples = new Map<string, number>();
  let name = '';
  let type = '';
  for (const line of text.trimEnd().split('\n')) {
    const help = /^# HELP (okta_collector_[a-z_]+) \S.*\.$/u.exec(line)?.[1];
    const typed = /^# TYPE (okta_collector_[a-z_]+) (gauge|counter)$/u.exec(line);
    const sample = /^(okta_collector_[a-z_]+)(\{(?:[a-z]+="(?:[^"\\]|\\.)*",?)+\})? (\S+)$/u.exec(
      line,
    );
    if (help !== undefined) name = help;
    else if (typed !== null) type = typed[1] === name ? (typed[2] ?? '') : 'not that of its help';
    else if (sample !== null) {
      expect(sample[1]).toBe(name);
      expect(type).toBe(name.endsWith('_total') ? 'counter' : 'gauge');
      const key = `${name}${sample[2] ?? ''}`;
      expect(samples.has(key)).toBe(false);
      samples.set(key, Number(sample[3]));
    } else throw new Error(`not in the format: ${line}`);
  }
  return samples;
}

describe('statusMetrics', () => {
  test('says how it is, with moments in seconds', () => {
    const samples = parsed(metrics(statusAfter(outcome({ caveats }))));
    const value = (name: string, labels = '') =>
      samples.get(`okta_collector_${name}{org="${ORG}"${labels}}`);
    expect(value('healthy')).toBe(1);
    expect(value('state', ',state="Collecting"')).toBe(1);
    expect(value('state', ',state="Error"')).toBe(0);
    expect(value('notes', ',kind="refused_link"')).toBe(2);
    expect(value('lag_seconds')).toBe(60);
    expect(value('last_success_timestamp_seconds')).toBe(noon() / 1000);
    expect(value('events_total')).toBe(10);
    expect(value('error_since_timestamp_seconds')).toBeUndefined();
  });

  test('says what fails, and since when', () => {
    const samples = parsed(metrics(statusAfter(outcome({ failure, endedAt: noon(30) }))));
    const value = (name: string, labels = '') =>
      samples.get(`okta_collector_${name}{org="${ORG}"${labels}}`);
    expect(value('healthy')).toBe(0);
    expect(value('state', ',state="Error"')).toBe(1);
    expect(value('error', ',type="ThirdPartyConfig"')).toBe(1);
    expect(value('error', ',type="ThirdPartyGeneric"')).toBe(0);
    expect(value('error_since_timestamp_seconds')).toBe(noon(30) / 1000);
  });

  test('leaves out what is not known', () => {
    const text = metrics(undefined);
    expect(parsed(text).size).toBeGreaterThan(10);
    expect(text).not.toMatch(/undefined|NaN|null|events_total/);
  });

  test('writes a label so that it can be read', () => {
    expect(metrics(undefined, 'a"b\\c\nd')).toContain('healthy{org="a\\"b\\\\c\\nd"}');
  });

  test('is not healthy if nothing is known', () => {
    expect([...parsed(unknownMetrics())]).toEqual([['okta_collector_healthy', 0]]);
  });
});
