import { describe, expect, test } from 'vitest';
import {
  CredentialsError,
  ProtocolError,
  RateLimitError,
  RefusedLinkError,
  TransientError,
  UnusablePageError,
} from '../../src/domain/failure.ts';
import { seconds } from '../../src/domain/time.ts';
import { retryWait } from '../../src/okta/retry-policy.ts';

describe('retryWait', () => {
  const transient = new TransientError('down');

  test('doubles from a second to a minute', () => {
    const waits = Array.from({ length: 7 }, (_, retries) => retryWait(transient, retries, 0));
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60].map(seconds));
  });

  test('is shorter by up to a half by chance', () => {
    expect(retryWait(transient, 2, 1)).toBe(seconds(2));
  });

  test('gives a failing server up after eight attempts, a broken page after four', () => {
    expect(retryWait(transient, 7, 0)).toBeUndefined();
    expect(retryWait(new UnusablePageError('cut'), 2, 0)).toBe(seconds(4));
    expect(retryWait(new UnusablePageError('cut'), 3, 0)).toBeUndefined();
  });

  test('never gives a rate limit up, and waits as long as it says', () => {
    expect(retryWait(new RateLimitError('slow', seconds(17)), 1000, 0.5)).toBe(seconds(17));
  });

  test.each([new CredentialsError('no'), new ProtocolError('what'), new RefusedLinkError('gone')])(
    'does not repeat what will not change: $kind',
    (failure) => {
      expect(retryWait(failure, 0, 0)).toBeUndefined();
    },
  );
});
