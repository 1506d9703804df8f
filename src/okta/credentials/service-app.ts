import type { Log } from '../../domain/log.ts';
import type { Secret } from '../../domain/secret.ts';
import type { Instant } from '../../domain/time.ts';
import { describeDuration, later, milliseconds, minutes } from '../../domain/time.ts';
import type { KeptDpop, KeptToken, TokenStore } from '../../domain/token-store.ts';
import { errorIn } from '../error-body.ts';
import type { Answer } from '../exchange.ts';
import { field } from '../exchange.ts';
import { ClockOffset } from './clock-offset.ts';
import type { Credentials } from './credentials.ts';
import { formatDpopKey, proveWith, readDpopKey } from './dpop.ts';
import type { SigningKey } from './sign-jwt.ts';
import type { Binding, TokenEndpointOptions } from './token-endpoint.ts';
import { requestToken } from './token-endpoint.ts';

interface ServiceAppOptions extends TokenEndpointOptions {
  /** `undefined` if tokens are not to be kept between runs. */
  readonly store: TokenStore | undefined;
  readonly log: Log;
}

/** A token in use. */
interface Token {
  readonly accessToken: Secret;
  readonly usableUntil: Instant;
  /** The key that it is bound to; `undefined` if it is not. */
  readonly key: SigningKey | undefined;
}

/** What a refused request may be sent again with. */
type Remedy = 'new proof' | 'new token';

/** A token is not used up to its very end: the request takes its time. */
const MARGIN = minutes(5);

/** Signs with access tokens that a service app of the org gets for itself (OAuth 2.0, with DPoP if Okta demands it). */
export class ServiceApp implements Credentials {
  readonly signer = 'service app';
  readonly #options: ServiceAppOptions;
  readonly #time: ClockOffset;
  /** What was tried since a request was last accepted. */
  readonly #tried = new Set<Remedy>();
  #isStoreRead = false;
  #token: Token | undefined;
  /** For the next token; outlives the one in use. */
  #binding: Binding | undefined;
  /** What the API, not the token endpoint, wants to see in the next proof. */
  #apiNonce: string | undefined;

  constructor(options: ServiceAppOptions) {
    this.#options = options;
    this.#time = new ClockOffset(options.clock);
  }

  async sign(url: string, signal: AbortSignal): Promise<Readonly<Record<string, string>>> {
    const { accessToken, key } = await this.#usableToken(signal);
    if (key === undefined) return { authorization: `Bearer ${accessToken.reveal()}` };
    const proof = await proveWith(key, {
      method: 'GET',
      url,
      issuedAt: this.#time.now(),
      nonce: this.#apiNonce,
      accessToken,
    });
    return { authorization: `DPoP ${accessToken.reveal()}`, dpop: proof };
  }

  heard(answer: Answer): boolean {
    this.#time.heard(answer);
    this.#apiNonce = field(answer.headers, 'dpop-nonce') ?? this.#apiNonce;
    if (answer.status === 200) this.#tried.clear();
    const remedy = remediesFor(answer).find((one) => !this.#tried.has(one));
    if (remedy === undefined) return false;
    this.#tried.add(remedy);
    if (remedy === 'new token') this.#token = undefined;
    return true;
  }

  async #usableToken(signal: AbortSignal): Promise<Token> {
    if (!this.#isStoreRead) await this.#readStore();
    const token = this.#token;
    if (token !== undefined && this.#options.clock.now() <= token.usableUntil) return token;
    return (this.#token = await this.#newToken(signal));
  }

  async #readStore(): Promise<void> {
    this.#isStoreRead = true;
    const kept = await this.#options.store?.load();
    if (kept === undefined) return;
    const { accessToken, usableUntil, dpop } = kept;
    const binding = dpop && bindingOf(dpop);
    if (dpop !== undefined && binding === undefined) return;
    this.#token = { accessToken, usableUntil, key: binding?.key };
    this.#binding = binding;
  }

  async #newToken(signal: AbortSignal): Promise<Token> {
    const { clock, log, store } = this.#options;
    const issued = await requestToken(this.#options, this.#time, this.#binding, signal);
    // If this one is refused, another one would be as well.
    this.#tried.add('new token');
    const { accessToken, lifetime, binding } = issued;
    const margin = milliseconds(Math.min(MARGIN, lifetime / 2));
    const usableUntil = later(clock.now(), milliseconds(lifetime - margin));
    this.#binding = binding;
    log.info('Okta issued an access token', {
      lifetime: describeDuration(lifetime),
      dpop: binding !== undefined,
    });
    await store?.save(kept(accessToken, usableUntil, binding));
    return { accessToken, usableUntil, key: binding?.key };
  }
}

/** A proof is cheaper than a token, which is logged at Okta. */
function remediesFor(answer: Answer): readonly Remedy[] {
  const { code, challenge = code } = errorIn(answer);
  if (challenge === 'use_dpop_nonce' || challenge === 'invalid_dpop_proof')
    return ['new proof', 'new token'];
  return answer.status === 401 ? ['new token'] : [];
}

function bindingOf({ key: text, nonce }: KeptDpop): Binding | undefined {
  const key = readDpopKey(text);
  return key && { key, nonce };
}

function kept(accessToken: Secret, usableUntil: Instant, binding: Binding | undefined): KeptToken {
  const dpop = binding && { key: formatDpopKey(binding.key), nonce: binding.nonce };
  return { accessToken, usableUntil, dpop };
}
