import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Installation } from '../support/unpack.ts';
import { unpack } from '../support/unpack.ts';
import type { Contender } from './measure.ts';
import type { OpenPageServer } from './open-page-server.ts';
import { openPageServer } from './open-page-server.ts';

/** What benchmarks of the whole program stand on. */
export interface BenchWorld {
  /** For whatever a benchmark has to write. */
  readonly folder: string;
  readonly server: OpenPageServer;
  /** Which cost the gates of whole programs go by: on a busy machine only `cpu` says anything. */
  readonly by: 'wall' | 'cpu';
  /** How many times the usual number of rounds; 1 or more. */
  readonly repeat: number;
  /** The program, installed and configured for the org of so many pages. */
  install(pages: number): Promise<Installation>;
}

/** Lets the work have such a world, and clears it away. */
export async function inBenchWorld(
  choice: Pick<BenchWorld, 'by' | 'repeat'>,
  work: (world: BenchWorld) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'okta-collector-bench-'));
  const program = join(folder, 'program');
  // A copy: somebody may build anew while this is measured.
  for (const part of ['bin', 'dist', 'package.json']) {
    await cp(part, join(program, part), { recursive: true });
  }
  const server = await openPageServer(folder);
  const installed: Installation[] = [];
  try {
    await work({
      ...choice,
      folder,
      server,
      async install(pages) {
        const url = server.urls[pages] ?? '';
        const installation = await unpack(program, { url, token: 'bench' });
        installed.push(installation);
        return installation;
      },
    });
  } finally {
    await server.close();
    for (const each of [folder, ...installed.map((installation) => installation.folder)]) {
      await rm(each, { recursive: true });
    }
  }
}

/** A scheduled run, with what the wrapper gives Node and the program. */
export function scheduledRun(
  name: string,
  { folder }: Installation,
  prepare?: Contender['prepare'],
): Contender {
  const launcher = join(folder, 'bin', 'okta-collector');
  const command = [process.execPath, '--v8-pool-size=1', launcher, '--quiet'];
  const environment = { MALLOC_MMAP_THRESHOLD_: '16777216', MALLOC_TRIM_THRESHOLD_: '33554432' };
  return { name, command, environment, ...(prepare === undefined ? {} : { prepare }) };
}

/** Lets the next run begin from the start. */
export function forgetting({ checkpoint }: Installation): () => Promise<void> {
  return () => rm(checkpoint, { force: true });
}
