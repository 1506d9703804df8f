import { constants, gunzipSync, gzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { Clock } from '../domain/clock.ts';
import type { PackedLog, PackedPage } from '../domain/packed-page.ts';
import type { Cursor } from '../domain/page.ts';
import type { SplitEvent } from '../domain/split-page.ts';
import { splitPage } from '../domain/split-page.ts';
import type { Instant } from '../domain/time.ts';
import { between } from '../domain/time.ts';
import type { ApiClient } from './api-client.ts';
import type { Answer } from './exchange.ts';
import { field } from './exchange.ts';
import { giveBackPage } from './give-back.ts';
import { nextLinkOf, pageOf } from './read-page.ts';
import type { RequestBudget } from './request-budget.ts';
import { serverTimeOf } from './server-time.ts';
import { linkOf } from './system-log-url.ts';
import { decoded } from './transport.ts';
import { keepHeapSmall } from './v8-flags.ts';

/** What packed pages of an org are asked with. */
export interface PackedLogOptions {
  /** The origin of the org, such as `https://acme.okta.com`. */
  readonly org: string;
  /** Events to a page, 1 to 1000, where we make the URL. */
  readonly pageLimit: number;
  readonly client: ApiClient;
  readonly budget: RequestBudget;
  readonly clock: Clock;
}

/** Reads one org's System Log page by page, and leaves the pages packed. */
export function createPackedLog(options: PackedLogOptions): PackedLog {
  const { org, pageLimit, client, budget, clock } = options;
  keepHeapSmall();
  return {
    async ask(from, signal) {
      const asked = linkOf(from, org, pageLimit);
      const read = (answer: Answer): Answer => answer;
      const isOktasLink = from.kind === 'link';
      const askedAt = clock.now();
      const waited = client.traffic().waitedMilliseconds;
      const answer = await client.get({ url: asked, isPacked: true, isOktasLink, read }, signal);
      const isPrompt = client.traffic().waitedMilliseconds === waited;
      const took = isPrompt ? between(askedAt, clock.now()) : undefined;
      return { ...packedPage(await squeezed(answer), asked, options), took };
    },
    requestsAMinute: () => budget.usableAMinute(),
  };
}

function packedPage(
  answer: Answer,
  asked: Cursor,
  { org, clock }: PackedLogOptions,
): Omit<PackedPage, 'took'> {
  const receivedAt = clock.now();
  return {
    asked,
    next: nextLinkOf(answer, asked, org),
    serverTime: serverTimeOf(answer) ?? receivedAt,
    bytes: answer.body.length,
    begins: firstPublished(answer.body),
    open: async () =>
      pageOf(
        { ...answer, body: await decoded(answer.body, answer.headers) },
        asked,
        org,
        receivedAt,
      ),
    release: giveBackPage,
  };
}

const compress = promisify(gzip);

/** An answer that came without compression is compressed here: it may have to wait in memory. */
async function squeezed(answer: Answer): Promise<Answer> {
  const coding = field(answer.headers, 'content-encoding')?.trim().toLowerCase() ?? '';
  if (coding !== '' && coding !== 'identity') return answer;
  const body = await compress(answer.body, { level: constants.Z_BEST_SPEED });
  return { ...answer, body, headers: { ...answer.headers, 'content-encoding': 'gzip' } };
}

/** Enough for the first event of nearly every page. */
const HEAD_BYTES = 4096;

/** When the first event of a compressed page was published, as far as its beginning tells. */
function firstPublished(body: Buffer): Instant | undefined {
  try {
    const head = gunzipSync(body.subarray(0, HEAD_BYTES), { finishFlush: constants.Z_SYNC_FLUSH });
    return publishedOfFirst(head);
  } catch {
    // Whether the page can be used is found out when it is opened.
    return undefined;
  }
}

const OBJECT_OVER = Buffer.from('},{');
const PAGE_OVER = Buffer.from(']');
/** More objects side by side than an event has within it. */
const MOST_OBJECTS = 50;

/** Objects may lie side by side within the first event, too: it ends where what is before makes a page. */
function publishedOfFirst(head: Buffer): Instant | undefined {
  let end = head.indexOf(OBJECT_OVER);
  for (let tried = 0; end >= 0 && tried < MOST_OBJECTS; tried += 1) {
    const [first] = splitIfWhole(Buffer.concat([head.subarray(0, end + 1), PAGE_OVER]));
    if (first !== undefined) return first.published;
    end = head.indexOf(OBJECT_OVER, end + 1);
  }
  const [only] = splitIfWhole(Buffer.from(head));
  return only?.published;
}

function splitIfWhole(page: Buffer): readonly SplitEvent[] {
  try {
    return splitPage(page);
  } catch {
    return [];
  }
}
