import { describe, expect, test } from 'vitest';
import { CheckpointError, CredentialsError } from '../../src/domain/failure.ts';
import { statusReport } from '../../src/domain/status-report.ts';
import type { KnownOfStream } from '../../src/domain/status-health.ts';
import { statusJson } from '../../src/output/status-json.ts';
import { statusText } from '../../src/output/status-text.ts';
import { ORG, outcome, statusAfter } from '../domain/status-samples.ts';
import { noon, progress } from '../support/stream.ts';

const fine = (at: number) => outcome({ startedAt: noon(at - 1), endedAt: noon(at) });
const revoked = outcome({
  startedAt: noon(299),
  endedAt: noon(300),
  summary: undefined,
  failure: { error: new CredentialsError('Cannot sign in', { hint: 'Create a new API token' }) },
  caveats: [{ kind: 'gap', text: 'Gap: lost (from May, to June)', count: 1 }],
});

function report(parts: Partial<KnownOfStream> = {}) {
  return statusReport(ORG, {
    now: noon(60),
    status: statusAfter(fine(-300), fine(0)),
    checkpoint: progress({ tipReachedAt: noon() }).checkpoint,
    checkpointError: undefined,
    statusError: undefined,
    lock: 'free',
    ...parts,
  });
}

describe('statusText', () => {
  test('is one screen', () => {
    expect(statusText(report())).toBe(
      [
        '✓ Collecting: healthy',
        '',
        'Org            https://acme.okta.com',
        'Last success   1 minute ago (2026-11-15 12:00:00 UTC)',
        'Read up to     1 minute ago (2026-11-15 12:00:00 UTC)',
        'Events today   20 (by UTC, written by runs that have ended)',
        'Last run       caught up, 1 minute ago (2026-11-15 12:00:00 UTC)',
        'Run at work    no',
        'Next run       in 3 minutes, 59 seconds (2026-11-15 12:04:59 UTC); runs come',
        '               every 5 minutes',
        '',
      ].join('\n'),
    );
  });

  test('says first what is wrong, and last what went wrong', () => {
    const status = statusAfter(fine(0), revoked);
    const screen = statusText(report({ status, now: noon(1800), lock: 'silent' }));
    expect(screen.split('\n').slice(0, 6)).toEqual([
      '✗ Error: not healthy',
      '  Runs fail: Cannot sign in',
      '  The last success is 30 minutes old; a run is due every 5 minutes',
      '  The process that holds the stream does not answer',
      '  Events are lost: see the gap',
      '',
    ]);
    expect(screen.split('\n').slice(-6)).toEqual([
      'Last error     ThirdPartyConfig (exit 77), since 25 minutes ago (2026-11-15',
      '               12:05:00 UTC), last 2026-11-15 12:05:00 UTC',
      '               Cannot sign in',
      '               → Create a new API token',
      'Note           gap, 2026-11-15 12:05:00 UTC: Gap: lost (from May, to June)',
      '',
    ]);
  });

  test('names the run at work, and counts the next one from it', () => {
    const lock = { pid: 7, startedAt: noon(30), until: noon(1830) };
    const screen = statusText(report({ lock }));
    expect(screen).toContain('process 7, begun 30 seconds ago');
    expect(screen).toContain('in 4 minutes, 30 seconds (2026-11-15 12:05:30 UTC)');
  });

  test('says that the status cannot be read, and what to do', () => {
    const statusError = new CheckpointError('Cannot read the status', { hint: 'Ask as another' });
    const screen = statusText(report({ status: undefined, checkpoint: undefined, statusError }));
    expect(screen.split('\n').slice(0, 4)).toEqual([
      '✗ Error: not healthy',
      '  Cannot read the status',
      '  → Ask as another',
      '',
    ]);
    for (const fact of ['Events today   ', 'Last run       ', 'Next run       '])
      expect(screen).toContain(`${fact}not known\n`);
  });

  test('never says of what is past that it will be, even if a clock is off', () => {
    const { checkpoint } = progress({ tipReachedAt: noon(7200) });
    const screen = statusText(report({ now: noon(), checkpoint, status: undefined }));
    expect(screen.replaceAll(/\n {15}/gu, ' ')).toContain(
      "Last success   2026-11-15 14:00:00 UTC, which is 2 hours ahead of this machine's clock\n",
    );
    const almost = statusText(report({ now: noon(7141), checkpoint }));
    expect(almost).toContain('Last success   just now (2026-11-15 14:00:00 UTC)\n');
  });

  test('says that a run was due', () => {
    expect(statusText(report({ now: noon(600) }))).toContain('was due 5 minutes, 1 second ago');
  });
});

describe('statusJson', () => {
  test('has a null for what is not known, and no member less', () => {
    const known = JSON.parse(
      statusJson(report({ status: statusAfter(fine(0), revoked) })),
    ) as object;
    const unknown = JSON.parse(
      statusJson(report({ status: undefined, checkpoint: undefined })),
    ) as object;
    expect(Object.keys(unknown)).toEqual(Object.keys(known));
    expect(unknown).toMatchObject({ state: 'Pending', last_run: null, error: null, totals: null });
  });
});
