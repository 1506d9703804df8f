import { UnusablePageError } from '../../domain/failure.ts';
import type { Failure } from '../../domain/failure.ts';
import { Secret } from '../../domain/secret.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Duration, Instant } from '../../domain/time.ts';
import { hours, seconds } from '../../domain/time.ts';
import { failureOf } from '../error-answer.ts';
import { errorIn } from '../error-body.ts';
import type { Answer, Exchange } from '../exchange.ts';
import { field } from '../exchange.ts';
import { rateLimitWait } from '../rate-limit.ts';
import { serverTimeOf } from '../server-time.ts';
import type { Client } from './client.ts';
import { authenticate } from './client.ts';
import type { ClockOffset } from './clock-offset.ts';
import { newDpopKey, proveWith } from './dpop.ts';
import { refusedByTokenEndpoint } from './refusals.ts';
import type { SigningKey } from './sign-jwt.ts';

/** What tokens are asked for with. */
export interface TokenEndpointOptions extends Client {
  /** The origin of the org, such as `https://acme.okta.com`. */
  readonly org: string;
  /** Scopes with blanks between. */
  readonly scope: string;
  readonly userAgent: string;
  readonly exchange: Exchange;
  readonly clock: Clock;
  /** A number from 0 to 1, another one each time. */
  readonly chance: () => number;
}

/** What tokens are bound to: our key, and the nonce for its next proof to the token endpoint. */
export interface Binding {
  readonly key: SigningKey;
  readonly nonce: string | undefined;
}

/** A token as it was issued. */
export interface IssuedToken {
  readonly accessToken: Secret;
  readonly lifetime: Duration;
  /** `undefined` if whoever has the token may use it. */
  readonly binding: Binding | undefined;
}

/** Why a request was refused, if asking differently may help; each is worth one more request. */
type Obstacle = 'no proof' | 'nonce' | 'clock';

/** The time that requests are under way, and that `Date` leaves out, is no difference of clocks. */
const CLOCK_TOLERANCE = seconds(5);

/**
 * Gets a new access token by client credentials (RFC 6749, 4.4); binds it to a key if Okta demands
 * that or `binding` says that it did. Rejects with a `Failure`, or as `Exchange` does.
 */
export async function requestToken(
  options: TokenEndpointOptions,
  time: ClockOffset,
  binding: Binding | undefined,
  signal: AbortSignal,
): Promise<IssuedToken> {
  const met = new Set<Obstacle>();
  for (let bound = binding; ;) {
    const before = time.offset;
    const answer = await ask(options, time.now(), bound, signal);
    time.heard(answer);
    const nonce = field(answer.headers, 'dpop-nonce') ?? bound?.nonce;
    const isClockOff = Math.abs(time.offset - before) > CLOCK_TOLERANCE;
    if (answer.status === 200) return issuedIn(answer, bound && { ...bound, nonce }, options.org);
    const obstacle = obstacleIn(answer, bound !== undefined, isClockOff);
    if (obstacle === undefined || met.has(obstacle)) throw failureIn(answer, options);
    met.add(obstacle);
    if (obstacle === 'no proof') bound = { key: newDpopKey(), nonce };
    else bound = bound && { ...bound, nonce };
  }
}

async function ask(
  options: TokenEndpointOptions,
  now: Instant,
  bound: Binding | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  const { org, scope, userAgent, exchange } = options;
  const url = `${org}/oauth2/v1/token`;
  const { headers, parameters } = await authenticate(options, url, now);
  const proof =
    bound &&
    (await proveWith(bound.key, {
      method: 'POST',
      url,
      issuedAt: now,
      nonce: bound.nonce,
      accessToken: undefined,
    }));
  const form = new URLSearchParams({ grant_type: 'client_credentials', scope, ...parameters });
  return exchange({
    url,
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': userAgent,
      ...headers,
      ...(proof !== undefined && { dpop: proof }),
    },
    body: form.toString(),
    signal,
  });
}

function obstacleIn(answer: Answer, isBound: boolean, isClockOff: boolean): Obstacle | undefined {
  const { code } = errorIn(answer);
  const isAboutProof = code === 'invalid_dpop_proof' || code === 'use_dpop_nonce';
  if (isAboutProof && !isBound) return 'no proof';
  if (code === 'use_dpop_nonce') return 'nonce';
  return isClockOff && (isAboutProof || code === 'invalid_client') ? 'clock' : undefined;
}

function failureIn(answer: Answer, { org, clock, chance }: TokenEndpointOptions): Failure {
  const { status } = answer;
  if (status === 400 || status === 401 || status === 403)
    return refusedByTokenEndpoint(org, errorIn(answer));
  const wait = rateLimitWait(answer.headers, serverTimeOf(answer) ?? clock.now(), chance());
  return failureOf(answer, {
    org,
    signer: 'service app',
    isOktasLink: false,
    rateLimitWait: wait,
  });
}

/** Never shows the body: whatever else it is, it may hold a token. */
function issuedIn(answer: Answer, binding: Binding | undefined, org: string): IssuedToken {
  const { access_token: token, token_type: type, expires_in: lifetime } = membersOf(answer);
  if (typeof token !== 'string' || !/^[!-~]+$/u.test(token) || typeof type !== 'string') {
    throw new UnusablePageError(`Cannot get an access token from "${org}": the answer has none`, {
      hint: 'Check okta_org_url, and whether a proxy changes answers',
    });
  }
  return {
    accessToken: new Secret(token),
    lifetime: typeof lifetime === 'number' ? seconds(lifetime) : hours(1),
    binding: type.toLowerCase() === 'dpop' ? binding : undefined,
  };
}

function membersOf({ body }: Answer): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return Object.fromEntries(Object.entries(parsed ?? {}));
  } catch {
    return {};
  }
}
