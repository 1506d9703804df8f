import type { Chance } from './chance.ts';

/** An event of the model org. */
export interface OrgEvent {
  readonly serial: number;
  /** When Okta persisted it, true time: its place in the order of polling. */
  readonly place: number;
  /** From when on answers have it: close to the tip, Okta's order is only approximate. */
  readonly visibleAt: number;
  readonly published: number | undefined;
  readonly uuid: string | undefined;
  /** As it should be written, without the line feed. */
  readonly line: string;
  /** The same event with white space outside its strings. */
  readonly spacedOut: string;
}

/** Values that a program which reads and writes JSON anew would change. */
const ODD_MEMBERS = [
  '"latitude":37.76970',
  '"big":12345678901234567890',
  '"huge":1E400',
  '"path":"a\\/b"',
  '"name":"\\u00e9\\u2028 \u{1F600} \\"},{\\" ]"',
  '"twice":1,"twice":2',
  '"target":null',
  '"nested":{"uuid":"inner","published":"2001-01-01T00:00:00.000Z","list":[[],{}]}',
] as const;

/** Makes an event that Okta persisted at `place`. */
export function makeEvent(
  chance: Chance,
  serial: number,
  time: Pick<OrgEvent, 'place' | 'visibleAt' | 'published'>,
): OrgEvent {
  const uuid = chance.happens(0.02) ? undefined : `e${serial.toString(36)}`;
  const hasTime = !chance.happens(0.02);
  const published = hasTime ? time.published : undefined;
  const members = [
    ...(uuid === undefined ? [] : [uuidMember(uuid, chance)]),
    ...(published === undefined ? [] : [`"published":"${publishedText(published, chance)}"`]),
    `"serial":${serial}`,
    ...(chance.happens(0.2) ? [chance.one(ODD_MEMBERS)] : []),
  ];
  if (chance.happens(0.1)) members.reverse();
  return {
    serial,
    ...time,
    published,
    uuid,
    line: `{${members.join(',')}}`,
    spacedOut: `{\n  ${members.join(',\r\n\t')} }`,
  };
}

function uuidMember(uuid: string, chance: Chance): string {
  return chance.happens(0.02) ? `"\\u0075uid":"${uuid}"` : `"uuid":"${uuid}"`;
}

/** Whole seconds go without milliseconds at times. */
function publishedText(published: number, chance: Chance): string {
  const text = new Date(published).toISOString();
  return chance.happens(0.3) ? text.replace('.000Z', 'Z') : text;
}
