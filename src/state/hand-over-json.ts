import type { HandOver } from '../domain/checkpoint.ts';
import type { JsonObject } from './json-shape.ts';
import { isCount, isInstant, isJsonObject } from './json-shape.ts';

/** The record as a member of ours. */
export function formatHandOver({ since, deliveredFromBefore, unrecorded }: HandOver): JsonObject {
  return { since, delivered_from_before: deliveredFromBefore, unrecorded };
}

/** Reads that member; `undefined` if it is missing, as in the files of versions that kept no record. */
export function parseHandOver(json: unknown): HandOver | undefined | 'damaged' {
  if (json === undefined) return undefined;
  if (!isJsonObject(json)) return 'damaged';
  const { since, delivered_from_before: ids, unrecorded } = json;
  if (!isInstant(since) || !isTextList(ids)) return 'damaged';
  if (!isCount(unrecorded)) return 'damaged';
  return { since, deliveredFromBefore: ids, unrecorded };
}

function isTextList(json: unknown): json is readonly string[] {
  return Array.isArray(json) && json.every((entry) => typeof entry === 'string');
}
