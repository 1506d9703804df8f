import { Buffer } from 'node:buffer';
import type { Instant } from '../domain/time.ts';
import { formatInstant, instant } from '../domain/time.ts';
import type { Draw } from './chance.ts';
import { drawHex, drawId, drawNumber, drawsFor, hex, pick } from './chance.ts';
import { drawDebugData } from './debug-data.ts';
import type { Person } from './directory.ts';
import { people } from './directory.ts';
import type { EventKind } from './event-types.ts';
import { drawEventKind } from './event-types.ts';
import type { Place } from './places.ts';
import { drawAddress, ipChainElement, places } from './places.ts';
import { cellJson } from './table.ts';
import { drawTargets } from './targets.ts';

/** An event before it is in the log. */
export interface SandboxEvent {
  readonly uuid: string;
  readonly eventType: string;
  readonly published: Instant;
  /** Compact JSON, as the org sends it. */
  readonly json: Buffer;
}

/** Where and by whom something was done. */
interface Scene {
  readonly person: Person;
  readonly place: Place;
  readonly address: string;
  readonly transaction: string;
}

const systemActor =
  '{"id":"00usystem0000000000p","type":"SystemPrincipal","alternateId":"system@okta.com","displayName":"Okta System","detailEntry":null}';
const nowhere =
  '{"userAgent":null,"zone":null,"device":null,"id":null,"ipAddress":null,"geographicalContext":null}';
const noSecurityContext = '{"asNumber":null,"asOrg":null,"isp":null,"domain":null,"isProxy":null}';

/** Names that people type into the sign-in form and that no account has. */
const typedNames = [
  'admin',
  'bob@exmaple.com',
  'Administrator\u0000',
  'p@ss "word"\\',
  '<script>alert(1)</script>',
  'отдел@example.com',
];

const isOfMachine = (kind: EventKind): boolean =>
  kind.subject === 'agent' || kind.subject === 'org';

/** The same for every seed and index; no two indexes of less than 2^32 share one. */
function uuidOf(draw: Draw, index: number): string {
  const [first, second, third] = [drawHex(draw), drawHex(draw), drawHex(draw)];
  const tail = `${third.slice(0, 4)}${hex(Math.imul(index + 1, 0x9e3779b1))}`;
  return `${first}-${second.slice(0, 4)}-4${second.slice(5)}-a${third.slice(5)}-${tail}`;
}

/** Most moments carry milliseconds; the rest are whole seconds, in the two forms that Okta has used. */
function drawPublished(draw: Draw, moment: Instant): [Instant, string] {
  const chance = draw();
  if (chance >= 0.005) return [moment, formatInstant(moment)];
  const whole = instant(Math.floor(moment / 1000) * 1000);
  return [whole, formatInstant(whole).replace('.000Z', chance < 0.001 ? '+0000' : 'Z')];
}

function drawActor(draw: Draw, kind: EventKind, person: Person): string {
  if (isOfMachine(kind)) return systemActor;
  if (kind.reason !== 'INVALID_CREDENTIALS' || draw() < 0.7) return person.entity;
  return `{"id":"unknown","type":"User","alternateId":${JSON.stringify(pick(draw, typedNames))},"displayName":"unknown","detailEntry":null}`;
}

function drawClient(draw: Draw, { person, place, address }: Scene): string {
  const zone = draw() < 0.5 ? 'null' : pick(draw, ['OFF_NETWORK', 'Büro Wien', 'BlockedIpZone']);
  return `{"userAgent":${person.userAgent.json},"zone":"${zone}","device":"${person.userAgent.device}","id":null,"ipAddress":"${address}","geographicalContext":${place.geography}}`;
}

function drawAuthenticationContext(draw: Draw, kind: EventKind): string {
  const session = isOfMachine(kind) ? 'null' : `"${drawId(draw, 'idx', 24)}"`;
  const provider = kind.subject === 'mfa' ? '"FACTOR_PROVIDER"' : 'null';
  const credential = kind.subject === 'mfa' ? '"OTP"' : 'null';
  return `{"authenticationProvider":${provider},"credentialProvider":null,"credentialType":${credential},"issuer":null,"interface":null,"authenticationStep":0,"rootSessionId":${session},"externalSessionId":${session}}`;
}

function drawTransaction(draw: Draw, kind: EventKind, id: string): string {
  const detail = draw() < 0.1 ? `{"requestApiTokenId":"${drawId(draw, '00T', 20)}"}` : '{}';
  return `{"type":"${isOfMachine(kind) ? 'JOB' : 'WEB'}","id":"${id}","detail":${detail}}`;
}

function drawIpChain(draw: Draw, { place, address }: Scene): string {
  const first = ipChainElement(address, place);
  if (draw() < 0.7) return first;
  const proxy = pick(draw, places);
  return `${first},${ipChainElement(drawAddress(draw, proxy), proxy)}`;
}

function drawScene(draw: Draw): Scene {
  // Some people are far more active than others.
  const person = people[Math.floor(draw() ** 2 * people.length)] ?? pick(draw, people);
  const place = draw() < 0.9 ? person.place : pick(draw, places);
  return { person, place, address: drawAddress(draw, place), transaction: drawId(draw, '', 27) };
}

/**
 * A realistic event, the same for the same seed and index; its `published` is the moment given, or
 * that moment's second. Keys stand in the order of Okta's.
 */
export function makeEvent(seed: number, index: number, moment: Instant): SandboxEvent {
  const draw = drawsFor(seed, index);
  const kind = drawEventKind(draw);
  const scene = drawScene(draw);
  const machine = isOfMachine(kind);
  const uuid = uuidOf(draw, index);
  const [published, publishedText] = drawPublished(draw, moment);
  const json =
    `{"actor":${drawActor(draw, kind, scene.person)}` +
    `,"client":${machine ? nowhere : drawClient(draw, scene)}` +
    `,"device":${machine ? 'null' : scene.person.device}` +
    `,"authenticationContext":${drawAuthenticationContext(draw, kind)}` +
    `,"displayMessage":${JSON.stringify(kind.displayMessage)},"eventType":"${kind.eventType}"` +
    `,"outcome":{"result":"${kind.result}","reason":${cellJson(kind.reason)}}` +
    `,"published":"${publishedText}"` +
    `,"securityContext":${machine ? noSecurityContext : scene.place.securityContext}` +
    `,"severity":"${kind.severity}"` +
    `,"debugContext":{"debugData":{${drawDebugData(draw, kind, scene.transaction)}}}` +
    `,"legacyEventType":${cellJson(kind.legacyEventType)}` +
    `,"transaction":${drawTransaction(draw, kind, scene.transaction)}` +
    `,"uuid":"${uuid}","version":${drawNumber(draw, 0, 300) === 0 ? '0' : '"0"'}` +
    `,"request":{"ipChain":[${machine ? '' : drawIpChain(draw, scene)}]}` +
    `${drawTargets(draw, kind.subject, scene.person)}}`;
  return { uuid, eventType: kind.eventType, published, json: Buffer.from(json) };
}
