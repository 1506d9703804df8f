import type { Clock } from '../domain/clock.ts';
import type { Sandbox } from './server.ts';
import { startSandbox } from './server.ts';

/** What the `sandbox` command was asked for. */
interface SandboxCommandOptions {
  /** 0 for one that is free. */
  readonly port: number;
  readonly host: string;
  /** `undefined` for the sandbox's own. */
  readonly token: string | undefined;
  /** How many events there are at the start. */
  readonly events: number;
  readonly seed: number;
  /** Over how many days before the start they are spread. */
  readonly days: number;
  readonly eventsPerMinute: number;
  /** Requests a minute. */
  readonly rateLimit: number;
  /** In the sandbox's fault language, such as `503x3`. */
  readonly faults: readonly string[];
}

/** What arrives may be up to so many milliseconds out of order, as near the tip of a real log. */
const disorder = 5000;

function welcome({ url, token }: Sandbox, options: SandboxCommandOptions): string {
  const { events, days, eventsPerMinute, faults } = options;
  return [
    `Okta sandbox at ${url}, stop it with Ctrl-C`,
    `It holds ${events} events of the last ${days} days; ${eventsPerMinute} a minute arrive while it runs`,
    ...(faults.length === 0 ? [] : [`It misbehaves: ${faults.join(', ')}`]),
    '',
    'To collect from it, put these lines into a properties file:',
    '',
    '[oktacollector]',
    `api_token = ${token}`,
    `okta_org_url = ${url}`,
    '',
  ].join('\n');
}

/**
 * Runs an org that behaves as Okta's until the signal; `write` is told once how to reach it.
 * Rejects with a `UsageError` if it cannot listen or a fault is not known.
 */
export async function runSandboxCommand(
  options: SandboxCommandOptions,
  clock: Clock,
  write: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { token, faults, ...rest } = options;
  const sandbox = await startSandbox({
    ...rest,
    ...(token === undefined ? {} : { token }),
    clock,
    disorder,
    faults: faults.join(' '),
  });
  write(welcome(sandbox, options));
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener(
      'abort',
      () => {
        resolve();
      },
      { once: true },
    );
  });
  await sandbox.close();
}
