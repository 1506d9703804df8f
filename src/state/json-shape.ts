import type { Instant } from '../domain/time.ts';

/** A JSON object whose members are not known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** How far from 1970 a JavaScript date can be, in milliseconds (ECMA-262). */
const FARTHEST = 8.64e15;

/** What a text says as JSON; `undefined` if it is none, or is cut off. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether parsed JSON is an object, and neither a list nor null. */
export function isJsonObject(json: unknown): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** Whether parsed JSON is a moment in whole epoch milliseconds. */
export function isInstant(json: unknown): json is Instant {
  return Number.isInteger(json) && Math.abs(Number(json)) <= FARTHEST;
}

/** Whether a member is a moment in epoch milliseconds, or absent. */
export function isOptionalInstant(json: unknown): json is Instant | undefined {
  return json === undefined || isInstant(json);
}

/** Whether parsed JSON is a whole number from 0 on. */
export function isCount(json: unknown): json is number {
  return Number.isInteger(json) && Number(json) >= 0;
}
