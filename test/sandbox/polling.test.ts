import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { days, earlier, later, minutes, seconds } from '../../src/domain/time.ts';
import { makeEvent } from '../../src/sandbox/event.ts';
import { allPages, ask, codeIn, eventsIn, uuidsIn } from './ask.ts';
import { running, start } from './running.ts';

const fromTheStart = '/api/v1/logs?since=2026-11-08T00:00:00.000Z&sortOrder=ASCENDING&limit=1000';

describe('a polling request', () => {
  test('returns every event once, in the order in which they were persisted, byte for byte', async () => {
    const { sandbox } = await running({ events: 2500 });
    const pages = await allPages(sandbox, fromTheStart);
    expect(pages.map((page) => uuidsIn(page).length)).toEqual([1000, 1000, 500, 0]);
    const expected = sandbox.org.events.map(({ json }) => json.toString());
    const bodies = pages
      .map(({ body }) => body.toString().slice(1, -1))
      .filter((body) => body !== '');
    expect(bodies.join(',')).toBe(expected.join(','));
    const published = sandbox.org.events.map((event) => event.published);
    expect(published).not.toEqual(published.toSorted((one, other) => one - other));
  });

  test('has two Link lines, and a next link on an empty page too, which leads back to itself', async () => {
    const { sandbox } = await running({ events: 3 });
    const first = await ask(sandbox, fromTheStart);
    expect(first.links).toHaveLength(2);
    expect(first.links[0]).toBe(`<${sandbox.url}${fromTheStart}>; rel="self"`);
    const second = await ask(sandbox, first.next ?? '');
    expect(second.body.toString()).toBe('[]');
    expect(second.next).toBe(first.next);
  });

  test('with nothing to show yet goes on where it was asked to begin', async () => {
    const { sandbox } = await running();
    const empty = await ask(sandbox, fromTheStart);
    sandbox.org.append(makeEvent(1, 0, earlier(start, days(7))));
    expect(uuidsIn(await ask(sandbox, empty.next ?? ''))).toHaveLength(1);
  });

  test('takes since as the time of persistence', async () => {
    const { sandbox } = await running();
    const event = makeEvent(1, 0, earlier(start, days(2)));
    sandbox.org.append(event, { persisted: earlier(start, minutes(1)) });
    const reply = await ask(sandbox, '/api/v1/logs?since=2026-11-15T11:00:00.000Z');
    expect(uuidsIn(reply)).toEqual([event.uuid]);
  });

  test('gives 100 events of the last 7 days unless told otherwise', async () => {
    const { sandbox } = await running({ events: 400, days: 14 });
    const events = eventsIn(await ask(sandbox, '/api/v1/logs'));
    expect(events).toHaveLength(100);
    expect(events.filter(({ published }) => published < '2026-11-08T11')).toEqual([]);
  });

  test('shows an event once it is persisted, and a held back one before later ones then', async () => {
    const { sandbox, clock } = await running();
    const [late, early] = [makeEvent(1, 0, start), makeEvent(1, 1, start)];
    sandbox.org.append(late, {
      persisted: later(start, seconds(1)),
      visible: later(start, seconds(5)),
    });
    sandbox.org.append(early, { persisted: later(start, seconds(2)) });
    const path = '/api/v1/logs?since=2026-11-15T12:00:00.000Z';
    expect(uuidsIn(await ask(sandbox, path))).toEqual([]);
    clock.move(seconds(2));
    const tip = await ask(sandbox, path);
    expect(uuidsIn(tip)).toEqual([early.uuid]);
    clock.move(seconds(3));
    expect(uuidsIn(await ask(sandbox, path))).toEqual([late.uuid, early.uuid]);
    expect(uuidsIn(await ask(sandbox, tip.next ?? ''))).toEqual([]);
  });

  test('misses silently what is older than 90 days, and is refused beyond 180', async () => {
    const { sandbox } = await running();
    const [old, kept] = [
      makeEvent(1, 0, earlier(start, days(91))),
      makeEvent(1, 1, earlier(start, days(89))),
    ];
    sandbox.org.append(old);
    sandbox.org.append(kept);
    expect(uuidsIn(await ask(sandbox, '/api/v1/logs?since=2026-06-01T00:00:00.000Z'))).toEqual([
      kept.uuid,
    ]);
    const refused = await ask(sandbox, '/api/v1/logs?since=2026-05-01T00:00:00.000Z');
    expect([refused.status, codeIn(refused)]).toEqual([400, 'E0000053']);
  });

  test('is filtered by event type and by keywords', async () => {
    const { sandbox } = await running({ events: 500 });
    const of = (wanted: (type: string) => boolean): string[] =>
      sandbox.org.events.filter(({ eventType }) => wanted(eventType)).map(({ uuid }) => uuid);
    const filter = encodeURIComponent(
      'eventType eq "user.session.start" or eventType eq "user.session.end"',
    );
    const filtered = await ask(sandbox, `${fromTheStart}&filter=${filter}`);
    expect(uuidsIn(filtered)).toEqual(of((type) => /^user\.session\.(start|end)$/.test(type)));
    expect(uuidsIn(await ask(sandbox, `${fromTheStart}&q=user.mfa.factor`)).length).toBeGreaterThan(
      0,
    );
    const other = await ask(sandbox, `${fromTheStart}&filter=published%20gt%20%222026%22`);
    expect([other.status, codeIn(other)]).toEqual([400, 'E0000031']);
  });
});

