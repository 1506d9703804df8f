import type { Instant } from '../domain/time.ts';
import type { Answer } from './answer.ts';
import { errorAnswer } from './answer.ts';
import { drawId, drawsFor } from './chance.ts';
import type { FaultQueue } from './faults.ts';
import { logsPage } from './logs-page.ts';
import { challengeAnswer } from './oauth/oauth-answer.ts';
import { OAuthError } from './oauth/oauth-error.ts';
import { OktaError, tooManyRequests } from './okta-error.ts';
import type { Org } from './org.ts';
import type { Allowance } from './rate-limit.ts';
import { createRateLimit } from './rate-limit.ts';

/** What decides the answers of `/api/v1/logs`. */
export interface LogsEndpointOptions {
  readonly org: Org;
  readonly seed: number;
  /** Requests a minute. */
  readonly rateLimit: number;
  /** Requests at the same time. */
  readonly concurrency: number;
  readonly faults: FaultQueue;
}

interface LogsRequest {
  readonly url: URL;
  /** The same, byte for byte. */
  readonly href: string;
  readonly now: Instant;
  /** Throws the error of a sender who may not read the log. */
  readonly checkSender: () => void;
  /** How many requests are under way, this one included. */
  readonly underWay: number;
  /** The headers of every answer. */
  readonly common: Answer['headers'];
}

const rateHeaders = ({ limit, remaining, resetsAt }: Allowance): Answer['headers'] => ({
  'x-rate-limit-limit': String(limit),
  'x-rate-limit-remaining': String(remaining),
  'x-rate-limit-reset': String(Math.ceil(resetsAt / 1000)),
});

/** What `respond` answers, or the error that it throws as an answer. */
function orRefusal(headers: Answer['headers'], respond: () => Answer): Answer {
  try {
    return respond();
  } catch (error) {
    if (error instanceof OktaError) return errorAnswer(error, headers);
    if (error instanceof OAuthError) return challengeAnswer(error, headers);
    throw error;
  }
}

/** Answers `GET /api/v1/logs` as Okta does, but for the faults that were ordered. */
export function createLogsEndpoint(options: LogsEndpointOptions): (request: LogsRequest) => Answer {
  const { org, seed, concurrency, faults } = options;
  const orgId = drawId(drawsFor(seed, 0), '00o', 20);
  const rateLimit = createRateLimit(options.rateLimit);
  let received = 0;

  return ({ url, href, now, checkSender, underWay, common }) => {
    received += 1;
    const fault = faults.take(received);
    const allowance = rateLimit.spend(now);
    const isCrowded = underWay > concurrency;
    const rate = isCrowded ? { ...allowance, limit: 0, remaining: 0 } : allowance;
    const headers = { ...common, ...rateHeaders(rate) };
    const answer = orRefusal(headers, () => {
      checkSender();
      if (isCrowded || allowance.exceeded) throw tooManyRequests();
      const asked = { url, href, now, pageSize: fault?.pageSize };
      return logsPage(org, orgId, asked, headers);
    });
    return fault?.change?.(answer) ?? answer;
  };
}
