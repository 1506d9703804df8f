import type { Finding } from '../domain/finding.ts';
import { fault, remark, unknown, works } from '../domain/finding.ts';
import { isFailure } from '../domain/failure.ts';
import type { Access, AccessLook, AccessTarget } from '../domain/looks.ts';
import { between, describeDuration, minutes } from '../domain/time.ts';

/** A difference beyond this points to a clock that nobody sets. */
const CLOCK_TOLERANCE = minutes(1);
/** The most events that one request brings (okta-contract). */
const EVENTS_A_REQUEST = 1000;

/** Asks the org for one event, one user and one group, and says what its answers show. */
export async function* checkAccess(
  access: Access,
  signer: string,
  signal: AbortSignal,
): AsyncGenerator<Finding, void> {
  const look = await asked(access, 'logs', signal);
  if (!('status' in look)) {
    yield look;
    yield* unknownAccess('there is no answer');
    return;
  }
  yield credentialFinding(look, signer);
  yield look.failure === undefined
    ? await inventoryFinding(access, signal)
    : unknown('Inventory', 'Not looked at: the System Log comes first');
  yield clockFinding(look);
  yield limitFinding(look);
}

/** What to say where the org cannot be asked. */
export function* unknownAccess(why: string): Generator<Finding, void> {
  for (const topic of ['Inventory', 'Clock', 'Rate limit'])
    yield unknown(topic, `Not looked at: ${why}`);
}

async function asked(
  access: Access,
  target: AccessTarget,
  signal: AbortSignal,
): Promise<AccessLook | Finding> {
  try {
    return await access.ask(target, signal);
  } catch (error) {
    if (!isFailure(error)) throw error;
    return fault('Credential', error);
  }
}

function credentialFinding({ failure, isEmpty }: AccessLook, signer: string): Finding {
  if (failure !== undefined) return fault('Credential', failure);
  if (!isEmpty)
    return works('Credential', `Okta answers, and the ${signer} may read the System Log`);
  return remark(
    'Credential',
    `Okta answers, and shows the ${signer} no event of the last day`,
    'That is rare: see whether its role may read all events',
  );
}

async function inventoryFinding(access: Access, signal: AbortSignal): Promise<Finding> {
  const refused: string[] = [];
  for (const target of ['users', 'groups'] as const) {
    const look = await asked(access, target, signal);
    if (!('status' in look)) refused.push(target);
    else if (look.status !== 200) refused.push(`${target} (${look.status})`);
  }
  if (refused.length === 0) return works('Inventory', 'Users and groups may be read, too');
  return remark(
    'Inventory',
    `It cannot read ${refused.join(' and ')}`,
    'Nothing to do: events are collected without that',
  );
}

function clockFinding({ serverTime, receivedAt }: AccessLook): Finding {
  if (serverTime === undefined)
    return unknown('Clock', 'Not looked at: Okta does not tell its time');
  const difference = between(serverTime, receivedAt);
  if (Math.abs(difference) <= CLOCK_TOLERANCE)
    return works('Clock', 'The clock of this machine agrees with that of Okta');
  const how = difference > 0 ? 'ahead of' : 'behind';
  return remark(
    'Clock',
    `The clock of this machine is ${describeDuration(difference)} ${how} that of Okta`,
    'Collection goes by the time of Okta; set the clock all the same, for logs and certificates go by it',
  );
}

function limitFinding({ grant }: AccessLook): Finding {
  if (grant === undefined) return unknown('Rate limit', 'Okta does not tell what it grants');
  const { limit, remaining } = grant;
  const events = (limit * EVENTS_A_REQUEST).toLocaleString('en-US');
  const text = `${limit.toLocaleString('en-US')} requests a minute, ${remaining.toLocaleString('en-US')} of them left in this one: at most ${events} events a minute`;
  if (remaining > 0) return works('Rate limit', text);
  return remark('Rate limit', text, 'Other clients of the org use it up; runs wait for it');
}
