import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failureLine, failureText } from '../../src/output/failure-text.ts';

const refused = {
  exitCode: 77,
  message: 'Cannot read the System Log of "https://acme.okta.com": the API token is not valid',
  details: [],
  hint: 'Create a token in the Admin Console and set api_token',
};
const misconfigured = {
  exitCode: 78,
  message: 'Cannot use the configuration: it has 2 problems',
  details: ['okta_org_url is missing', 'pagination_limit "5000" is above 1000'],
  hint: undefined,
};

describe('failureLine', () => {
  test('says what failed and what to do, in one line', () => {
    expect(failureLine(refused)).toBe(
      'okta-collector failed (exit 77): Cannot read the System Log of "https://acme.okta.com": ' +
        'the API token is not valid. Create a token in the Admin Console and set api_token\n',
    );
  });

  test('names every detail', () => {
    expect(failureLine(misconfigured)).toBe(
      'okta-collector failed (exit 78): Cannot use the configuration: it has 2 problems; ' +
        'okta_org_url is missing; pagination_limit "5000" is above 1000\n',
    );
  });

  test('makes line breaks, escape codes and turned text visible', () => {
    const line = failureLine({
      ...refused,
      message: 'a\nb\r\nc\td\u001b[2Je\u0085f\u2028g\u202eh\0',
      hint: undefined,
    });
    expect(line).toBe(
      'okta-collector failed (exit 77): ' +
        String.raw`a\nb\r\nc\td\u{1b}[2Je\u{85}f\u{2028}g\u{202e}h\u{0}` +
        '\n',
    );
  });

  test('is one line of at most 8 KB whole characters, whatever it is told', () => {
    const words = fc.string({ unit: 'binary', maxLength: 9000, size: 'max' });
    fc.assert(
      fc.property(words, fc.array(words, { maxLength: 2 }), words, (message, details, hint) => {
        const line = failureLine({ exitCode: 70, message, details, hint });
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(8192);
        expect(line.indexOf('\n')).toBe(line.length - 1);
        expect(Buffer.from(line).toString()).toBe(line);
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });

  test('a text too long ends with an ellipsis, not with half a character', () => {
    for (const start of ['', 'a', 'ab', 'abc']) {
      const line = failureLine({ ...refused, message: start + '😀'.repeat(4000) });
      expect(line).toMatch(/😀…\n$/u);
      expect(Buffer.byteLength(line)).toBeGreaterThan(8180);
    }
  });
});

describe('failureText', () => {
  test('says it in lines, for a person', () => {
    expect(failureText(refused).split('\n')).toEqual([
      'okta-collector failed (exit 77)',
      '  Cannot read the System Log of "https://acme.okta.com": the API token is not valid',
      '  Create a token in the Admin Console and set api_token',
      '',
    ]);
    expect(failureText(misconfigured).split('\n')).toEqual([
      'okta-collector failed (exit 78)',
      '  Cannot use the configuration: it has 2 problems',
      '    okta_org_url is missing',
      '    pagination_limit "5000" is above 1000',
      '',
    ]);
  });

  test('lets no text from outside move the cursor', () => {
    expect(failureText({ ...refused, message: '\u001b[2Jgone' })).toContain('\\u{1b}[2Jgone');
  });
});
