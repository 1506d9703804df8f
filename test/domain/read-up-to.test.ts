import { describe, expect, test } from 'vitest';
import type { LiveCheckpoint } from '../../src/domain/checkpoint.ts';
import { newestDelivered } from '../../src/domain/read-up-to.ts';
import { noon, progress } from '../support/stream.ts';

const remembering = (
  secondsAfter: readonly (number | undefined)[],
  parts: Partial<LiveCheckpoint>,
) =>
  progress({
    remembered: secondsAfter.map((at, index) => ({
      id: String(index),
      published: at === undefined ? undefined : noon(at),
    })),
    ...parts,
  }).checkpoint;

describe('newestDelivered', () => {
  test.each([
    { name: 'nothing is known', published: [], of: {}, newest: undefined },
    {
      name: 'a held page has brought newer ones',
      published: [-90, -70, undefined, -80],
      of: { newestPublished: noon(-3600) },
      newest: noon(-70),
    },
    {
      name: 'the newest one is forgotten already',
      published: [-90],
      of: { newestPublished: noon(-60) },
      newest: noon(-60),
    },
    { name: 'an event has an odd clock', published: [-90, 3600], of: {}, newest: noon(-90) },
    {
      name: 'our own clock is behind',
      published: [3500, 9000],
      of: { newestPublished: noon(3000), tipReachedAt: noon(3600) },
      newest: noon(3500),
    },
  ])('is found where $name', ({ published, of, newest }) => {
    expect(newestDelivered(remembering(published, of), noon())).toBe(newest);
  });
});
