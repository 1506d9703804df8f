import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Window } from '../../src/domain/time.ts';
import { instant } from '../../src/domain/time.ts';
import { isJsonObject, parseJson } from '../../src/state/json-shape.ts';

/** What the server of a large org says of itself. */
export interface LargeOrg {
  readonly url: string;
  /** What holds all of its events. */
  readonly window: Window;
  /** Of all events as lines, in order. */
  readonly sha256: string;
}

/** Starts the server in a process of its own. @param args its folder, events and latency */
export async function openLargeOrg(
  ...args: readonly string[]
): Promise<LargeOrg & { close(): Promise<void> }> {
  const program = join(import.meta.dirname, 'backfill-server.js');
  const child = spawn(process.execPath, [program, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const first = await Promise.race([once(lines, 'line'), ended]);
  const told = parseJson(String(first[0]));
  const window = isJsonObject(told) ? told['window'] : undefined;
  if (!isJsonObject(told) || !isJsonObject(window)) throw new Error('The server did not start');
  return {
    url: String(told['url']),
    window: { since: instant(Number(window['since'])), until: instant(Number(window['until'])) },
    sha256: String(told['sha256']),
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
