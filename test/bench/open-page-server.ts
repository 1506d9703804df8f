import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What the page server says of itself. */
export interface PageServer {
  /** The orgs, by how many full pages they have. */
  readonly urls: Readonly<Record<number, string>>;
  /** Of the 40 distinct pages as lines; longer orgs repeat them. */
  readonly sha256: string;
}

/** A page server at work. */
export interface OpenPageServer extends PageServer {
  /** Where the 40 distinct pages lie as lines. */
  readonly file: string;
  close(): Promise<void>;
}

/** Starts the page server in a process of its own. @param folder where its file of lines goes */
export async function openPageServer(folder: string): Promise<OpenPageServer> {
  const file = join(folder, 'lines.json');
  const program = join(import.meta.dirname, 'page-server.js');
  const child = spawn(process.execPath, [program, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const first = await Promise.race([once(lines, 'line'), ended]);
  if (child.exitCode !== null) throw new Error('Cannot start the page server: it has ended');
  return {
    ...readPageServer(JSON.parse(String(first[0]))),
    file,
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}

function readPageServer(told: unknown): PageServer {
  if (typeof told === 'object' && told !== null && 'urls' in told && 'sha256' in told) {
    const { urls, sha256 } = told;
    if (typeof urls === 'object' && urls !== null) {
      return {
        urls: Object.fromEntries(Object.entries(urls).map(([count, url]) => [count, String(url)])),
        sha256: String(sha256),
      };
    }
  }
  throw new Error('Cannot start the page server: it says something else');
}
