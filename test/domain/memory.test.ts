import { describe, expect, test } from 'vitest';
import { remember, sortOut } from '../../src/domain/memory.ts';
import { event, noon } from '../support/stream.ts';

const many = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => event(`${name}${index}`, -index));
const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
const none = () => false;

describe('sortOut', () => {
  test('keeps the order of what is new and counts what is not', () => {
    const remembered = [{ id: 'b', published: undefined }];
    const { fresh, known } = sortOut([event('c'), event('b'), event('a')], remembered);
    expect(ids(fresh)).toEqual(['c', 'a']);
    expect(known).toBe(1);
  });

  test('keeps the first of an event that comes twice', () => {
    const [first, second] = [event('a', -2), event('a', -1)];
    expect(sortOut([first, second], [])).toEqual({ fresh: [first], known: 1 });
  });

  test('forgets nothing that it was given', () => {
    const remembered = [{ id: 'a', published: undefined }];
    sortOut([event('b')], remembered);
    expect(ids(remembered)).toEqual(['a']);
  });
});

describe('remember', () => {
  test('adds what is delivered behind what was, with its time and nothing else', () => {
    const before = [{ id: 'a', published: noon(-9) }];
    expect(remember(before, [event('b', -5), event('c')], none)).toEqual([
      { id: 'a', published: noon(-9) },
      { id: 'b', published: noon(-5) },
      { id: 'c', published: undefined },
    ]);
  });

  test('forgets the oldest deliveries beyond a thousand', () => {
    const kept = ids(remember(many('old', 600), many('new', 600), none));
    expect(kept).toHaveLength(1000);
    expect([kept[0], kept[399], kept[400], kept.at(-1)]).toEqual([
      'old200',
      'old599',
      'new0',
      'new599',
    ]);
  });

  test('goes by delivery and not by when events were published', () => {
    const kept = ids(remember([event('newest', 999)], many('x', 1000), none));
    expect(kept).not.toContain('newest');
  });

  test('never forgets what is kept, and keeps a thousand besides', () => {
    const isKept = (id: string) => id.startsWith('kept');
    const kept = ids(
      remember([...many('kept', 1500), ...many('old', 700)], many('new', 700), isKept),
    );
    expect(kept.filter(isKept)).toHaveLength(1500);
    expect(kept.filter((id) => !isKept(id))).toHaveLength(1000);
    expect(kept.slice(0, 1500).every(isKept)).toBe(true);
  });
});
