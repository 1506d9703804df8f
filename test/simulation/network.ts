import { TransientError } from '../../src/domain/failure.ts';
import type { Answer, Exchange, Request } from '../../src/okta/exchange.ts';
import { errorAnswer, pageAnswer, received } from './answer.ts';
import type { PageAnswer } from './answer.ts';
import type { Chance } from './chance.ts';
import type { Timeline } from './clock.ts';
import type { Fault } from './faults.ts';
import { BROKEN_ANSWERS, LINK_MISSING, ODD_DATES, ODD_LINKS, OUTAGES } from './faults.ts';
import type { Listing, LogsEndpoint } from './logs-endpoint.ts';
import type { OrgEvent } from './org-event.ts';
import type { Process } from './process.ts';

/** How the way to Okta is during a run. */
export interface Mood {
  /** How likely an exchange goes wrong. */
  readonly faults: number;
  /** Whether the server's `Date` can be wrong or missing. */
  readonly oddDates: boolean;
  /** What goes wrong with every exchange of the run. */
  readonly outage: keyof typeof OUTAGES | undefined;
}

/** An answer that came as a page of the org's, whole or not. */
export interface Served {
  readonly at: number;
  readonly url: string;
  readonly events: readonly OrgEvent[];
  /** When it was first asked for: a page can be asked for before the one ahead of it has come. */
  readonly turn: number;
}

/** What a run has met on its way to Okta. */
export interface Encounters {
  /** In the order in which they were asked for. */
  readonly served: Served[];
  /** The turns of a pass, which has a signal of its own, by URL: of requests under way or to be repeated. */
  readonly turns: WeakMap<AbortSignal, Map<string, number>>;
  requests: number;
  readonly faults: string[];
  refusals: number;
}

interface NetworkOptions {
  readonly endpoint: LogsEndpoint;
  readonly timeline: Timeline;
  readonly process: Process;
  readonly chance: Chance;
  readonly mood: Mood;
}

const REQUEST_TIMEOUT = 60_000;
const NEXT_TO_NOTHING = 0.001;

/** The way from one run to the org. */
export function createNetwork(options: NetworkOptions): { exchange: Exchange; met: Encounters } {
  const met = newEncounters();
  return { exchange: (request) => send(request, options, met), met };
}

function newEncounters(): Encounters {
  return { served: [], turns: new WeakMap(), requests: 0, faults: [], refusals: 0 };
}

/** The turn of a request: a repeated one keeps that of the first attempt. */
function turnOf({ url, signal }: Request, met: Encounters): number {
  const turns = met.turns.get(signal) ?? new Map<string, number>();
  met.turns.set(signal, turns);
  const turn = turns.get(url) ?? met.requests++;
  turns.set(url, turn);
  return turn;
}

async function send(request: Request, options: NetworkOptions, met: Encounters): Promise<Answer> {
  const { process, chance, mood } = options;
  const turn = turnOf(request, met);
  await process.wait(delay(chance), request.signal);
  const { share, age, fault, hangs } = oddities(request.url, chance, mood, met);
  if (hangs) {
    await process.wait(REQUEST_TIMEOUT, request.signal);
    throw new TransientError('Cannot reach the org: no answer within 60 s');
  }
  const listing = options.endpoint.list(request.url, options.timeline.now, share, age);
  const now = listing?.now ?? options.timeline.now;
  if (listing === undefined) met.refusals += 1;
  const good = answerTo(request.url, listing, now, chance);
  const answer = fault === undefined ? good : fault({ good, url: request.url, now, chance });
  request.onHead?.(received(answer));
  await process.wait(delay(chance), request.signal);
  if (listing !== undefined && answer.status === 200 && isWhole(answer, good)) {
    met.turns.get(request.signal)?.delete(request.url);
    met.served.push({ at: now, url: request.url, events: listing.events, turn });
    met.served.sort((one, other) => one.turn - other.turn);
  }
  return received(answer);
}

/** A body that lost no more than the line feed behind it has lost nothing. */
function isWhole(answer: PageAnswer, good: PageAnswer): boolean {
  return answer.body.trimEnd() === good.body.trimEnd();
}

function answerTo(
  url: string,
  listing: Listing | undefined,
  now: number,
  chance: Chance,
): PageAnswer {
  if (listing === undefined) return errorAnswer(400, 'E0000031', now);
  return pageAnswer(url, listing, now, chance);
}

function delay(chance: Chance): number {
  return chance.happens(0.02) ? chance.whole(1000, 25_000) : chance.whole(10, 400);
}

/** What is odd about an exchange; one thing at most. */
interface Oddities {
  readonly fault: Fault | undefined;
  /** How much of a page there is, of what could be. */
  readonly share: number;
  /** How old the answer is, `Date` and all. */
  readonly age: number;
  readonly hangs: boolean;
}

const NOTHING_ODD: Oddities = { fault: undefined, share: 1, age: 0, hangs: false };

function oddities(url: string, chance: Chance, mood: Mood, met: Encounters): Oddities {
  if (mood.outage !== undefined) {
    met.faults.push(mood.outage);
    return { ...NOTHING_ODD, fault: OUTAGES[mood.outage] };
  }
  if (!chance.happens(mood.faults)) return NOTHING_ODD;
  const kind = chance.number();
  if (kind < 0.05) return noted(met, 'no answer in time', { hangs: true });
  if (kind < 0.15)
    return noted(met, 'too few events', { share: NEXT_TO_NOTHING + chance.number() });
  if (kind < 0.25) return noted(met, 'too many events', { share: chance.one([1.5, 10]) });
  if (kind < 0.3) return noted(met, 'old answer', { age: chance.whole(1, 300) * 1000 });
  const table = {
    ...BROKEN_ANSWERS,
    ...ODD_LINKS,
    ...(!url.includes('until=') && LINK_MISSING),
    ...(mood.oddDates && ODD_DATES),
  };
  const faults = Object.entries(table);
  const [name, fault] = faults[chance.whole(0, faults.length - 1)] ?? ['503', BROKEN_ANSWERS[503]];
  return noted(met, name, { fault });
}

function noted(met: Encounters, name: string, odd: Partial<Oddities>): Oddities {
  met.faults.push(name);
  return { ...NOTHING_ODD, ...odd };
}
