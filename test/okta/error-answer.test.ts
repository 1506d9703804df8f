import { describe, expect, test } from 'vitest';
import { ConfigError, RateLimitError } from '../../src/domain/failure.ts';
import { seconds } from '../../src/domain/time.ts';
import { failureOf } from '../../src/okta/error-answer.ts';
import type { HeaderFields } from '../../src/okta/exchange.ts';

const ORG = 'https://acme.okta.com';
const HTML = '<html><body><h1>502 Bad Gateway</h1></body></html>';
const body = (errorCode: string, errorSummary: string) =>
  JSON.stringify({ errorCode, errorSummary, errorLink: errorCode, errorCauses: [] });

interface Asked {
  readonly text?: string;
  readonly headers?: HeaderFields;
  readonly isOktasLink?: boolean;
}

function failure(status: number, { text = '', headers = {}, isOktasLink = false }: Asked = {}) {
  return failureOf(
    { status, headers, body: Buffer.from(text), receivedBytes: text.length },
    { org: ORG, signer: 'api token', isOktasLink, rateLimitWait: seconds(17) },
  );
}

describe('failureOf', () => {
  test.each([
    {
      status: 401,
      text: body('E0000011', 'Invalid token provided'),
      kind: 'credentials',
      message: `Cannot sign in to "${ORG}": 401 E0000011 Invalid token provided: the API token is wrong`,
      hint: /new API token/,
    },
    {
      status: 401,
      text: '',
      kind: 'credentials',
      message: `Cannot sign in to "${ORG}": 401: the API token is wrong`,
      hint: /new API token/,
    },
    {
      status: 403,
      text: body('E0000006', 'You do not have permission'),
      kind: 'credentials',
      message: `Cannot read the System Log of "${ORG}": 403 E0000006 You do not have permission: the owner`,
      hint: /admin role/,
    },
    {
      status: 404,
      text: body('E0000007', 'Not found'),
      kind: 'config',
      message: `Cannot find the System Log at "${ORG}": 404 E0000007 Not found`,
      hint: /^Set okta_org_url to the address of your org/,
    },
    {
      status: 429,
      text: body('E0000047', 'API call exceeded rate limit'),
      kind: 'rate-limit',
      message: `Cannot go on reading "${ORG}": 429 E0000047 API call exceeded rate limit`,
      hint: /next run goes on/,
    },
    {
      status: 400,
      text: body('E0000053', 'since is too far in the past'),
      kind: 'protocol',
      message: `Cannot read the System Log of "${ORG}": 400 E0000053 since is too far in the past`,
      hint: /okta_org_url/,
    },
    {
      status: 500,
      text: body('E0000053', 'try again'),
      kind: 'transient',
      message: `Cannot read the System Log of "${ORG}": 500 E0000053 try again`,
      hint: /next run goes on/,
    },
    ...[408, 502, 503, 504, 599].map((status) => ({
      status,
      text: HTML,
      kind: 'transient',
      message: `Cannot read the System Log of "${ORG}": ${status}`,
      hint: /Okta or of a proxy/,
    })),
    ...[201, 204, 206].map((status) => ({
      status,
      text: '',
      kind: 'unusable-page',
      message: `Cannot read a page of "${ORG}": ${status}`,
      hint: undefined,
    })),
    ...[301, 304, 405, 418].map((status) => ({
      status,
      text: HTML,
      kind: 'protocol',
      message: `Cannot read the System Log of "${ORG}": ${status}`,
      hint: /okta_org_url/,
    })),
  ])('makes $kind of $status "$text"', ({ status, text, kind, message, hint }) => {
    const found = failure(status, { text });
    expect(found.kind).toBe(kind);
    expect(found.message.slice(0, message.length)).toBe(message);
    expect(found.hint ?? '').toMatch(hint ?? /^$/);
  });

  test('tells no more of a long text than its beginning', () => {
    const { message } = failure(400, { text: body('E0000001', 'x'.repeat(100_000)) });
    expect(message).toContain('E0000001 xxx');
    expect(message).toContain('xxx…');
    expect(message.length).toBeLessThan(1200);
  });

  test.each([
    { status: 400, ours: 'protocol', oktas: 'refused-link' },
    { status: 410, ours: 'protocol', oktas: 'refused-link' },
    { status: 414, ours: 'protocol', oktas: 'refused-link' },
    { status: 401, ours: 'credentials', oktas: 'credentials' },
    { status: 404, ours: 'config', oktas: 'config' },
    { status: 405, ours: 'protocol', oktas: 'protocol' },
    { status: 429, ours: 'rate-limit', oktas: 'rate-limit' },
    { status: 500, ours: 'transient', oktas: 'transient' },
  ])('makes $oktas of $status on a link of Okta, $ours on one of ours', (row) => {
    const text = body('E0000053', 'one code, many meanings');
    expect(failure(row.status, { text, isOktasLink: false }).kind).toBe(row.ours);
    expect(failure(row.status, { text, isOktasLink: true }).kind).toBe(row.oktas);
  });

  test.each([
    {
      name: 'both',
      text: JSON.stringify({ errorCode: 'E0000006', errorId: 'oae1' }),
      headers: { 'x-okta-request-id': 'req1' },
      message: /: 503 E0000006 \(request id req1, error id oae1\)$/,
    },
    {
      name: 'the request id of an answer in HTML',
      text: HTML,
      headers: { 'x-okta-request-id': ['req1', 'req2'] },
      message: /: 503 \(request id req1\)$/,
    },
    {
      name: 'the error id alone',
      text: JSON.stringify({ errorId: 'oae1' }),
      headers: {},
      message: /: 503 \(error id oae1\)$/,
    },
  ])('names $name, by which Okta finds the request', ({ text, headers, message }) => {
    expect(failure(503, { text, headers }).message).toMatch(message);
  });

  test.each(['null', '[]', '"text"', '7', '{"errorCode":7,"errorSummary":{}}', '{"errorCode":'])(
    'does without what an error body of "%s" does not say',
    (text) => {
      expect(failure(503, { text }).message).toMatch(/: 503$/);
    },
  );

  test('passes on how long to wait', () => {
    const limited = failure(429);
    expect(limited).toBeInstanceOf(RateLimitError);
    expect(limited).toMatchObject({ wait: seconds(17) });
  });

  test('names the key to mend where the org is wrong', () => {
    const wrong = failure(404);
    expect(wrong).toBeInstanceOf(ConfigError);
    expect(wrong).toMatchObject({ problems: [{ key: 'okta_org_url', value: ORG }] });
  });

  test.each([
    ['https://login.example.com/a?token=secret', 'redirect to "https://login.example.com"'],
    ['/login?token=secret', 'redirect to "an address that is none"'],
  ])('says where a redirect leads, but nothing that may be secret: %s', (location, says) => {
    const { message } = failure(302, { headers: { location } });
    expect(message).toContain(says);
    expect(message).not.toContain('secret');
  });
});
