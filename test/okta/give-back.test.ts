import { markAsUntransferable } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { giveBack } from '../../src/okta/give-back.ts';

const MEGABYTE = 1024 * 1024;

test('what was given back is empty, and so is each view of it', () => {
  const memory = new ArrayBuffer(MEGABYTE);
  const view = new Uint8Array(memory, 10, 20);
  giveBack(memory);
  expect([memory.byteLength, view.length]).toEqual([0, 0]);
});

test('the memory is free at once, and not when the garbage collector comes', () => {
  const before = process.memoryUsage().external;
  for (let count = 0; count < 100; count += 1) giveBack(new ArrayBuffer(MEGABYTE));
  expect(process.memoryUsage().external - before).toBeLessThan(10 * MEGABYTE);
});

test('small memory, which several buffers may share, is left alone', () => {
  const one = Buffer.from('one');
  const other = Buffer.from('other');
  giveBack(one.buffer);
  expect([one.toString(), other.toString()]).toEqual(['one', 'other']);
});

test('memory that cannot be given away is left alone', () => {
  const kept = new ArrayBuffer(MEGABYTE);
  // Node 20 does not do what it cannot do, later ones throw.
  markAsUntransferable(kept);
  for (const memory of [new SharedArrayBuffer(MEGABYTE), kept]) {
    giveBack(memory);
    expect(memory.byteLength).toBe(MEGABYTE);
  }
});
