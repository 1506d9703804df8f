import { describe, expect, test } from 'vitest';
import type { RunReport } from '../../src/collect/keep-status.ts';
import { keepStatus } from '../../src/collect/keep-status.ts';
import { BusyError, CheckpointError, CredentialsError } from '../../src/domain/failure.ts';
import type { StatusStore, StreamStatus } from '../../src/domain/status.ts';
import { later, seconds } from '../../src/domain/time.ts';
import { ORG, summary } from '../domain/status-samples.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { notedLog } from '../support/noted-log.ts';
import { NOON } from '../support/stream.ts';

function keeping(parts: Partial<StatusStore> = {}) {
  const saved: StreamStatus[] = [];
  const store: StatusStore = {
    load: () => Promise.resolve(saved.at(-1)),
    save: async (status) => {
      await Promise.resolve();
      saved.push(status);
    },
    ...parts,
  };
  const log = notedLog();
  const clock = fakeClock(NOON);
  const keep = (run: (report: RunReport) => Promise<void> | void, org = ORG) =>
    keepStatus({ org, store, clock, log }, async (report) => {
      clock.move(seconds(2));
      await run(report);
    });
  return { keep, saved, log };
}

describe('keepStatus', () => {
  test('keeps how a run went, and when', async () => {
    const { keep, saved } = keeping();
    await keep((report) => {
      report.summed(summary());
    });
    const endedAt = later(NOON, seconds(2));
    expect(saved).toMatchObject([
      { org: ORG, starts: [NOON], endedAt, succeededAt: endedAt, ended: 'caught up', caveats: [] },
    ]);
  });

  test('goes on from what is there', async () => {
    const { keep, saved } = keeping();
    for (let count = 0; count < 3; count += 1) {
      await keep((report) => {
        report.summed(summary());
      });
    }
    expect(saved.map(({ totals }) => totals.runs)).toEqual([1, 2, 3]);
  });

  test('keeps how a run failed, and lets it fail', async () => {
    const { keep, saved } = keeping();
    const error = new CredentialsError('Cannot sign in');
    const run = keep((report) => {
      report.summed(summary({ ended: 'failed', events: 3 }));
      throw error;
    });
    await expect(run).rejects.toBe(error);
    expect(saved).toMatchObject([
      { succeededAt: undefined, error: { message: 'Cannot sign in' }, totals: { events: 3 } },
    ]);
  });

  test('keeps what the log calls a caveat, in words, and nothing else', async () => {
    const { keep, saved } = keeping();
    await keep((report) => {
      const recorded: RunReport['recorded'] = (...record) => {
        report.recorded(...record);
      };
      recorded('Okta is slow', { seconds: 3 });
      recorded('Gap', { caveat: 'gap', from: 'May', to: 'June' });
      recorded('Too long', { caveat: 'long event', bytes: 1 });
      recorded('Too long', { caveat: 'long event', bytes: 2 });
      recorded('Not used', { caveat: 'start ignored' });
    });
    expect(saved[0]?.caveats).toMatchObject([
      { kind: 'gap', text: 'Gap (from May, to June)', count: 1 },
      { kind: 'long event', text: 'Too long (bytes 2)', count: 2 },
      { kind: 'start ignored', text: 'Not used', count: 1 },
    ]);
  });

  test('leaves no trace of a run that stepped back from another one', async () => {
    const { keep, saved } = keeping();
    const busy = new BusyError('busy', false);
    await expect(
      keep(() => {
        throw busy;
      }),
    ).rejects.toBe(busy);
    expect(saved).toEqual([]);
  });

  test.each([
    ['keeps nothing if the checkpoint refuses it', new CheckpointError('it belongs to another'), 1],
    ['keeps nothing if a run of the stream hangs', new BusyError('it hangs', true), 1],
    ['begins anew if it may not sign in', new CredentialsError('Cannot sign in'), 2],
  ])('of another org %s', async (_, error, kept) => {
    const { keep, saved } = keeping();
    await keep((report) => {
      report.summed(summary());
    });
    const other = 'https://other.okta.com';
    const run = keep((report) => {
      report.summed(summary({ ended: 'failed', pages: 0, events: 0 }));
      throw error;
    }, other);
    await expect(run).rejects.toBe(error);
    expect(saved).toHaveLength(kept);
    expect(saved.at(-1)).toMatchObject({ org: kept === 1 ? ORG : other, totals: { runs: 1 } });
  });

  test('begins anew for another org once that was read, even if its checkpoint is lost then', async () => {
    const { keep, saved } = keeping();
    await keep((report) => {
      report.summed(summary());
    });
    const run = keep((report) => {
      report.summed(summary({ ended: 'failed' }));
      throw new CheckpointError('the disk is full');
    }, 'https://other.okta.com');
    await expect(run).rejects.toThrow('the disk is full');
    expect(saved.at(-1)).toMatchObject({ org: 'https://other.okta.com', totals: { runs: 1 } });
  });

  test('keeps that another run hangs', async () => {
    const { keep, saved } = keeping();
    const hanging = new BusyError('it hangs', true);
    await expect(
      keep(() => {
        throw hanging;
      }),
    ).rejects.toBe(hanging);
    expect(saved).toMatchObject([{ error: { type: 'FirstPartyGeneric', message: 'it hangs' } }]);
  });

  test.each(['load', 'save'] as const)('lets no run fail if it cannot %s', async (action) => {
    const broken = { [action]: () => Promise.reject(new Error('ENOSPC: no space')) };
    const { keep, log } = keeping(broken);
    await keep(() => undefined);
    expect(log.messages('warn')).toEqual(['Cannot keep the status: ENOSPC: no space']);
    const error = new CredentialsError('Cannot sign in');
    await expect(
      keep(() => {
        throw error;
      }),
    ).rejects.toBe(error);
  });
});
