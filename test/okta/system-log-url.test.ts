import { describe, expect, test } from 'vitest';
import { ProtocolError } from '../../src/domain/failure.ts';
import { limitOf, linkOf, trustedLink } from '../../src/okta/system-log-url.ts';
import { link, NOON, noon } from '../support/stream.ts';

const ORG = 'https://acme.okta.com';

describe('linkOf', () => {
  test('asks for all events since a time', () => {
    expect(linkOf({ kind: 'since', since: NOON }, ORG, 1000)).toBe(
      `${ORG}/api/v1/logs?sortOrder=ASCENDING&limit=1000&since=2026-11-15T12%3A00%3A00.000Z`,
    );
  });

  test('asks for a window', () => {
    expect(linkOf({ kind: 'window', window: { since: NOON, until: noon(1) } }, ORG, 50)).toBe(
      `${ORG}/api/v1/logs?sortOrder=ASCENDING&limit=50&since=2026-11-15T12%3A00%3A00.000Z&until=2026-11-15T12%3A00%3A01.000Z`,
    );
  });

  test('gives back what Okta issued, byte for byte', () => {
    const odd = `${ORG}/api/v1/logs?after=a%2fb+c,d;e&&limit=7&x=%7E~` as ReturnType<typeof link>;
    expect(linkOf({ kind: 'link', link: odd }, ORG, 1000)).toBe(odd);
  });
});

describe('trustedLink', () => {
  const asked = link('here');

  test.each([
    ['another host', 'https://evil.example/api/v1/logs?after=1'],
    ['another port', `${ORG}:8443/api/v1/logs?after=1`],
    ['another scheme', 'http://acme.okta.com/api/v1/logs?after=1'],
    ['a host that looks alike', 'https://acme.okta.com.evil.example/api/v1/logs?after=1'],
    [
      'the org as the user name of another host',
      'https://acme.okta.com@evil.example/api/v1/logs?after=1',
    ],
    ['another path', `${ORG}/api/v1/users?after=1`],
    ['a path that begins alike', `${ORG}/api/v1/logs/../users?after=1`],
    ['a path that goes on', `${ORG}/api/v1/logstream?after=1`],
    ['no address at all', 'http://'],
    ['a relative address of another host', '//evil.example/api/v1/logs?after=1'],
  ])('refuses %s', (_, next) => {
    expect(() => trustedLink(next, asked, ORG)).toThrow(ProtocolError);
  });

  test('leaves a good one as it is, byte for byte', () => {
    const next = `${ORG}/api/v1/logs?after=a%2fb,c&limit=3`;
    expect(trustedLink(next, asked, ORG)).toBe(next);
  });

  test('resolves a relative one', () => {
    expect(trustedLink('/api/v1/logs?after=x', asked, ORG)).toBe(`${ORG}/api/v1/logs?after=x`);
    expect(trustedLink('?after=x', asked, ORG)).toBe(`${ORG}/api/v1/logs?after=x`);
  });

  test('does not repeat the query of a refused link, which may hold anything', () => {
    expect(() => trustedLink('https://evil.example/x?token=secret', asked, ORG)).toThrow(
      /^(?!.*secret)/,
    );
  });
});

describe('limitOf', () => {
  test.each([
    ['limit=7', 7],
    ['x=1', 100],
    ['limit=0', 100],
    ['limit=many', 100],
  ])('%s means at most %d events', (query, limit) => {
    expect(limitOf(`${ORG}/api/v1/logs?${query}` as ReturnType<typeof link>)).toBe(limit);
  });
});
