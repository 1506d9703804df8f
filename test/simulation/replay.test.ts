import { expect, test } from 'vitest';
import { liveOnce } from './life.ts';

test('a seed plays the same life each time, to the last word', async () => {
  const tellings = await Promise.all([told(7), told(7)]);
  expect(tellings[0]).toEqual(tellings[1]);
  expect(tellings[0].length).toBeGreaterThan(50);
});

async function told(seed: number): Promise<string[]> {
  const said: string[] = [];
  await liveOnce(seed, { tell: (text) => said.push(text) });
  return said;
}
