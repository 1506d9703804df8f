import { describe, expect, test } from 'vitest';
import type { CheckedWorld } from '../../src/collect/check.ts';
import { check } from '../../src/collect/check.ts';
import type { Checkpoint } from '../../src/domain/checkpoint.ts';
import { CheckpointError, ConfigError, TransientError } from '../../src/domain/failure.ts';
import type { Finding } from '../../src/domain/finding.ts';
import { Secret } from '../../src/domain/secret.ts';
import { Stop } from '../../src/domain/stop.ts';
import { days, later, seconds } from '../../src/domain/time.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { memoryCheckpoints } from '../support/memory-checkpoints.ts';
import { NOON } from '../support/stream.ts';

const cannot = () => Promise.reject(new TransientError('its name is not known'));
const sound: CheckedWorld = {
  machine: {
    lookAtState: () => Promise.resolve({ folder: '/opt/data', denied: [] }),
    savedAt: () => Promise.resolve(undefined),
    freeBytes: () => Promise.resolve(1e12),
    lookAtLock: () => Promise.resolve('free'),
    describeOutput: () => 'a pipe',
  },
  checkpoints: memoryCheckpoints<Checkpoint>(),
  way: {
    lookUp: () =>
      Promise.resolve({ host: 'acme.okta.com', addresses: ['1.2.3.4', '5.6.7.8', '9.9.9.9'] }),
    handshake: () =>
      Promise.resolve({
        protocol: 'TLSv1.3',
        issuer: 'DigiCert',
        validUntil: later(NOON, days(87)),
      }),
    issuer: () => Promise.resolve('Corp Firewall'),
  },
  proxy: undefined,
  access: {
    ask: () =>
      Promise.resolve({
        status: 200,
        failure: undefined,
        isEmpty: false,
        serverTime: NOON,
        receivedAt: NOON,
        grant: { limit: 60, remaining: 59 },
      }),
  },
  signer: 'API token',
  clock: fakeClock(NOON),
  signal: new AbortController().signal,
};

async function findings(parts: Partial<CheckedWorld> = {}): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for await (const finding of check({ ...sound, ...parts })) found.push(finding);
  return found;
}

async function byTopic(parts: Partial<CheckedWorld>): Promise<Readonly<Record<string, Finding>>> {
  return Object.fromEntries((await findings(parts)).map((finding) => [finding.topic, finding]));
}

const topics = [
  'State files',
  'Disk space',
  'Lock',
  'Output',
  'Checkpoint',
  'Proxy',
  'DNS',
  'Connection',
  'Credential',
  'Inventory',
  'Clock',
  'Rate limit',
];

describe('check', () => {
  test('looks at everything, the near things first', async () => {
    const found = await findings();
    expect(found.map(({ topic }) => topic)).toEqual(topics);
    expect(found.every(({ verdict }) => verdict === 'works')).toBe(true);
  });

  test.each<{ name: string; parts: Partial<CheckedWorld> }>([
    {
      name: 'the state files',
      parts: {
        machine: {
          ...sound.machine,
          lookAtState: () => Promise.reject(new CheckpointError('full')),
          lookAtLock: () => Promise.reject(new CheckpointError('no folder')),
        },
      },
    },
    { name: 'the name', parts: { way: { ...sound.way, lookUp: cannot } } },
    { name: 'the connection', parts: { way: { ...sound.way, handshake: cannot } } },
    { name: 'the answer', parts: { access: { ask: cannot } } },
  ])('hides nothing behind a fault of $name', async ({ parts }) => {
    const found = await findings(parts);
    expect(found.map(({ topic }) => topic)).toEqual(topics);
    expect(found.filter(({ verdict }) => verdict === 'fault').length).toBeGreaterThan(0);
  });

  test('asks Okta nothing if it is not reached', async () => {
    const access = { ask: () => Promise.reject(new Error('asked')) };
    const found = await byTopic({ way: { ...sound.way, handshake: cannot }, access });
    expect(found['Credential']).toMatchObject({ verdict: 'unknown', exitCode: 0 });
  });

  test('shows the way: name, addresses, issuer and days left', async () => {
    const found = await byTopic({});
    expect(found['DNS']?.text).toBe('"acme.okta.com" is 1.2.3.4 and 2 more');
    expect(found['Connection']?.text).toBe(
      'TLSv1.3, certificate by "DigiCert", valid for 87 more days',
    );
  });

  test('remarks a certificate that is about to end', async () => {
    const validUntil = later(NOON, seconds(14 * 86_400 - 1));
    const handshake = () => Promise.resolve({ protocol: 'TLSv1.2', issuer: 'X', validUntil });
    const { Connection } = await byTopic({ way: { ...sound.way, handshake } });
    expect(Connection).toMatchObject({ verdict: 'remark', exitCode: 0 });
    expect(Connection?.text).toContain('valid for 13 more days (until 2026-11-29T11:59:59.000Z)');
  });

  test('says who has signed a certificate that is not trusted', async () => {
    const failure = new ConfigError('its authority is not known', [], { hint: 'Set ca_file' });
    const handshake = () => Promise.reject(failure);
    const { Connection } = await byTopic({ way: { ...sound.way, handshake } });
    expect(Connection).toMatchObject({
      verdict: 'fault',
      exitCode: 78,
      text: 'its authority is not known; the certificate was signed by "Corp Firewall"',
      hint: 'Set ca_file',
    });
  });

  test('names the proxy, and no more than that it has credentials', async () => {
    const origin = 'http://proxy.acme.com:3128';
    const { Proxy: plain } = await byTopic({ proxy: { origin, authorization: undefined } });
    expect(plain?.text).toBe('"http://proxy.acme.com:3128" is used');
    const authorization = new Secret('Basic abc');
    const { Proxy: signed } = await byTopic({ proxy: { origin, authorization } });
    expect(signed?.text).toBe('"http://proxy.acme.com:3128" is used, with credentials');
  });

  test('ends with the reason of its signal', async () => {
    const stop = new Stop('stopped by signal');
    await expect(findings({ signal: AbortSignal.abort(stop) })).rejects.toBe(stop);
  });
});
