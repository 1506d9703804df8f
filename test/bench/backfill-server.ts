/**
 * A large org in a process of its own: bounded requests over millions of events, each answered after
 * a fixed latency. Events are compressed once, in blocks that are kept on the disk: a page is made of
 * some, each a member of its gzip, and of the few events before and behind them.
 * Says on standard output where it listens, and ends when its standard input does.
 * Arguments: folder, events, latency in milliseconds.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { systemClock } from '../../src/clock/system-clock.ts';
import type { Window } from '../../src/domain/time.ts';
import { days, earlier, instant } from '../../src/domain/time.ts';
import type { LargeOrg } from './open-backfill-server.ts';
import { makeHistory } from './history.ts';
import type { History } from './history.ts';

const PAGE = 1000;
const BLOCK = 100;
const compress = promisify(gzip);

const [folder = '', events = '0', latency = '0'] = process.argv.slice(2);
void serve(folder, Number(events), Number(latency));

async function serve(cache: string, count: number, wait: number): Promise<void> {
  // Whole days, so that what was made serves for a day; and all of it within the retention.
  const now = systemClock.now();
  const today = instant(now - (now % days(1)));
  const window = { since: earlier(today, days(89)), until: today };
  const history = makeHistory(count, window);
  const place = join(cache, `${today}-${count}`);
  if (!existsSync(place)) await makeBlocks(cache, place, history, window);
  const offsets = (await readFile(join(place, 'offsets'), 'utf8')).split(' ').map(Number);
  const blocks = await open(join(place, 'blocks'), 'r');
  const pages = pagesOf(history, blocks, offsets);
  const server = createServer((request, response) => {
    void answer();
    async function answer(): Promise<void> {
      const ready = pause(wait);
      const url = new URL(request.url ?? '/', told.url);
      const { body, next } = await pages(url.searchParams);
      const links = [`<${url.href}>; rel="self"`];
      if (next !== undefined) {
        url.searchParams.set('after', String(next));
        links.push(`<${url.href}>; rel="next"`);
      }
      await ready;
      response
        .writeHead(200, {
          'content-type': 'application/json',
          'content-encoding': 'gzip',
          'content-length': body.length,
          'x-rate-limit-limit': '1000000',
          'x-rate-limit-remaining': '999999',
          'x-rate-limit-reset': String(Math.ceil(systemClock.now() / 1000) + 60),
          link: links,
        })
        .end(body);
    }
  });
  const told: LargeOrg = { url: '', window, sha256: await readFile(join(place, 'sha256'), 'utf8') };
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    Object.assign(told, { url: `http://127.0.0.1:${port}` });
    process.stdout.write(`${JSON.stringify(told)}\n`);
  });
  process.stdin.resume().once('end', () => {
    server.close().closeAllConnections();
    void blocks.close();
  });
}

async function makeBlocks(cache: string, place: string, history: History, window: Window) {
  await rm(cache, { recursive: true, force: true });
  const draft = `${place}.draft`;
  await mkdir(draft, { recursive: true });
  const file = await open(join(draft, 'blocks'), 'w');
  const hash = createHash('sha256');
  const offsets = [0];
  const { length } = history.moments;
  for (let from = 0; from < length; from += BLOCK) {
    const json = eventsIn(history, from, Math.min(from + BLOCK, length));
    hash.update(json.map((event) => `${event}\n`).join(''));
    const body = await compress(json.map((event) => `,${event}`).join(''));
    await file.write(body);
    offsets.push((offsets.at(-1) ?? 0) + body.length);
  }
  await file.close();
  await writeFile(join(draft, 'offsets'), offsets.join(' '));
  await writeFile(join(draft, 'sha256'), hash.digest('hex'));
  await rename(draft, place);
  process.stderr.write(
    `Made ${length} events of ${new Date(window.since).toISOString()} and later: ` +
      `${((offsets.at(-1) ?? 0) / 1e6).toFixed(0)} MB compressed\n`,
  );
}

function eventsIn({ event }: History, from: number, to: number): readonly string[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => event(from + index));
}

type Pages = (query: URLSearchParams) => Promise<{ body: Buffer; next: number | undefined }>;

function pagesOf(history: History, blocks: FileHandle, offsets: readonly number[]): Pages {
  const { moments } = history;
  const placeOf = (moment: number): number => {
    let [low, high] = [0, moments.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((moments[middle] ?? 0) < moment) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const piece = (text: string): Promise<Buffer> =>
    compress(text, { level: constants.Z_BEST_SPEED });

  /** Events of whole blocks, each with a comma before it. */
  async function stored(from: number, to: number): Promise<Buffer> {
    const [start = 0, stop = start] = [offsets[from], offsets[to]];
    const bytes = Buffer.alloc(Math.max(0, stop - start));
    await blocks.read(bytes, 0, bytes.length, start);
    return bytes;
  }

  return async (query) => {
    const time = (name: string): number => Date.parse(query.get(name) ?? '');
    const from = Number(query.get('after') ?? placeOf(time('since')));
    const end = placeOf(time('until') + 1);
    const to = Math.min(from + PAGE, end);
    const first = Math.floor(from / BLOCK) + 1;
    const last = Math.max(first, Math.floor(to / BLOCK));
    const head = eventsIn(history, from, Math.min(first * BLOCK, to));
    const tail = eventsIn(history, last * BLOCK, to).map((event) => `,${event}`);
    const body = await Promise.all([
      piece(`[${head.join(',')}`),
      stored(first, last),
      piece(`${tail.join('')}]`),
    ]);
    return { body: Buffer.concat(body), next: to < end ? to : undefined };
  };
}
