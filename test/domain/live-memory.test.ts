import { expect, test } from 'vitest';
import { allAhead } from '../../src/domain/live-memory.ts';

test('of a stream that is read again all is ahead, but no more than the last 10,000, however often that is', () => {
  const remembered = Array.from({ length: 12_000 }, (_, n) => ({
    id: `e-${n}`,
    published: undefined,
  }));
  const again = allAhead({ remembered, ahead: 3000 });
  expect(again).toEqual({ remembered: remembered.slice(2000), ahead: 10_000 });
  expect(allAhead(again)).toEqual(again);
});
