import { expect, test } from 'vitest';
import type { Failure } from '../../src/domain/failure.ts';
import type { ErrorType } from '../../src/domain/status-error.ts';
import { errorTypeOf } from '../../src/domain/status-error.ts';

/** The compiler refuses a kind that is missing. */
const types: Readonly<Record<Failure['kind'], ErrorType>> = {
  usage: 'ThirdPartyConfig',
  config: 'ThirdPartyConfig',
  credentials: 'ThirdPartyConfig',
  'rate-limit': 'ThirdPartyGeneric',
  transient: 'ThirdPartyGeneric',
  'unusable-page': 'ThirdPartyGeneric',
  'refused-link': 'ThirdPartyGeneric',
  protocol: 'ThirdPartyGeneric',
  checkpoint: 'FirstPartyGeneric',
  busy: 'FirstPartyGeneric',
  output: 'FirstPartyGeneric',
};

test.each(Object.keys(types) as Failure['kind'][])(
  'a failure of the kind %s has a type',
  (kind) => {
    expect(errorTypeOf({ kind })).toBe(types[kind]);
  },
);
