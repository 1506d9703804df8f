import { expect, test } from 'vitest';
import { CredentialsError } from '../../src/domain/failure.ts';
import { fault, remark, unknown, works } from '../../src/domain/finding.ts';
import { findingText } from '../../src/output/check-text.ts';

test('a finding has its mark, its topic and its remedy, which need no colour', () => {
  const hint = 'Create a new API token in Okta and set api_token; a token dies with its owner';
  const findings = [
    works('DNS', 'known'),
    remark('Clock', 'It is off', 'Set it'),
    fault('Credential', new CredentialsError('Cannot sign in', { hint })),
    unknown('Rate limit', 'Not looked at'),
  ];
  expect(findings.map(findingText).join('')).toBe(
    [
      '✓ DNS            known',
      '! Clock          It is off',
      '                 → Set it',
      '✗ Credential     Cannot sign in',
      '                 → Create a new API token in Okta and set api_token; a token',
      '                   dies with its owner',
      '- Rate limit     Not looked at',
      '',
    ].join('\n'),
  );
});

test('what comes from outside cannot move the cursor or begin a line', () => {
  expect(findingText(works('DNS', 'a\u001b[2Jb\nc'))).toBe('✓ DNS            a\\u{1b}[2Jb\\nc\n');
});
