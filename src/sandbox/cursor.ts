import { Buffer } from 'node:buffer';
import { instant } from '../domain/time.ts';
import type { BoundedQuery, LogQuery, Place } from './org.ts';

/** What a cursor says: where to go on, and for a bounded request also what was asked at first. */
type CursorContent =
  | { readonly kind: 'polling'; readonly from: Place }
  | ({ readonly kind: 'bounded'; readonly after: Place } & Pick<
      BoundedQuery,
      'since' | 'until' | 'descending'
    >);

/** The `after` of the link that goes on behind `place`; only the org of this id takes it. */
export function encodeCursor(orgId: string, query: LogQuery, place: Place): string {
  const rest =
    query.kind === 'polling'
      ? ''
      : `/${String(query.since)}/${String(query.until)}/${query.descending ? 'down' : 'up'}`;
  const text = `${orgId}/${String(place.at)}/${String(place.sequence)}${rest}`;
  return Buffer.from(text).toString('base64url');
}

const contents =
  /^(?<org>\w+)\/(?<at>-?\d+)\/(?<sequence>-?\d+)(?:\/(?<since>-?\d+)\/(?<until>-?\d+)\/(?<way>up|down))?$/;

/** Reads an `after`; `undefined` unless this org issued it, to the byte. */
export function decodeCursor(orgId: string, cursor: string): CursorContent | undefined {
  const bytes = Buffer.from(cursor, 'base64url');
  const groups = contents.exec(bytes.toString())?.groups;
  if (groups?.['org'] !== orgId || bytes.toString('base64url') !== cursor) return undefined;
  const place = { at: instant(Number(groups['at'])), sequence: Number(groups['sequence']) };
  if (groups['way'] === undefined) return { kind: 'polling', from: place };
  return {
    kind: 'bounded',
    after: place,
    since: instant(Number(groups['since'])),
    until: instant(Number(groups['until'])),
    descending: groups['way'] === 'down',
  };
}
