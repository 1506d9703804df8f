import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock/system-clock.ts';
import { hours, milliseconds } from '../../src/domain/time.ts';

const pendingTimers = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;

describe('systemClock', () => {
  test('now is the time of the machine', () => {
    const before = new Date().getTime();
    const now = systemClock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(new Date().getTime());
  });

  test('a short sleep ends before a long one, even one longer than a Node timer can be', async () => {
    const waking = new AbortController();
    const long = systemClock.sleep(milliseconds(2 ** 31 + 5), waking.signal).then(
      () => 'long',
      () => 'aborted',
    );
    const short = systemClock.sleep(milliseconds(50), waking.signal).then(() => 'short');
    expect(await Promise.race([long, short])).toBe('short');
    waking.abort();
    expect(await long).toBe('aborted');
  });

  test('no time to wait is no wait', async () => {
    await systemClock.sleep(milliseconds(0), new AbortController().signal);
    await systemClock.sleep(milliseconds(-5), new AbortController().signal);
  });

  test('an abort rejects with its own reason, and leaves no timer and no listener behind', async () => {
    const reason = new Error('SIGTERM');
    const stopping = new AbortController();
    const timersBefore = pendingTimers();
    const sleeping = systemClock.sleep(hours(1), stopping.signal);
    expect(pendingTimers()).toBe(timersBefore + 1);
    stopping.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
    expect(pendingTimers()).toBe(timersBefore);
    expect(getEventListeners(stopping.signal, 'abort')).toHaveLength(0);
  });

  test('a sleep that was over leaves no listener behind', async () => {
    const stopping = new AbortController();
    await systemClock.sleep(milliseconds(1), stopping.signal);
    expect(getEventListeners(stopping.signal, 'abort')).toHaveLength(0);
  });

  test('a signal that is aborted already rejects with its reason, whatever there is to wait', async () => {
    const reason = new Error('SIGINT');
    const signal = AbortSignal.abort(reason);
    await expect(systemClock.sleep(hours(1), signal)).rejects.toBe(reason);
    await expect(systemClock.sleep(milliseconds(0), signal)).rejects.toBe(reason);
  });
});
