import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Failure } from '../../src/domain/failure.ts';
import type { Cursor, Page } from '../../src/domain/page.ts';
import { later, milliseconds, seconds } from '../../src/domain/time.ts';
import { countedFaults, plainFaults } from '../../src/sandbox/fault-effects.ts';
import * as spoiled from '../../src/sandbox/spoiled-body.ts';
import { NOON } from '../support/stream.ts';
import { firstPage, reading } from './reading.ts';

/** Faults that pass: what it is if they do not, and after how many attempts. */
const passing: Readonly<Record<string, readonly [Failure['kind'], number]>> = {
  '408': ['transient', 8],
  '500': ['transient', 8],
  '500-E0000053': ['transient', 8],
  'html-502': ['transient', 8],
  '503': ['transient', 8],
  '504': ['transient', 8],
  'reset-before': ['transient', 8],
  'reset-in-headers': ['transient', 8],
  'reset-in-body': ['unusable-page', 4],
  truncate: ['unusable-page', 4],
  'truncate-plain': ['unusable-page', 4],
  hang: ['transient', 8],
  'truncate-no-length': ['unusable-page', 4],
  'truncate-plain-no-length': ['unusable-page', 4],
  '204': ['unusable-page', 4],
  'html-200': ['unusable-page', 4],
  'object-200': ['unusable-page', 4],
  'empty-200': ['unusable-page', 4],
  'half-event': ['unusable-page', 4],
};

/** Faults that are waited out: they have a test of their own. */
const limiting = ['429', '429-concurrency'];

/** Faults that asking again would not mend: what they are on a URL of ours and on a link of Okta's. */
const final: Readonly<Record<string, readonly [Failure['kind'], Failure['kind']]>> = {
  '400-cursor': ['protocol', 'refused-link'],
  '414': ['protocol', 'refused-link'],
  '401': ['credentials', 'credentials'],
  '403': ['credentials', 'credentials'],
  '404': ['config', 'config'],
  'next-other-host': ['protocol', 'protocol'],
  'next-other-port': ['protocol', 'protocol'],
  'next-other-scheme': ['protocol', 'protocol'],
  'redirect:http://127.0.0.1:9/api/v1/logs': ['protocol', 'protocol'],
};

/** What a consumer sees of a page; lines as latin1, so that every byte counts. */
const view = ({ events, next, serverTime }: Page) => ({
  next,
  serverTime,
  lines: events.map(({ line }) => Buffer.from(line).toString('latin1')),
  ids: events.map(({ id }) => id),
  published: events.map(({ published }) => published),
});
type View = ReturnType<typeof view>;

const change = (lines: readonly string[], by: (line: Buffer) => Buffer) =>
  lines.map((line) => by(Buffer.from(line, 'latin1')).toString('latin1'));
const changeFirst = ([first = '', ...rest]: readonly string[], by: (line: Buffer) => Buffer) => [
  ...change([first], by),
  ...rest,
];

/** Faults that harm nobody: what of the page is other than it would be. */
const harmless: Readonly<Record<string, (right: View, asked: Cursor) => Partial<View>>> = {
  'slow:1': () => ({}),
  bom: () => ({}),
  pretty: () => ({}),
  'folded-link': () => ({}),
  'relative-link': () => ({}),
  'duplicate-link': () => ({}),
  'next-first': () => ({}),
  'no-date': () => ({ serverTime: NOON }),
  'date-off:-600': () => ({ serverTime: later(NOON, seconds(-600)) }),
  'no-link': () => ({ next: undefined }),
  'next-same': (_, asked) => ({ next: asked }),
  'comma-link': ({ next }) => ({ next: `${next ?? ''}&expand=a,b;c` as Cursor }),
  'big-event:300': ({ lines }) => ({
    lines: changeFirst(lines, (line) => spoiled.withBigEvent(line, 300)),
  }),
  'invalid-utf8': ({ lines }) => ({ lines: changeFirst(lines, spoiled.withInvalidUtf8) }),
  'escaped-names': ({ lines }) => ({ lines: change(lines, spoiled.withEscapedNames) }),
  'no-published': ({ lines, published }) => ({
    lines: change(lines, (line) => spoiled.withoutMember(line, 'published')),
    published: published.map(() => undefined),
  }),
  'no-uuid': ({ lines }) => {
    const without = change(lines, (line) => spoiled.withoutMember(line, 'uuid'));
    const ids = without.map((line) => createHash('sha256').update(line, 'latin1').digest('hex'));
    return { lines: without, ids };
  },
};

test('every fault of the sandbox has its place here', () => {
  const nameOf = (fault: string) => fault.replace(/:.*/, '');
  const here = [passing, final, harmless].flatMap((faults) => Object.keys(faults).map(nameOf));
  const all = [...plainFaults.keys(), ...countedFaults.keys(), 'redirect'];
  // A page of another size is a page like any other.
  expect([...here, ...limiting, 'page-size'].sort()).toEqual(all.sort());
});

describe.each(Object.entries(passing))('%s', (fault, [kind, attempts]) => {
  test('is asked again and gets over it', async () => {
    const scene = await reading({ events: 150, faults: fault, timeout: seconds(2) });
    expect((await firstPage(scene)).events).toHaveLength(150);
    expect(scene.sandbox.requests).toHaveLength(2);
    expect(scene.log.messages('warn')).toHaveLength(1);
  });

  test(`is given up as ${kind} after ${attempts} attempts`, async () => {
    const timeout = fault === 'hang' ? milliseconds(50) : seconds(20);
    const scene = await reading({ events: 150, faults: `${fault}x*`, timeout });
    await expect(firstPage(scene)).rejects.toMatchObject({ kind });
    expect(scene.sandbox.requests).toHaveLength(attempts);
  });
});

describe.each(Object.entries(final))('%s', (fault, [onOurs, onOktas]) => {
  test(`is ${onOurs} at once on a URL of ours`, async () => {
    const scene = await reading({ events: 5, faults: `${fault}x*` });
    await expect(firstPage(scene)).rejects.toMatchObject({ kind: onOurs });
    expect(scene.sandbox.requests).toHaveLength(1);
  });

  test(`is ${onOktas} at once on a link of Okta`, async () => {
    const scene = await reading({ events: 5, faults: `${fault}@2x*` });
    const { next: link } = await firstPage(scene);
    if (link === undefined) throw new Error('no next link');
    const before = scene.sandbox.requests.length;
    await expect(firstPage(scene, { kind: 'link', link })).rejects.toMatchObject({ kind: onOktas });
    expect(scene.sandbox.requests).toHaveLength(before + 1);
  });
});

test.each(Object.entries(harmless))('%s is taken as it comes', async (fault, but) => {
  const scene = await reading({ events: 150, faults: `${fault}@2` });
  const right = view(await firstPage(scene));
  const page = await firstPage(scene);
  expect(view(page)).toEqual({ ...right, ...but(right, page.asked) });
  expect(scene.sandbox.requests).toHaveLength(2);
});
