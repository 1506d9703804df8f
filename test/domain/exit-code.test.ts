import { describe, expect, test } from 'vitest';
import { BUG_EXIT_CODE, exitCodeOf } from '../../src/domain/exit-code.ts';
import type { Failure } from '../../src/domain/failure.ts';
import {
  BusyError,
  CheckpointError,
  ConfigError,
  CredentialsError,
  isFailure,
  OutputError,
  ProtocolError,
  RateLimitError,
  RefusedLinkError,
  TransientError,
  UnusablePageError,
  UsageError,
} from '../../src/domain/failure.ts';
import { seconds } from '../../src/domain/time.ts';

const cause = new Error('why');
const options = { hint: 'Do this', cause };

/** One of each; the compiler refuses a kind that is missing. */
const failures: { readonly [Kind in Failure['kind']]: readonly [Failure, number] } = {
  usage: [new UsageError('it', options), 64],
  checkpoint: [new CheckpointError('it', options), 73],
  output: [new OutputError('it', options), 74],
  busy: [new BusyError('it', false, options), 75],
  'rate-limit': [new RateLimitError('it', seconds(1), options), 75],
  transient: [new TransientError('it', options), 75],
  'unusable-page': [new UnusablePageError('it', options), 76],
  'refused-link': [new RefusedLinkError('it', options), 76],
  protocol: [new ProtocolError('it', options), 76],
  credentials: [new CredentialsError('it', options), 77],
  config: [new ConfigError('it', [], options), 78],
};

describe.each(Object.entries(failures))('a failure of the kind %s', (kind, [failure, code]) => {
  test(`ends the program with ${code}`, () => {
    expect(failure.kind).toBe(kind);
    expect(exitCodeOf(failure)).toBe(code);
  });

  test('keeps its message, its hint and its cause', () => {
    expect(failure).toMatchObject({ message: 'it', hint: 'Do this', cause });
    expect(failure.name).toBe(failure.constructor.name);
    expect(isFailure(failure)).toBe(true);
  });
});

test('a failure without a cause has no such member, and hints at nothing', () => {
  const failure = new OutputError('it');
  expect('cause' in failure).toBe(false);
  expect(failure.hint).toBeUndefined();
});

test('what nobody foresaw is no failure, and has a code of its own', () => {
  expect([new TypeError('bug'), 'text', undefined].map(isFailure)).toEqual([false, false, false]);
  expect(Object.values(failures).map(([, code]) => code)).not.toContain(BUG_EXIT_CODE);
  expect(BUG_EXIT_CODE).toBe(70);
});
