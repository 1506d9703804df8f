import { describe, expect, test } from 'vitest';
import { formatProblems, formatProblemsOnOneLine } from '../../src/config/format-problems.ts';

const problems = [
  {
    key: 'okta_org_url',
    value: 'acme',
    source: '/x/conf/a.properties:3',
    reason: 'is odd',
    remedy: 'Mend it',
  },
  { key: 'api_token', value: undefined, source: undefined, reason: 'is not set', remedy: 'Set it' },
];
const nasty = [
  {
    key: 'start_time',
    value: '1\n\u001b[31m2\u2028',
    source: undefined,
    reason: 'is odd',
    remedy: 'Mend it',
  },
];

describe('formatProblems', () => {
  test('gives each problem a few lines', () => {
    expect(formatProblems(problems)).toBe(
      [
        '1. okta_org_url "acme" is odd',
        '   at /x/conf/a.properties:3',
        '   Mend it',
        '',
        '2. api_token is not set',
        '   Set it',
      ].join('\n'),
    );
  });

  test('lets no value forge a line or a colour, or go on for ever', () => {
    expect(formatProblems(nasty)).toContain('start_time "1\\u000a\\u001b[31m2\\u2028" is odd');
    const long = [
      { key: 'k', value: 'x'.repeat(999), source: undefined, reason: 'r', remedy: 'm' },
    ];
    expect(formatProblems(long).length).toBeLessThan(250);
  });
});

describe('formatProblemsOnOneLine', () => {
  test('puts all problems on one line', () => {
    expect(formatProblemsOnOneLine(problems)).toBe(
      'okta_org_url "acme" is odd (/x/conf/a.properties:3): Mend it; api_token is not set: Set it',
    );
    expect(formatProblemsOnOneLine(nasty)).not.toMatch(/[\p{Cc}\p{Zl}]/u);
  });
});
