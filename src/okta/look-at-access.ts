import type { Clock } from '../domain/clock.ts';
import type { Failure } from '../domain/failure.ts';
import { isFailure } from '../domain/failure.ts';
import type { Access, AccessLook, AccessTarget } from '../domain/looks.ts';
import { splitPage } from '../domain/split-page.ts';
import { days, earlier, formatInstant, milliseconds } from '../domain/time.ts';
import { failureOf } from './error-answer.ts';
import type { Answer } from './exchange.ts';
import { grantIn } from './pacing.ts';
import { RequestBudget } from './request-budget.ts';
import type { SenderOptions } from './sender.ts';
import { createSender } from './sender.ts';
import { serverTimeOf } from './server-time.ts';

interface AccessOptions extends Omit<SenderOptions, 'budget'> {
  /** The origin of the org, such as `https://acme.okta.com`. */
  readonly org: string;
}

/** Asks an org for one item of a kind, once, and reads all that its answer tells. */
export function createAccess(options: AccessOptions): Access {
  const { org, clock } = options;
  return {
    async ask(target, signal) {
      // Each kind has a rate limit of its own (okta-contract).
      const sender = createSender({ ...options, budget: new RequestBudget(clock, 0) });
      const before = { count: 0, firstRequestId: undefined };
      const answer = await sender.send({ url: urlOf(target, org, clock) }, before, signal);
      const receivedAt = clock.now();
      const serverTime = serverTimeOf(answer);
      return {
        status: answer.status,
        ...contentOf(answer, target, options),
        serverTime,
        receivedAt,
        grant: grantIn(answer.headers, serverTime ?? receivedAt, receivedAt),
      };
    },
  };
}

function urlOf(target: AccessTarget, org: string, clock: Clock): string {
  const url = `${org}/api/v1/${target}?limit=1`;
  if (target !== 'logs') return url;
  const since = formatInstant(earlier(clock.now(), days(1)));
  return `${url}&sortOrder=ASCENDING&since=${encodeURIComponent(since)}`;
}

function contentOf(
  answer: Answer,
  target: AccessTarget,
  { org, credentials }: AccessOptions,
): Pick<AccessLook, 'failure' | 'isEmpty'> {
  if (answer.status !== 200) {
    const asked = {
      org,
      signer: credentials.signer,
      isOktasLink: false,
      rateLimitWait: milliseconds(0),
    };
    return { failure: failureOf(answer, asked), isEmpty: true };
  }
  if (target !== 'logs') return { failure: undefined, isEmpty: false };
  try {
    return { failure: undefined, isEmpty: splitPage(answer.body).length === 0 };
  } catch (error) {
    return { failure: asFailure(error), isEmpty: true };
  }
}

function asFailure(error: unknown): Failure {
  if (isFailure(error)) return error;
  throw error;
}
