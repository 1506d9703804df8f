import type { Draw } from './chance.ts';
import { drawHex, drawId, drawNumber, pick } from './chance.ts';
import type { EventKind } from './event-types.ts';

/*
 * Members that real logs have now and then and that a careless reader trips over: numbers that no
 * double holds, escapes that are not needed, keys twice, texts that look like structure or like
 * the members of the event itself.
 */
const oddMembers: readonly string[] = [
  '"tokenCounter":12345678901234567890',
  '"score":1E400',
  '"ratio":1.0',
  String.raw`"referer":"https:\/\/example.okta.com\/app\/UserHome"`,
  String.raw`"note":"first\u2028second\u2029third"`,
  '"note":"first\u2028second"',
  '"warning":"a","warning":"b"',
  String.raw`"path":"C:\\Users\\"`,
  '"pattern":"}],[{"',
  String.raw`"quoted":"\"uuid\":\"00000000-0000-0000-0000-000000000000\",\"published\":\"1999-12-31T23:59:59.000Z\""`,
  '"inner":{"uuid":"00000000-0000-0000-0000-000000000000","published":"1999-12-31T23:59:59.000Z","list":[[],{},[{}]]}',
  '"greeting":"こんにちは 🦊 𝒪𝓀𝓉𝒶"',
  String.raw`"typed":"admin\u0000\u001b[31m\r\n"`,
  '"flag":true,"nothing":null,"empty":""',
];

const requestUris: Readonly<Record<EventKind['subject'], string>> = {
  'sign-in': '/idp/idx/identify',
  sso: '/app/example_app/exk1a2b3c4D5E6F7G8h9/sso/saml',
  mfa: '/idp/idx/challenge/answer',
  user: '/api/v1/users/lifecycle',
  app: '/api/v1/apps/0oa1alyz0mr8M2MoG1d8',
  'app-user': '/api/v1/apps/0oa1alyz0mr8M2MoG1d8/users',
  group: '/api/v1/groups/00g1alyz0mr8M2MoG1d8/users',
  policy: '/api/v1/policies/00p1alyz0mr8M2MoG1d8/rules',
  admin: '/admin/sso/callback',
  agent: '/api/1/internal/app/activedirectory/agent/nextAction',
  token: '/api/internal/tokens',
  org: '/api/v1/internal/jobs',
};

const behaviors = [
  'New Geo-Location',
  'New Device',
  'New IP',
  'New Country',
  'Velocity',
  'New City',
];

/** What Okta thinks of a sign-in, JSON inside a JSON string included, when one behaviour (or none) is unusual. */
function assessment(level: string, unusual: string): string {
  const judged = behaviors.map((name): [string, string] => [
    name,
    name === unusual ? 'POSITIVE' : 'NEGATIVE',
  ]);
  const nested = JSON.stringify({ risk: { level }, behaviors: Object.fromEntries(judged) });
  const listed = judged.map(([name, verdict]) => `${name}=${verdict}`).join(', ');
  return `"risk":"{level=${level}}","behaviors":"{${listed}}","logOnlySecurityData":${JSON.stringify(nested)}`;
}

const assessments: readonly string[] = ['LOW', 'LOW', 'LOW', 'MEDIUM', 'HIGH'].flatMap((level) =>
  ['none', ...behaviors].map((unusual) => assessment(level, unusual)),
);

/** Debug data has no bound of its own: once in a while there is a great deal of it. */
function changedAttributes(draw: Draw): string {
  const count = drawNumber(draw, 100, 300);
  const names = Array.from(
    { length: count },
    (_, index) => `customAttribute_${String(index)}_${drawHex(draw)}`,
  );
  return `,"changedAttributes":${JSON.stringify(names.join(','))}`;
}

const interactive: readonly string[] = ['sign-in', 'sso', 'mfa', 'admin'];

/** The members of `debugContext.debugData`, as JSON text without the braces. */
export function drawDebugData(draw: Draw, kind: EventKind, transaction: string): string {
  const uri = requestUris[kind.subject];
  let members = `"requestId":"${transaction}","dtHash":"${drawHex(draw)}${drawHex(draw)}${drawHex(draw)}${drawHex(draw)}","requestUri":"${uri}","url":"${uri}?","threatSuspected":"${String(draw() < 0.01)}"`;
  if (interactive.includes(kind.subject)) {
    members += `,"authnRequestId":"${drawId(draw, '', 27)}","deviceFingerprint":"${drawId(draw, '', 32)}","oktaUserAgentExtended":"okta-auth-js/7.7.0 okta-signin-widget-7.24.2","origin":"https://example.okta.com",${pick(draw, assessments)}`;
  }
  if (kind.subject === 'mfa')
    members += `,"factor":"${pick(draw, ['OKTA_VERIFY_PUSH', 'SMS_FACTOR', 'FIDO_WEBAUTHN'])}"`;
  if (draw() < 0.04) members += `,${pick(draw, oddMembers)}`;
  if (draw() < 0.002) members += changedAttributes(draw);
  return members;
}