describe('events that arrive', () => {
  test('come by the clock, each once, also those that are late or out of order', async () => {
    const { sandbox, clock } = await running({ events: 10, eventsPerMinute: 600, disorder: 5000 });
    expect(uuidsIn(await ask(sandbox, fromTheStart))).toHaveLength(10);
    clock.move(minutes(1));
    const after = uuidsIn(await ask(sandbox, fromTheStart));
    expect(after.length).toBeGreaterThan(500);
    expect(after.length).toBeLessThan(611);
    clock.move(minutes(20));
    await ask(sandbox, fromTheStart);
    const all = sandbox.org.events;
    expect(new Set(all.map(({ uuid }) => uuid)).size).toBe(all.length);
    expect(all.some(({ persisted, visible }) => visible > persisted)).toBe(true);
    expect(all.some(({ persisted, published }) => persisted > later(published, minutes(1)))).toBe(
      true,
    );
  });

  test('are the same for the same seed', async () => {
    const truths = [7, 7, 8].map(async (seed) => {
      const { sandbox, clock } = await running({ seed, events: 50, eventsPerMinute: 60 });
      clock.move(minutes(1));
      await ask(sandbox, fromTheStart);
      return sandbox.org.events.map(({ json }) => json.toString()).join('\n');
    });
    const [one, same, other] = await Promise.all(truths);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });
});

describe('an answer', () => {
  test('tells the time of the clock, its id, the content type and a cookie', async () => {
    const { sandbox } = await running({ events: 5 });
    const { headers, body } = await ask(sandbox, fromTheStart);
    expect(headers).toMatchObject({
      date: 'Sun, 15 Nov 2026 12:00:00 GMT',
      'content-type': 'application/json',
      'content-length': String(body.length),
      connection: 'keep-alive',
    });
    expect(headers['x-okta-request-id']).toMatch(/^\w{27}$/);
    expect(headers['set-cookie']?.[0]).toMatch(/^JSESSIONID=/);
  });

  test('is compressed for a client that takes gzip', async () => {
    const { sandbox } = await running({ events: 50 });
    const plain = await ask(sandbox, fromTheStart);
    const compressed = await ask(sandbox, fromTheStart, { 'accept-encoding': 'gzip, deflate' });
    expect(compressed.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(compressed.body).equals(plain.body)).toBe(true);
    expect(compressed.body.length).toBeLessThan(plain.body.length / 3);
  });

  test('leads on to the name by which the client has found the org', async () => {
    const { sandbox } = await running({ events: 1 });
    const reply = await ask(sandbox, fromTheStart, { host: 'localhost:1234' });
    expect(reply.next).toMatch(/^http:\/\/localhost:1234\/api\/v1\/logs\?/);
  });
});
