import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FiledEvents } from '../../src/domain/filed-events.ts';
import { NOON } from '../support/stream.ts';

const line = (number: number, value = 0) => ({
  published: NOON,
  fingerprint: { high: value, low: value },
  file: 0,
  line: number,
});

/** Alike but for their first group, as Okta's are, which are made from the time. */
const uuid = (number: number) =>
  `${number.toString(16).padStart(8, '0')}-598c-11ef-8478-2b7584bf8d5a`;

describe('FiledEvents', () => {
  test('knows every id that was added, where it was first, and no other', () => {
    const ids = fc.uniqueArray(
      fc.oneof(
        fc.uuid(),
        fc.string(),
        fc.nat().map(uuid),
        fc.uuid().map((id) => id.toUpperCase()),
      ),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(ids, ([other = '', ...added]) => {
        const filed = new FiledEvents();
        for (const [at, id] of added.entries()) expect(filed.add(id, line(at))).toBeUndefined();
        for (const [at, id] of added.entries()) {
          expect(filed.add(id, line(999))).toEqual({ file: 0, line: at });
        }
        expect(filed.see(other, { high: 0, low: 0 })).toBe('absent');
        expect([...filed.unseen()].map(({ id }) => id)).toEqual(added);
        for (const id of added) expect(filed.see(id, { high: 0, low: 0 })).toBe('same');
        expect([...filed.unseen()]).toEqual([]);
      }),
    );
  });

  test('goes on finding them when they have become many', () => {
    const filed = new FiledEvents();
    const count = 300_000;
    for (let number = 0; number < count; number += 1) filed.add(uuid(number), line(number, number));
    const lost: number[] = [];
    for (let number = 0; number < count; number += 1) {
      if (filed.see(uuid(number), { high: number, low: number }) !== 'same') lost.push(number);
    }
    expect(lost).toEqual([]);
  });

  test('tells where the line is whose bytes are others, whichever half of the digest shows it', () => {
    const filed = new FiledEvents();
    filed.add(uuid(1), line(7, 5));
    const place = { file: 0, line: 7 };
    expect(filed.see(uuid(1), { high: 5, low: 6 })).toEqual(place);
    expect(filed.see(uuid(1), { high: 6, low: 5 })).toEqual(place);
  });

  test('gives also the unseen ones that name no moment', () => {
    const filed = new FiledEvents();
    filed.add(uuid(1), { ...line(1), published: undefined });
    filed.add(uuid(2), { ...line(2), published: undefined });
    filed.see(uuid(2), { high: 0, low: 0 });
    expect([...filed.unseen()]).toMatchObject([{ id: uuid(1), published: undefined }]);
  });
});
