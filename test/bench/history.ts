import type { Instant, Window } from '../../src/domain/time.ts';
import { days, hours, later } from '../../src/domain/time.ts';
import { drawsFor, hex } from '../../src/sandbox/chance.ts';
import { makeEvent } from '../../src/sandbox/event.ts';

const SEED = 20261115;
/** Events are like one of these, but for their moment and uuid. */
const TEMPLATES = 4000;
/** Brings events to the 3.4 KB that Okta's have. */
const PADDING = `,"padding":"${'The same words in each event. '.repeat(19)}"}`;

/** A made-up past of an org: the moment of each event, in order, and the event itself. */
export interface History {
  readonly moments: Float64Array;
  /** The JSON of the n-th event. */
  readonly event: (index: number) => string;
}

/** So many events in a window of days: working hours, nights, weekends, bursts, and a week of silence. */
export function makeHistory(count: number, window: Window): History {
  const templates = Array.from({ length: TEMPLATES }, (_, index) => template(index, window.since));
  const moments = momentsIn(count, window);
  return {
    moments,
    event(index) {
      const { parts, isUuidFirst, uuid } =
        templates[index % TEMPLATES] ?? template(0, window.since);
      const own = `${uuid.slice(0, -8)}${hex(Math.imul(index + 1, 0x9e3779b1))}`;
      const published = new Date(moments[index] ?? 0).toISOString();
      const [first, second] = isUuidFirst ? [own, published] : [published, own];
      return `${parts[0]}${first}${parts[1]}${second}${parts[2]}`;
    },
  };
}

interface Template {
  readonly uuid: string;
  readonly isUuidFirst: boolean;
  readonly parts: readonly [string, string, string];
}

function template(index: number, at: Instant): Template {
  const { uuid, json } = makeEvent(SEED, index, later(at, hours(1)));
  const text = `${json.toString().slice(0, -1)}${PADDING}`;
  const published = /"published":"([^"]+)"/.exec(text)?.[1] ?? '';
  const isUuidFirst = text.indexOf(uuid) < text.indexOf(published);
  const [first, second] = isUuidFirst ? [uuid, published] : [published, uuid];
  const [head, rest] = cut(text, first);
  const [middle, tail] = cut(rest, second);
  return { uuid, isUuidFirst, parts: [head, middle, tail] };
}

function cut(text: string, at: string): readonly [string, string] {
  const place = text.indexOf(at);
  return [text.slice(0, place), text.slice(place + at.length)];
}

function momentsIn(count: number, { since, until }: Window): Float64Array {
  const length = Math.floor((until - since) / hours(1));
  const weights = Array.from({ length }, (_, hour) => weightOf(hour));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const moments = new Float64Array(count);
  let done = 0;
  let due = 0;
  weights.forEach((weight, hour) => {
    due += (weight / total) * count;
    const last = hour === length - 1 ? count : Math.round(due);
    const distance = hours(1) / Math.max(1, last - done);
    for (let at = 0; done < last; at += 1, done += 1)
      moments[done] = Math.floor(since + hour * hours(1) + at * distance);
  });
  return moments;
}

function weightOf(hour: number): number {
  const day = Math.floor(hour / (days(1) / hours(1)));
  if (day >= 30 && day < 37) return 0;
  const draw = drawsFor(SEED, hour);
  if (draw() < 0.005) return 20;
  const isNight = hour % 24 < 7 || hour % 24 > 19;
  return (day % 7 > 4 ? 0.05 : 1) * (isNight ? 0.1 : 1) * (0.5 + draw());
}
