import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { later, seconds } from '../../src/domain/time.ts';
import { makeEvent } from '../../src/sandbox/event.ts';
import { at, start } from './running.ts';

const sample = Array.from({ length: 5000 }, (_, index) =>
  makeEvent(1, index, later(start, seconds(index))),
);
const texts = sample.map(({ json }) => json.toString());

interface EventView {
  readonly uuid: string;
  readonly eventType: string;
  readonly published: string;
  readonly outcome: { readonly result: string };
  readonly target?: readonly { readonly type: string }[] | null;
}
const views = texts.map((text) => JSON.parse(text) as EventView);

/** Every type that the app's panels look for, with the outcomes that they tell apart. */
const panels = [
  'user.session.start SUCCESS',
  'user.session.start FAILURE',
  'user.authentication.sso SUCCESS',
  'user.authentication.sso FAILURE',
  'app.generic.unauth_app_access_attempt FAILURE',
  'application.policy.sign_on.deny_access DENY',
  'user.authentication.auth_via_mfa SUCCESS',
  'user.authentication.auth_via_mfa FAILURE',
  'user.mfa.factor.activate SUCCESS',
  'user.mfa.factor.deactivate SUCCESS',
  'user.lifecycle.create SUCCESS',
  'user.lifecycle.deactivate SUCCESS',
  'user.session.access_admin_app SUCCESS',
  'user.account.lock FAILURE',
  'user.account.reset_password SUCCESS',
  'user.account.update_password SUCCESS',
  'system.agent.ad.connect SUCCESS',
  'application.lifecycle.create SUCCESS',
  'application.lifecycle.delete SUCCESS',
  'application.lifecycle.deactivate SUCCESS',
];

describe('makeEvent', () => {
  test('gives compact JSON with the keys in the order of Okta, whatever the seed', () => {
    const keys = [
      'actor',
      'client',
      'device',
      'authenticationContext',
      'displayMessage',
      'eventType',
      'outcome',
      'published',
      'securityContext',
      'severity',
      'debugContext',
      'legacyEventType',
      'transaction',
      'uuid',
      'version',
      'request',
    ];
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (seed, index) => {
        const event = makeEvent(seed, index, start);
        const text = event.json.toString();
        const parsed = JSON.parse(text) as EventView;
        expect(Object.keys(parsed).filter((key) => key !== 'target')).toEqual(keys);
        expect([parsed.uuid, parsed.eventType]).toEqual([event.uuid, event.eventType]);
        expect(at(parsed.published)).toBe(event.published);
        expect(text.replace(/"(?:[^"\\]|\\.)*"/g, '')).not.toMatch(/\s/);
        expect(makeEvent(seed, index, start).json.equals(event.json)).toBe(true);
      }),
    );
  });

  test('covers several dozen event types, among them all that the panels use', () => {
    const seen = new Set(views.map(({ eventType, outcome }) => `${eventType} ${outcome.result}`));
    expect(panels.filter((wanted) => !seen.has(wanted))).toEqual([]);
    expect(new Set(views.map(({ eventType }) => eventType)).size).toBeGreaterThan(70);
  });

  test('names every uuid once', () => {
    expect(new Set(sample.map(({ uuid }) => uuid)).size).toBe(sample.length);
  });

  test('puts first what the panels read as the target', () => {
    const first = (type: string): Set<string | undefined> =>
      new Set(
        views.filter(({ eventType }) => eventType === type).map(({ target }) => target?.[0]?.type),
      );
    expect(first('application.lifecycle.delete')).toEqual(new Set(['AppInstance']));
    expect(first('user.authentication.sso')).toEqual(new Set(['AppInstance']));
    expect(first('user.mfa.factor.deactivate')).toEqual(new Set(['User']));
  });

  test.each([
    ['coordinates that end in zero', /"lat":37\.76970,"lon":-122\.39330/],
    ['a number larger than a double holds', /:12345678901234567890[,}]/],
    ['IPv6', /"ipAddress":"2[0-9a-f]{3}:[0-9a-f:]+"/],
    ['characters of four bytes', /[\u{10000}-\u{10ffff}]/u],
    ['escaped characters', /\\u[0-9a-f]{4}/],
    ['escaped slashes', /\\\//],
    ['JSON in a string', /\\"risk\\":\{\\"level\\"/],
    ['a backslash at the end of a string', /[^\\]\\\\"/],
    ['a postal code that is a number', /"postalCode":10013,/],
    ['a version that is a number', /"version":0,/],
    ['a zone called null', /"zone":"null"/],
    ['a long user agent', /"rawUserAgent":"(?:[^"\\]|\\.){400,}"/],
    ['published without milliseconds', /"published":"[^".]+Z"/],
    ['published with an offset', /"published":"[^".]+\+0000"/],
    ['no target at all', /"request":\{"ipChain":\[[^\]]*\]\}\}$/],
    ['a target that is null', /"target":null\}$/],
    ['a great deal of debug data', /^.{6000,}$/s],
  ])('has %s now and then', (_, sign) => {
    expect(texts.some((text) => sign.test(text))).toBe(true);
    expect(texts.every((text) => sign.test(text))).toBe(false);
  });

  test('is as large as the events of a real org', () => {
    const sizes = sample.map(({ json }) => json.length).toSorted((one, other) => one - other);
    expect(sizes[sizes.length >> 1]).toBeGreaterThan(1500);
    expect(sizes[sizes.length >> 1]).toBeLessThan(3500);
  });
});
