import pRetry from 'p-retry';
import type { Failure } from '../domain/failure.ts';
import { isFailure } from '../domain/failure.ts';
import type { Traffic } from '../domain/system-log.ts';
import type { Duration } from '../domain/time.ts';
import { inSeconds } from '../domain/time.ts';
import { failureOf } from './error-answer.ts';
import type { Answer, AnswerHead } from './exchange.ts';
import { field } from './exchange.ts';
import { rateLimitWait } from './rate-limit.ts';
import type { RetryPolicy } from './retry-policy.ts';
import type { FailedAttempts, SenderOptions } from './sender.ts';
import { createSender } from './sender.ts';
import { serverTimeOf } from './server-time.ts';

/** What an org is asked with. */
export interface ApiClientOptions extends SenderOptions {
  /** The origin of the org, such as `https://acme.okta.com`. */
  readonly org: string;
  /** A number from 0 to 1, another one each time. */
  readonly chance: () => number;
  /** When a failed request is sent again. */
  readonly retryWait: RetryPolicy;
}

/** One thing to ask for. */
export interface ApiRequest<Result> {
  readonly url: string;
  /** Whether `read` gets the body of the answer as it came, compressed or not. */
  readonly isPacked?: true;
  /** Whether the URL is one that Okta issued, and not one that we made. */
  readonly isOktasLink: boolean;
  /** Told of each answer when its headers are there: of those to attempts that fail, too. */
  readonly onHead?: (head: AnswerHead) => void;
  /** Makes a result of a 200; fails with a `Failure` if it is none. */
  readonly read: (answer: Answer) => Result | Promise<Result>;
}

/** Asks an org's API: in its turn, and again where that makes sense. */
export interface ApiClient {
  /** Rejects with a `Failure`, or with the signal's reason if that comes first. */
  get<Result>(request: ApiRequest<Result>, signal: AbortSignal): Promise<Result>;
  /** What that has cost so far. */
  traffic(): Traffic;
}

/** A client of one org. */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const { clock, log, chance } = options;
  const sender = createSender(options);

  async function pause(
    failure: Failure,
    wait: Duration,
    attempt: number,
    signal: AbortSignal,
  ): Promise<void> {
    log.warn(failure.message, { ...failure.facts, attempt, retry_in_seconds: inSeconds(wait) });
    await clock.sleep(wait, signal);
    // One that a stop has broken off was none.
    sender.waited(wait);
  }

  return {
    get<Result>(request: ApiRequest<Result>, signal: AbortSignal) {
      let failed: FailedAttempts = { count: 0, firstRequestId: undefined };
      const attempt = async (): Promise<Result> => {
        const answer = await sender.send(request, failed, signal);
        failed = oneMore(failed, answer);
        return resultOf(request, answer, options);
      };
      return pRetry(attempt, {
        retries: Number.POSITIVE_INFINITY,
        minTimeout: 0,
        shouldConsumeRetry: ({ error }) => !isFailure(error) || error.kind !== 'rate-limit',
        shouldRetry: async ({ error, attemptNumber, retriesConsumed }) => {
          const wait = isFailure(error)
            ? options.retryWait(error, retriesConsumed, chance())
            : undefined;
          if (wait === undefined || !isFailure(error)) return false;
          await pause(error, wait, attemptNumber, signal);
          return true;
        },
      });
    },
    traffic: () => sender.traffic(),
  };
}

function oneMore({ count, firstRequestId }: FailedAttempts, { headers }: Answer): FailedAttempts {
  return {
    count: count + 1,
    firstRequestId: firstRequestId ?? field(headers, 'x-okta-request-id'),
  };
}

function resultOf<Result>(
  { read, isOktasLink }: ApiRequest<Result>,
  answer: Answer,
  { org, credentials, clock, chance }: ApiClientOptions,
): Result | Promise<Result> {
  if (answer.status === 200) return read(answer);
  const serverTime = serverTimeOf(answer) ?? clock.now();
  const wait = rateLimitWait(answer.headers, serverTime, chance());
  throw failureOf(answer, {
    org,
    signer: credentials.signer,
    isOktasLink,
    rateLimitWait: wait,
  });
}
