import type { Command } from 'commander';
import { wholeNumber } from './whole-number.ts';

/** How the embedded Okta org is wanted. */
export interface SandboxChoice {
  /** 0: any that is free. */
  readonly port: number;
  readonly host: string;
  /** `undefined`: one of the org's own choice. */
  readonly token: string | undefined;
  /** How many events the org holds when it starts, spread over the last `days`. */
  readonly events: number;
  readonly seed: number;
  readonly days: number;
  /** How many more arrive while it runs. */
  readonly eventsPerMinute: number;
  /** Requests a minute. */
  readonly rateLimit: number;
  /** As they were given; what they mean is the org's business. */
  readonly faults: readonly string[];
}

/** Gives a command the options of the embedded org. */
export function addSandboxOptions(command: Command): void {
  command
    .option(
      '--port <number>',
      'the port to listen on; 0 is any that is free',
      wholeNumber(0, 65_535),
      0,
    )
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--token <token>', 'the API token to accept (default: one that is made up)')
    .option('--events <number>', 'how many events the org holds', wholeNumber(0, 1_000_000), 5000)
    .option('--days <number>', 'over how many days they are spread', wholeNumber(1, 180), 7)
    .option('--events-per-minute <number>', 'how many more arrive', wholeNumber(0, 100_000), 60)
    .option('--seed <number>', 'another number makes other events', wholeNumber(0, 2 ** 32 - 1), 1)
    .option('--rate-limit <number>', 'requests a minute', wholeNumber(1, 1_000_000), 600)
    .option('--fault <fault>', 'misbehave, such as 503x3 (may be repeated)', append);
}

/** Reads what commander found. */
export function readSandboxOptions(command: Command): SandboxChoice {
  const { fault = [], ...rest } = command.opts<
    Omit<SandboxChoice, 'faults'> & { readonly fault?: readonly string[] }
  >();
  return { ...rest, faults: fault };
}

function append(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
