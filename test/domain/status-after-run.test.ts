import { describe, expect, test } from 'vitest';
import {
  BusyError,
  ConfigError,
  CredentialsError,
  TransientError,
} from '../../src/domain/failure.ts';
import { days, hours, later } from '../../src/domain/time.ts';
import { noon } from '../support/stream.ts';
import { outcome, statusAfter, summary } from './status-samples.ts';

const revoked = new CredentialsError('Cannot sign in', { hint: 'Create a new API token' });
const failed = (error: unknown, at: number) =>
  outcome({ endedAt: noon(at), failure: { error }, summary: summary({ events: 0, pages: 0 }) });
const fine = (at: number) => outcome({ startedAt: noon(at - 1), endedAt: noon(at) });
const halted = (at: number) =>
  outcome({ endedAt: noon(at), summary: summary({ pages: 0, ended: 'stopped by signal' }) });

describe('statusAfterRun', () => {
  test('counts what runs have done', () => {
    const { totals, today } = statusAfter(fine(0), failed(revoked, 300), fine(600));
    expect(totals).toEqual({
      runs: 3,
      failedRuns: 1,
      events: 20,
      dropped: 6,
      requests: 9,
      writtenBytes: 3000,
    });
    expect(today).toEqual({ day: '2026-11-15', events: 20 });
  });

  test('begins the count of the day anew at midnight by UTC', () => {
    const toMidnight = hours(12) / 1000;
    expect(statusAfter(fine(0), fine(toMidnight - 1)).today).toEqual({
      day: '2026-11-15',
      events: 20,
    });
    expect(statusAfter(fine(0), fine(toMidnight)).today).toEqual({ day: '2026-11-16', events: 10 });
  });

  test('keeps when the latest runs began, and not all that ever did', () => {
    const runs = Array.from({ length: 20 }, (_, index) => fine(index * 300));
    expect(statusAfter(...runs).starts).toEqual(runs.slice(-6).map(({ startedAt }) => startedAt));
  });

  test('keeps an error from the first run that failed until a run succeeds', () => {
    const { error, succeededAt } = statusAfter(
      fine(0),
      failed(new TransientError('Cannot connect'), 300),
      failed(new TransientError('Cannot reach it'), 600),
    );
    expect(error).toEqual({
      type: 'ThirdPartyGeneric',
      exitCode: 75,
      message: 'Cannot reach it',
      hint: undefined,
      since: noon(300),
      last: noon(600),
      until: undefined,
    });
    expect(succeededAt).toBe(noon());
  });

  test.each([
    { name: 'type and exit code', next: new TransientError('Cannot reach it') },
    { name: 'type', next: new BusyError('it hangs', true), first: new TransientError('down') },
    { name: 'exit code', next: new ConfigError('Cannot use it', []) },
  ])('counts an error of another $name anew', ({ next, first = revoked }) => {
    const { error } = statusAfter(failed(first, 300), failed(next, 600), failed(next, 900));
    expect(error).toMatchObject({ message: next.message, since: noon(600), last: noon(900) });
  });

  test('remembers an error that is over, and since when', () => {
    const recovered = statusAfter(failed(revoked, 0), fine(300), fine(600));
    expect(recovered.error).toMatchObject({
      type: 'ThirdPartyConfig',
      message: 'Cannot sign in',
      hint: 'Create a new API token',
      since: noon(),
      until: noon(300),
    });
    const again = statusAfter(failed(revoked, 0), fine(300), failed(revoked, 600));
    expect(again.error).toMatchObject({ since: noon(600), until: undefined });
  });

  test('takes a run that read nothing and did not fail for no sign of either', () => {
    const stopped = statusAfter(fine(0), failed(revoked, 300), halted(600));
    expect(stopped).toMatchObject({ succeededAt: noon(), ended: 'stopped by signal' });
    expect(stopped.error).toMatchObject({ since: noon(300), until: undefined });
    expect(statusAfter(halted(0)).succeededAt).toBeUndefined();
  });

  test('takes a run that failed before it could sum up for a failed one', () => {
    const { ended, totals } = statusAfter(
      outcome({ summary: undefined, failure: { error: revoked } }),
    );
    expect({ ended, failedRuns: totals.failedRuns }).toEqual({ ended: 'failed', failedRuns: 1 });
  });

  test('tells a fault of the program by its name, in reasonable length', () => {
    const { error } = statusAfter(failed(new TypeError('x'.repeat(5000)), 0));
    expect(error).toMatchObject({ type: 'FirstPartyGeneric', exitCode: 70 });
    expect(error?.message).toMatch(/^TypeError: x{900,1000}…$/);
  });

  test('counts caveats by kind and keeps the latest words', () => {
    const gap = (text: string) => [{ kind: 'gap' as const, text, count: 1 }];
    const long = { kind: 'long event' as const, text: 'long', count: 7 };
    const { caveats } = statusAfter(
      outcome({ caveats: gap('one') }),
      outcome({ endedAt: noon(300), caveats: [...gap('two'), long] }),
      fine(600),
    );
    expect(caveats).toEqual([
      { kind: 'gap', text: 'two', count: 2, first: noon(), last: noon(300) },
      { ...long, first: noon(300), last: noon(300) },
    ]);
  });

  test('forgets a caveat after 30 days, and that start_time is ignored with the next run', () => {
    const caveats = [
      { kind: 'gap' as const, text: 'gap', count: 1 },
      { kind: 'start ignored' as const, text: 'ignored', count: 1 },
    ];
    const month = days(30) / 1000;
    const kinds = (at: number) =>
      statusAfter(outcome({ caveats }), fine(at)).caveats.map(({ kind }) => kind);
    expect(kinds(month)).toEqual(['gap']);
    expect(kinds(month + 1)).toEqual([]);
  });

  test('knows nothing of what runs of another org have done', () => {
    const other = outcome({ org: 'https://other.okta.com', endedAt: later(noon(), hours(1)) });
    expect(statusAfter(failed(revoked, 0), other)).toEqual(statusAfter(other));
  });
});
