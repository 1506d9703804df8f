import { describe, expect, test } from 'vitest';
import type { Answer, Request } from '../../src/okta/exchange.ts';
import { withoutEcho } from '../../src/okta/without-echo.ts';

const signal = new AbortController().signal;
const url = 'https://acme.okta.com/api/v1/logs';

/** What comes of a request if the server repeats all that it was sent. */
async function echoOf(request: Partial<Request>, status = 401): Promise<Answer> {
  const { headers = {}, body = '' } = request;
  const echo = `You sent ${Object.values(headers).join(' and ')} and ${decodeURIComponent(body)}`;
  const answer: Answer = {
    status,
    headers: { 'www-authenticate': `Bearer error_description="${echo}"`, link: [echo] },
    body: Buffer.from(`{"errorSummary":"${echo} – ü"}`),
    receivedBytes: 1,
  };
  return withoutEcho(() => Promise.resolve(answer))({ url, headers, body, signal });
}

describe('withoutEcho', () => {
  test.each([
    {
      name: 'an API token',
      secret: '00token-of-somebody',
      request: { headers: { authorization: 'SSWS 00token-of-somebody' } },
    },
    {
      name: 'an access token',
      secret: 'eyJhbGciOi.x.y',
      request: { headers: { authorization: 'DPoP eyJhbGciOi.x.y', dpop: 'eyJwcm9vZg.a.b' } },
    },
    { name: 'a proof', secret: 'eyJwcm9vZg.a.b', request: { headers: { dpop: 'eyJwcm9vZg.a.b' } } },
    {
      name: 'a client secret',
      secret: 'c2VjcmV0',
      request: {
        headers: {
          authorization: `Basic ${Buffer.from('id:c2VjcmV0').toString('base64')}`,
          x: 'c2VjcmV0',
        },
      },
    },
    {
      name: 'a client secret as it was sent',
      secret: Buffer.from('id:c2VjcmV0').toString('base64'),
      request: {
        headers: { authorization: `Basic ${Buffer.from('id:c2VjcmV0').toString('base64')}` },
      },
    },
    {
      name: 'an assertion',
      secret: 'eyJhc3NlcnQ.a.b',
      request: { body: 'client_assertion=eyJhc3NlcnQ.a.b' },
    },
  ])('takes $name out of a refusal', async ({ secret, request }) => {
    const { body, headers } = await echoOf(request);
    expect(body.toString()).not.toContain(secret);
    expect(JSON.stringify(headers)).not.toContain(secret);
    expect(body.toString()).toContain('[secret]');
    expect(body.toString()).toContain('– ü');
  });

  test('takes out of JSON what is escaped there', async () => {
    const answer: Answer = {
      status: 401,
      headers: {},
      body: Buffer.from(
        String.raw`{"errorCauses":[{"00token-of-somebody":1,"errorSummary":"00token\u002dof\u002dsomebody"}]}`,
      ),
      receivedBytes: 1,
    };
    const headers = { authorization: 'SSWS 00token-of-somebody' };
    const { body } = await withoutEcho(() => Promise.resolve(answer))({ url, headers, signal });
    expect(body.toString()).toBe('{"errorCauses":[{"[secret]":1,"errorSummary":"[secret]"}]}');
  });

  test('takes a token out of the header fields of a page, for a refused link is told of', async () => {
    const authorization = 'SSWS 00token-of-somebody';
    const { headers } = await echoOf({ headers: { authorization } }, 200);
    expect(JSON.stringify(headers)).not.toContain('00token-of-somebody');
    expect(JSON.stringify(headers)).toContain('[secret]');
  });

  test('leaves a page as it is, byte for byte', async () => {
    const { body } = await echoOf({ headers: { authorization: 'SSWS 00token-of-somebody' } }, 200);
    expect(body.toString()).toContain('00token-of-somebody');
  });

  test('leaves everything as it is if nothing was signed', async () => {
    expect((await echoOf({ headers: { accept: 'application/json' } })).body.toString()).toContain(
      'application/json',
    );
  });
});
