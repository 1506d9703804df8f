import type { Draw } from './chance.ts';
import { drawId, pick } from './chance.ts';
import type { Person } from './directory.ts';
import { agents, applications, authenticators, groups, people, policies } from './directory.ts';
import type { Subject } from './event-types.ts';

function appUser(draw: Draw, person: Person): string {
  return `{"id":"${drawId(draw, '0ua', 20)}","type":"AppUser","alternateId":${JSON.stringify(person.login)},"displayName":${JSON.stringify(person.login)},"detailEntry":{"signOnModeType":"SAML_2_0","signOnModeEvaluationResult":"ALLOW"}}`;
}

function policyRule(draw: Draw): string {
  return `{"id":"${drawId(draw, '0pr', 20)}","type":"PolicyRule","alternateId":"${drawId(draw, '00p', 20)}","displayName":"Catch-all Rule","detailEntry":{"policyType":"OktaSignOn","priority":"99"}}`;
}

/** In the order in which the app's panels look: `target[0]` is what the event is about. */
const entitiesOf: Readonly<Record<Subject, (draw: Draw, person: Person) => readonly string[]>> = {
  'sign-in': (draw) => (draw() < 0.5 ? [] : [pick(draw, policies), policyRule(draw)]),
  sso: (draw, person) => [pick(draw, applications), appUser(draw, person)],
  mfa: (draw, person) => [person.entity, pick(draw, authenticators)],
  user: (draw, person) => [draw() < 0.6 ? person.entity : pick(draw, people).entity],
  app: (draw) => [pick(draw, applications)],
  'app-user': (draw) => {
    const user = pick(draw, people);
    return [appUser(draw, user), pick(draw, applications), user.entity];
  },
  group: (draw) => [pick(draw, people).entity, pick(draw, groups)],
  policy: (draw) => [pick(draw, policies), policyRule(draw)],
  admin: (draw) => [pick(draw, people).entity],
  agent: (draw) => [pick(draw, agents)],
  token: (draw) => [
    `{"id":"${drawId(draw, '00T', 20)}","type":"Token","alternateId":"unknown","displayName":"sumo","detailEntry":null}`,
  ],
  org: () => [],
};

/** The member `target` with the comma before it; an event about nothing has it null, or not at all. */
export function drawTargets(draw: Draw, subject: Subject, person: Person): string {
  const entities = entitiesOf[subject](draw, person);
  if (entities.length > 0) return `,"target":[${entities.join(',')}]`;
  return draw() < 0.5 ? ',"target":null' : '';
}
