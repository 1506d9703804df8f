import { describe, expect, test } from 'vitest';
import { checkAccess } from '../../src/collect/check-access.ts';
import { CredentialsError, TransientError } from '../../src/domain/failure.ts';
import type { Finding } from '../../src/domain/finding.ts';
import type { AccessLook, AccessTarget } from '../../src/domain/looks.ts';
import type { Instant } from '../../src/domain/time.ts';
import { NOON, noon } from '../support/stream.ts';

const { signal } = new AbortController();
const good: AccessLook = {
  status: 200,
  failure: undefined,
  isEmpty: false,
  serverTime: NOON,
  receivedAt: NOON,
  grant: { limit: 60, remaining: 59 },
};
const revoked = new CredentialsError('Cannot sign in', { hint: 'Create a new API token' });

/** What is found if Okta answers like this, by topic; `asked` gets what was asked for. */
async function check(
  answers: Partial<Record<AccessTarget, Partial<AccessLook> | Error>>,
  asked: AccessTarget[] = [],
): Promise<Readonly<Record<string, Finding>>> {
  const access = {
    ask: (target: AccessTarget) => {
      asked.push(target);
      const answer = answers[target] ?? {};
      return answer instanceof Error
        ? Promise.reject(answer)
        : Promise.resolve({ ...good, ...answer });
    },
  };
  const found: Record<string, Finding> = {};
  for await (const finding of checkAccess(access, 'API token', signal))
    found[finding.topic] = finding;
  return found;
}

const verdicts = (found: Readonly<Record<string, Finding>>) =>
  Object.entries(found).map(([topic, { verdict }]) => `${topic}: ${verdict}`);

describe('checkAccess', () => {
  test('finds nothing wrong where all is well', async () => {
    const asked: AccessTarget[] = [];
    const found = await check({}, asked);
    expect(asked).toEqual(['logs', 'users', 'groups']);
    expect(Object.values(found).map(({ topic, text }) => `${topic}: ${text}`)).toEqual([
      'Credential: Okta answers, and the API token may read the System Log',
      'Inventory: Users and groups may be read, too',
      'Clock: The clock of this machine agrees with that of Okta',
      'Rate limit: 60 requests a minute, 59 of them left in this one: at most 60,000 events a minute',
    ]);
    expect(verdicts(found).every((verdict) => verdict.endsWith('works'))).toBe(true);
  });

  test('tells a refusal with its hint and exit code, and the clock and the limit all the same', async () => {
    const asked: AccessTarget[] = [];
    const found = await check({ logs: { status: 401, failure: revoked } }, asked);
    expect(found['Credential']).toEqual({
      topic: 'Credential',
      verdict: 'fault',
      text: 'Cannot sign in',
      hint: 'Create a new API token',
      exitCode: 77,
    });
    expect(verdicts(found).slice(1)).toEqual([
      'Inventory: unknown',
      'Clock: works',
      'Rate limit: works',
    ]);
    expect(asked).toEqual(['logs']);
  });

  test('says of the rest that it could not be looked at if there is no answer', async () => {
    const found = await check({ logs: new TransientError('Cannot reach it') });
    expect(found['Credential']).toMatchObject({ verdict: 'fault', exitCode: 75 });
    expect(verdicts(found).slice(1)).toEqual([
      'Inventory: unknown',
      'Clock: unknown',
      'Rate limit: unknown',
    ]);
  });

  test('wonders about a day without events', async () => {
    const { Credential } = await check({ logs: { isEmpty: true } });
    expect(Credential).toMatchObject({ verdict: 'remark', exitCode: 0 });
    expect(Credential?.text).toContain('no event of the last day');
  });

  test.each([
    { answers: { users: { status: 403 } }, text: 'It cannot read users (403)' },
    { answers: { groups: { status: 404 } }, text: 'It cannot read groups (404)' },
    {
      answers: { users: { status: 403 }, groups: new TransientError('cut') },
      text: 'It cannot read users (403) and groups',
    },
  ])('only remarks: $text', async ({ answers, text }) => {
    expect((await check(answers))['Inventory']).toMatchObject({
      text,
      verdict: 'remark',
      exitCode: 0,
    });
  });

  test.each<{ receivedAt: Instant; says: string; verdict: string }>([
    { receivedAt: noon(60), says: 'agrees with', verdict: 'works' },
    { receivedAt: noon(-60), says: 'agrees with', verdict: 'works' },
    { receivedAt: noon(61), says: '1 minute, 1 second ahead of that of Okta', verdict: 'remark' },
    { receivedAt: noon(-7200), says: '2 hours behind that of Okta', verdict: 'remark' },
  ])('says of our clock that it is $says', async ({ receivedAt, says, verdict }) => {
    const { Clock } = await check({ logs: { receivedAt } });
    expect(Clock?.text).toContain(says);
    expect(Clock).toMatchObject({ verdict, exitCode: 0 });
  });

  test('cannot know what Okta does not tell', async () => {
    const found = await check({ logs: { serverTime: undefined, grant: undefined } });
    expect(verdicts(found).slice(2)).toEqual(['Clock: unknown', 'Rate limit: unknown']);
  });

  test('remarks that nothing is left of the rate limit', async () => {
    const found = await check({ logs: { grant: { limit: 60, remaining: 0 } } });
    expect(found['Rate limit']).toMatchObject({ verdict: 'remark' });
  });

  test('lets a bug through', async () => {
    await expect(check({ logs: new TypeError('bug') })).rejects.toThrow(TypeError);
    await expect(check({ users: new TypeError('bug') })).rejects.toThrow(TypeError);
  });
});
