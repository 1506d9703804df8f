import { TransientError, UnusablePageError } from '../../src/domain/failure.ts';
import { errorAnswer } from './answer.ts';
import type { PageAnswer } from './answer.ts';
import type { Chance } from './chance.ts';

/** What a fault works on. */
interface Exchanged {
  /** The answer as it should be. */
  readonly good: PageAnswer;
  readonly url: string;
  readonly now: number;
  readonly chance: Chance;
}

/** What becomes of an answer; throws if none comes. */
type Fault = (exchanged: Exchanged) => PageAnswer;

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

const refusal =
  (status: number, code: string): Fault =>
  ({ now }) =>
    errorAnswer(status, code, now);

const html =
  (status: number): Fault =>
  ({ good }) => ({ ...good, status, body: '<html>down</html>', links: [] });

const changed =
  (change: (exchanged: Exchanged) => Partial<PageAnswer>): Fault =>
  (exchanged) => ({ ...exchanged.good, ...change(exchanged) });

const lost =
  (reason: string): Fault =>
  () => {
    throw new TransientError(`Cannot reach the org: ${reason}`);
  };

/** Faults that leave nothing of the page, or a page that cannot be used. */
export const BROKEN_ANSWERS = {
  '408': refusal(408, 'E0000000'),
  '429 of the minute': ({ now, chance }) =>
    errorAnswer(429, 'E0000047', now, {
      'x-rate-limit-limit': '60',
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': String(Math.floor(now / 1000) + chance.whole(-5, 40)),
    }),
  '429 of too many at once': ({ now }) =>
    errorAnswer(429, 'E0000047', now, {
      'x-rate-limit-limit': '0',
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': String(Math.floor(now / 1000) + 50),
    }),
  '500 with E0000009': refusal(500, 'E0000009'),
  '500 with E0000053': refusal(500, 'E0000053'),
  '502 in HTML': html(502),
  '503': refusal(503, 'E0000010'),
  '504': html(504),
  'reset before the answer': lost('connection reset'),
  'reset in the answer': lost('other side closed'),
  'gzip data cut': () => {
    throw new UnusablePageError('Cannot read the answer: its gzip data is cut or damaged');
  },
  'body cut': changed(({ good, chance }) => ({
    body: good.body.slice(0, chance.whole(0, good.body.length - 1)),
  })),
  'body cut behind an event': changed(({ good }) => ({
    body: good.body.slice(0, good.body.lastIndexOf('},') + 1),
  })),
  'HTML as a 200': html(200),
  'object as a 200': changed(() => ({ body: '{}' })),
  'empty body': changed(() => ({ body: '' })),
  '204': changed(() => ({ status: 204, body: '' })),
} satisfies Record<string, Fault>;

/** Faults of the links; none takes events from the page. */
export const ODD_LINKS = {
  'relative links': changed(({ good }) => ({
    links: good.links.map((link) => link.replace('https://acme.okta.com', '')),
  })),
  'folded links': changed(({ good }) => ({
    links: good.links.length === 0 ? [] : [good.links.join(', ')],
  })),
  'next before self': changed(({ good }) => ({ links: good.links.toReversed() })),
  'links sent twice': changed(({ good }) => ({ links: [...good.links, ...good.links] })),
  'next is the request': changed(({ good, url }) => ({
    links: good.links.length < 2 ? good.links : [`<${url}>; rel="next"`],
  })),
  'next to another host': changed(({ good }) => ({
    links: good.links.map((link) => link.replace('acme.okta.com', 'evil.example')),
  })),
} satisfies Record<string, Fault>;

/** Where a page without a link is not the end, its absence is a fault and not the end of a window. */
export const LINK_MISSING = { 'links missing': changed(() => ({ links: [] })) };

/** Faults of the server's clock. */
export const ODD_DATES = {
  'Date missing': changed(() => ({ date: undefined })),
  'Date a day ahead': changed(({ now }) => ({ date: now + DAY })),
  'Date a day behind': changed(({ now }) => ({ date: now - DAY })),
} satisfies Record<string, Fault>;

/** What lasts for a whole run. */
export const OUTAGES = {
  '401': refusal(401, 'E0000011'),
  '403': refusal(403, 'E0000006'),
  '404': refusal(404, 'E0000007'),
  redirect: changed(() => ({
    status: 302,
    body: '',
    headers: { location: 'https://evil.example/' },
  })),
  'no answer at all': lost('no route to host'),
  'everything refused': refusal(400, 'E0000031'),
} satisfies Record<string, Fault>;

export type { Fault };
