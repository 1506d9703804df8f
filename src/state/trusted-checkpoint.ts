import type { Remembered } from '../domain/checkpoint.ts';
import { CheckpointError } from '../domain/failure.ts';
import type { Cursor } from '../domain/page.ts';
import type { JsonObject } from './json-shape.ts';
import type { CheckpointFile } from './sumojanus-format.ts';

/** The version of our own member: what this program writes, and the newest that it reads. */
export const OWN_VERSION = 1;

/** The org whose stream it is, and the file that keeps the position. */
export interface OrgFile {
  readonly path: string;
  /** The origin of the org's URL, such as `https://example.okta.com`. */
  readonly org: string;
  /** The ways out if the file is damaged, beside a copy of it; by default, to move it away. */
  readonly waysOut?: string;
}

/** What a checkpoint file says, known to be of this org. */
interface TrustedCheckpoint {
  /** May be sent the token; `undefined` if no page has been read. */
  readonly link: Cursor | undefined;
  /** Oldest delivery first; if SumoJanus wrote the file, oldest event first, for its own order means nothing. */
  readonly remembered: readonly Remembered[];
  /** `undefined` if SumoJanus wrote the file. */
  readonly own: JsonObject | undefined;
}

/** Makes sure that a file is of this org and of a version that we know; throws a `CheckpointError` if not. */
export function trusted(file: CheckpointFile, place: OrgFile): TrustedCheckpoint {
  if (file.own !== undefined) checkOwn(file.own, place);
  return {
    link: file.link === '' ? undefined : trustedLink(file.link, place),
    remembered: file.own === undefined ? file.remembered.toSorted(byTime) : file.remembered,
    own: file.own,
  };
}

/**
 * A link of the file, byte for byte; throws a `CheckpointError` if it leads to another org or path,
 * for the token would go there.
 */
export function trustedLink(link: string, { path, org }: OrgFile): Cursor {
  if (leadsToSystemLog(link, org)) return link;
  const url = URL.canParse(link) ? new URL(link) : undefined;
  const target = url === undefined ? 'no address' : `"${url.origin}${url.pathname}"`;
  throw distrust(
    path,
    `its link leads to ${target}, not to the System Log of "${org}"`,
    CHANGE_ORG,
  );
}

/** The error for a file that must not be gone on from; it is left as it is. */
export function distrust(path: string, state: string, hint: string): CheckpointError {
  return new CheckpointError(`Cannot go on from the checkpoint "${path}": ${state}`, { hint });
}

/** The error for a file that is not what any program wrote: torn, or changed since. */
export function damaged({ path, waysOut = AFRESH }: DamagedFile, state: string): CheckpointError {
  return distrust(path, state, `Put a copy of it back, ${waysOut}`);
}

/** The same for a member of our own that no version of ours wrote. */
export function damagedOwn(file: DamagedFile): CheckpointError {
  return damaged(file, 'its okta_collector member is not as this program writes it');
}

/** The file itself, and what else can be done. */
type DamagedFile = Pick<OrgFile, 'path' | 'waysOut'>;

const AFRESH = 'or move it away to start afresh at start_time';

const CHANGE_ORG =
  'Set okta_org_url to the org that the file belongs to, or move the file away to start afresh at start_time';

function checkOwn(own: JsonObject, place: OrgFile): void {
  const { path, org } = place;
  const version = own['version'];
  if (!Number.isInteger(version)) throw damagedOwn(place);
  if (Number(version) > OWN_VERSION) {
    throw distrust(
      path,
      'a newer version of okta-collector wrote it',
      'Run that version, or move the file away to start afresh at start_time',
    );
  }
  if (typeof own['org'] !== 'string') throw damagedOwn(place);
  if (own['org'] === org) return;
  throw distrust(path, `it belongs to "${own['org']}", not to "${org}"`, CHANGE_ORG);
}

function leadsToSystemLog(link: string, org: string): link is Cursor {
  return (
    URL.canParse(link) && new URL(link).origin === org && new URL(link).pathname === '/api/v1/logs'
  );
}

function byTime(one: Remembered, other: Remembered): number {
  return (one.published ?? 0) - (other.published ?? 0);
}
