import type { Draw } from './chance.ts';
import { drawId, drawsFor, pick } from './chance.ts';
import type { Place } from './places.ts';
import { places } from './places.ts';
import { cellJson, readTable } from './table.ts';
import { userAgents } from './user-agents.ts';

/** Somebody with an account: the same person in every event, at home in one place, on one browser. */
export interface Person {
  readonly id: string;
  readonly login: string;
  /** `{id, type, alternateId, displayName, detailEntry}` as JSON text, as actor and as target. */
  readonly entity: string;
  readonly place: Place;
  readonly userAgent: (typeof userAgents)[number];
  readonly device: string;
}

const givenNames =
  'Ana|Zoë|Søren|李|Þórunn|José|Ольга|Brigid|Jürgen|𠮷田|Kofi|Łucja|Noah|Siobhán|Mateus 🦊|Priya|Emma|Hiroshi|محمد|Renée|Tomás|Lea "Lee"|Ivan|Grace'.split(
    '|',
  );
const familyNames =
  "Souza|Müller|Kjærgaard|小龍|Jónsdóttir|Núñez|Иванова|O'Brien|Groß|太郎|Mensah|Wójcik|Smith|Ní Bhraonáin|Ferreira|Raghunathan|Lindqvist|Tanaka|العلي|D'Amboise|Čapek|Back\\slash|van der Berg|Hopper".split(
    '|',
  );

const asciiOf = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/[^A-Za-z']/g, '')
    .toLowerCase();

function loginOf(given: string, family: string, index: number): string {
  const parts = [asciiOf(given), asciiOf(family), index < givenNames.length ? '' : String(index)];
  const name = parts.filter((part) => part !== '').join('.');
  return `${name === '' ? `user${String(index)}` : name}@example.com`;
}

/** Non-ASCII as `\u` escapes, as some of Okta's writers have it. */
const escapedJson = (text: string): string =>
  JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const operatingSystems = readTable(`
MACOS | 15.1.0
WINDOWS | 10.0.22631.4317
IOS | 18.1
ANDROID | 14`);

function deviceOf(draw: Draw, login: string): string {
  if (draw() < 0.5) return 'null';
  const [platform = '', version] = pick(draw, operatingSystems);
  const name = login.replace('@example.com', `'s ${platform}`);
  return `{"id":"${drawId(draw, 'guo', 20)}","name":${JSON.stringify(name)},"os_platform":"${platform}","os_version":${cellJson(version)},"managed":${String(draw() < 0.5)},"registered":true,"device_integrator":null,"disk_encryption_type":"ALL_INTERNAL_VOLUMES","screen_lock_type":"BIOMETRIC","jailbreak":null,"secure_hardware_present":true}`;
}

function personAt(index: number): Person {
  const draw = drawsFor(20_150_301, index);
  const given = givenNames[index % givenNames.length] ?? '';
  const family =
    familyNames[(index * 7 + Math.floor(index / givenNames.length)) % familyNames.length] ?? '';
  const login = loginOf(given, family, index);
  const id = drawId(draw, '00u', 20);
  const write = index % 5 === 3 ? escapedJson : JSON.stringify;
  return {
    id,
    login,
    entity: `{"id":"${id}","type":"User","alternateId":${JSON.stringify(login)},"displayName":${write(`${given} ${family}`)},"detailEntry":null}`,
    place: pick(draw, places),
    userAgent: pick(draw, userAgents),
    device: deviceOf(draw, login),
  };
}

/** The people of the org. */
export const people: readonly Person[] = Array.from({ length: 120 }, (_, index) => personAt(index));

/** Named by a table of display name | alternate id. */
function entities(type: string, prefix: string, table: string): readonly string[] {
  return readTable(table).map(([displayName = '', alternateId = 'unknown'], index) => {
    const id = drawId(drawsFor(prefix.charCodeAt(2), index), prefix, 20);
    return `{"id":"${id}","type":"${type}","alternateId":${JSON.stringify(alternateId)},"displayName":${JSON.stringify(displayName)},"detailEntry":null}`;
  });
}

/** The org's applications; like all lists below, each as the JSON text of a target. */
export const applications = entities(
  'AppInstance',
  '0oa',
  `
Cisco AnyConnect VPN | Cisco AnyConnect VPN (2)
Salesforce.com | Salesforce – EMEA
Google Workspace | Google Workspace
Microsoft Office 365 | Office 365
Slack | Slack "Grid"
Zoom | zoom
GitHub Enterprise Cloud | GitHub Enterprise Cloud – example
AWS IAM Identity Center | AWS IAM Identity Center
ServiceNow UD | ServiceNow UD
Workday | Workday
Jira / Confluence | Atlassian Cloud
Sumo Logic | Sumo Logic
社内ポータル | intranet
Expense™ R&D <beta> | expense-beta`,
);

/** Groups of users. */
export const groups = entities(
  'UserGroup',
  '00g',
  `
Everyone
Engineering
Finance – Zürich
Contractors
Super Admins
営業部`,
);

/** Sign-on policies. */
export const policies = entities(
  'PolicyEntity',
  '00p',
  `
Default Policy | 00pdefault
Any two factors | Authentication Policy
Contractors, outside the network | Global Session Policy`,
);

/** What a second factor is made with. */
export const authenticators = entities(
  'AuthenticatorEnrollment',
  'aut',
  `
Okta Verify | OKTA_VERIFY_PUSH
Google Authenticator | GOOGLE_OTP
Security Key or Biometric | FIDO2_WEBAUTHN
Phone | SMS`,
);

/** The agents that connect Active Directory. */
export const agents = entities(
  'Agent',
  'a53',
  `
DC01-VIENNA | corp.example.com
DC02-OSAKA | ad.example.co.jp`,
);
