import type { LogFields } from '../domain/log.ts';
import type { Answer } from './exchange.ts';
import { field, fieldLines } from './exchange.ts';

/** What an answer says went wrong. */
export interface SaidError {
  /** A code of Okta's API (`E0000011`) or of OAuth (`invalid_client`). */
  readonly code: string | undefined;
  /** The code of OAuth in `WWW-Authenticate` (RFC 6750, 3; RFC 9449, 7.1). */
  readonly challenge: string | undefined;
  readonly summary: string | undefined;
  /** All of it for a person: `401 E0000011 Invalid token provided (request id abc, error id def)`. */
  readonly text: string;
  /** The same for the log, apart. */
  readonly facts: LogFields;
}

/** Reads an answer that is an error; what is not there is left out, for a load balancer answers in HTML. */
export function errorIn(answer: Answer): SaidError {
  const body = parsedOrUndefined(answer.body.toString('utf8'));
  const challenge = challengeParameter(answer, 'error');
  const code = textMember(body, 'errorCode') ?? textMember(body, 'error') ?? challenge;
  const summary =
    textMember(body, 'errorSummary') ??
    textMember(body, 'error_description') ??
    challengeParameter(answer, 'error_description');
  const requestId = field(answer.headers, 'x-okta-request-id');
  const errorId = textMember(body, 'errorId');
  const parts = [
    String(answer.status),
    code,
    summary,
    redirectOf(answer),
    whereOktaLogsIt(requestId, errorId),
  ];
  return {
    code,
    challenge,
    summary,
    text: parts.filter((part) => part !== undefined).join(' '),
    facts: { status: answer.status, error_code: code, error_id: errorId, request_id: requestId },
  };
}

function redirectOf({ headers }: Answer): string | undefined {
  const place = field(headers, 'location');
  if (place === undefined) return undefined;
  const target = URL.canParse(place) ? new URL(place).origin : 'an address that is none';
  return `redirect to "${target}"`;
}

/** What Okta's support asks for. */
function whereOktaLogsIt(requestId?: string, errorId?: string): string | undefined {
  const ids = [
    ...(requestId === undefined ? [] : [`request id ${requestId}`]),
    ...(errorId === undefined ? [] : [`error id ${errorId}`]),
  ];
  return ids.length === 0 ? undefined : `(${ids.join(', ')})`;
}

function challengeParameter({ headers }: Answer, name: 'error' | 'error_description') {
  const challenges = fieldLines(headers, 'www-authenticate').join(', ');
  return new RegExp(`\\b${name}="([^"]*)"`, 'u').exec(challenges)?.[1];
}

/** Longer than any text of Okta's; what answers in its place may send pages. */
const MOST_CHARACTERS = 1000;

/** A member of an error body, its end left out if it is long; `undefined` if the body has none of that name. */
function textMember(
  body: unknown,
  name: 'errorCode' | 'errorSummary' | 'errorId' | 'error' | 'error_description',
): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const member: unknown = Object.getOwnPropertyDescriptor(body, name)?.value;
  if (typeof member !== 'string') return undefined;
  return member.length <= MOST_CHARACTERS ? member : `${member.slice(0, MOST_CHARACTERS)}…`;
}

function parsedOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
