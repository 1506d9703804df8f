import { expect } from 'vitest';
import { isJsonObject, parseJson } from '../../src/state/json-shape.ts';
import type { SandboxEvent } from '../../src/sandbox/event.ts';

/** The uuids of the events that were printed, in that order. Throws if a line is no JSON object. */
export function uuidsIn(stdout: Buffer): readonly string[] {
  const lines = stdout.toString().split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => {
    const event = parseJson(line);
    if (isJsonObject(event)) return String(event['uuid']);
    throw new Error(`not an event: ${line}`);
  });
}

/** The uuids of events. */
export function uuidsOf(events: readonly SandboxEvent[]): readonly string[] {
  return events.map(({ uuid }) => uuid);
}

/** Expects the bytes of these events in this order, a line each, and nothing else. */
export function expectPrinted(stdout: Buffer, events: readonly SandboxEvent[]): void {
  expect(uuidsIn(stdout)).toEqual(uuidsOf(events));
  const lines = events.flatMap(({ json }) => [json, Buffer.from('\n')]);
  expect(stdout.equals(Buffer.concat(lines))).toBe(true);
}
