/**
 * An org that costs its clients nothing but their own time: pages made once from a seed, compressed
 * once, in a process of its own. Says on standard output where it listens, and ends when its
 * standard input does.
 * @see PageServer
 */
import { createHash } from 'node:crypto';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { systemClock } from '../../src/clock/system-clock.ts';
import { days, earlier } from '../../src/domain/time.ts';
import { EVENTS_A_PAGE, makePage } from './make-page.ts';
import type { PageServer } from './open-page-server.ts';

const DISTINCT_PAGES = 40;
/** Each is an org of so many full pages, behind which an empty one follows. */
const ORGS = [1, 40, 400];

const start = earlier(systemClock.now(), days(3));
const pages = Array.from({ length: DISTINCT_PAGES }, (_, page) => makePage(page, start));
const bodies = pages.map((events) => bodyOf(Buffer.from(`[${events.join(',')}]`)));
const empty = bodyOf(Buffer.from('[]'));

void listen(process.argv[2] ?? '');

/** @param file where the lines of the distinct pages are written, as they have to come out */
async function listen(file: string): Promise<void> {
  const lines = Buffer.concat(pages.flat().map((event) => Buffer.from(`${event.toString()}\n`)));
  await writeFile(file, lines);
  const servers = await Promise.all(ORGS.map(openOrg));
  const told: PageServer = {
    urls: Object.fromEntries(ORGS.map((count, index) => [count, urlOf(servers[index])])),
    sha256: createHash('sha256').update(lines).digest('hex'),
  };
  process.stdout.write(`${JSON.stringify(told)}\n`);
  process.stdin.resume().once('end', () => {
    for (const server of servers) server.close().closeAllConnections();
  });
}

function openOrg(count: number): Promise<Server> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', urlOf(server));
    const page = Number(url.searchParams.get('after') ?? 0);
    const { plain, compressed } = bodies[page % DISTINCT_PAGES] ?? empty;
    const isGzip = request.headers['accept-encoding']?.includes('gzip') === true;
    // A polling request always has a next link, a bounded one none behind its last page.
    const until = url.searchParams.get('until');
    const bound = until === null ? '' : `&until=${until}`;
    const next = `${url.origin}/api/v1/logs?after=${Math.min(page + 1, count)}&limit=${EVENTS_A_PAGE}${bound}`;
    const hasNext = until === null || page + 1 < count;
    const [whole, small] = page < count ? [plain, compressed] : [empty.plain, empty.compressed];
    response
      .writeHead(200, {
        'content-type': 'application/json',
        'x-rate-limit-limit': '1000000',
        'x-rate-limit-remaining': '999999',
        'x-rate-limit-reset': String(Math.ceil(systemClock.now() / 1000) + 60),
        link: [`<${url.href}>; rel="self"`, ...(hasNext ? [`<${next}>; rel="next"`] : [])],
        ...(isGzip ? { 'content-encoding': 'gzip' } : {}),
      })
      .end(isGzip ? small : whole);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve(server);
    });
  });
}

function bodyOf(plain: Buffer): { plain: Buffer; compressed: Buffer } {
  return { plain, compressed: gzipSync(plain) };
}

function urlOf(server: Server | undefined): string {
  const address = server?.address();
  if (typeof address !== 'object' || address === null)
    throw new Error('The server does not listen');
  return `http://127.0.0.1:${address.port}`;
}
