import { EventEmitter, once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { UsageError } from '../../src/domain/failure.ts';
import { runSandboxCommand } from '../../src/sandbox/command.ts';
import { movableClock } from './movable-clock.ts';
import { start } from './running.ts';

const options = {
  port: 0,
  host: '127.0.0.1',
  token: '00my-token',
  events: 20,
  seed: 1,
  days: 7,
  eventsPerMinute: 60,
  rateLimit: 600,
  faults: ['503@2', 'bom@3'],
};

describe('runSandboxCommand', () => {
  test('tells how to reach the org, serves it, and ends with the signal', async () => {
    const stop = new AbortController();
    const said = new EventEmitter();
    const welcome = once(said, 'welcome') as Promise<[string]>;
    const write = (text: string): void => {
      said.emit('welcome', text);
    };
    const run = runSandboxCommand(options, movableClock(start), write, stop.signal);
    const [text] = await welcome;
    const value = (key: string): string => new RegExp(`^${key} = (.*)$`, 'm').exec(text)?.[1] ?? '';
    expect(text).toContain('20 events of the last 7 days; 60 a minute');
    expect(text).toContain('503@2, bom@3');
    expect(text).toContain('[oktacollector]');
    const logs = `${value('okta_org_url')}/api/v1/logs`;
    const headers = { authorization: `SSWS ${value('api_token')}` };
    expect((await fetch(logs, { headers })).status).toBe(200);
    expect((await fetch(logs, { headers })).status).toBe(503);
    stop.abort();
    await run;
    await expect(fetch(logs, { headers })).rejects.toThrow();
  });

  test('ends at once if the signal was first', async () => {
    await runSandboxCommand(options, movableClock(start), () => undefined, AbortSignal.abort());
  });

  test('refuses a fault that it does not know', async () => {
    const run = runSandboxCommand(
      { ...options, faults: ['503', 'fire'] },
      movableClock(start),
      () => undefined,
      AbortSignal.abort(),
    );
    await expect(run).rejects.toThrow(UsageError);
  });
});
