import type { Clock } from '../domain/clock.ts';
import type { Log } from '../domain/log.ts';
import type { Traffic } from '../domain/system-log.ts';
import { inSeconds, seconds } from '../domain/time.ts';
import type { Credentials } from './credentials/credentials.ts';
import type { Answer, Exchange, Request } from './exchange.ts';
import type { RequestBudget } from './request-budget.ts';
import { serverTimeOf } from './server-time.ts';

/** What requests to an org are sent with. */
export interface SenderOptions {
  readonly credentials: Credentials;
  readonly userAgent: string;
  readonly exchange: Exchange;
  /** That of the bucket which the requests count against. */
  readonly budget: RequestBudget;
  readonly clock: Clock;
  readonly log: Log;
}

/** The attempts of one request that were answered, and not by what was asked for. */
export interface FailedAttempts {
  readonly count: number;
  /** Okta's id of the first of them. */
  readonly firstRequestId: string | undefined;
}

/** What is asked for. */
export type Outgoing = Pick<Request, 'url' | 'isPacked' | 'onHead'>;

/** Sends requests in their turn, signed. */
export interface Sender {
  /** One attempt; more if the credentials know a way past a refusal. Rejects with a `Failure`, or as `Exchange` does. */
  send(request: Outgoing, before: FailedAttempts, signal: AbortSignal): Promise<Answer>;
  /** Adds a wait before a retry to what is counted. */
  waited(milliseconds: number): void;
  /** What was sent, received and waited for so far. */
  traffic(): Traffic;
}

/** From this length on a wait for the rate limit is worth telling. */
const LONG_WAIT = seconds(5);

/** A sender of one org. */
export function createSender(options: SenderOptions): Sender {
  const { budget, log, exchange, credentials } = options;
  const traffic = { requests: 0, receivedBytes: 0, waitedMilliseconds: 0 };

  async function inTurn(signal: AbortSignal): Promise<void> {
    const waited = await budget.turn(signal);
    traffic.waitedMilliseconds += waited;
    if (waited >= LONG_WAIT) {
      log.info('Waited for the rate limit', { waited_seconds: inSeconds(waited) });
    }
  }

  async function sendOnce(
    { url, isPacked, onHead }: Outgoing,
    before: FailedAttempts,
    signal: AbortSignal,
  ): Promise<Answer> {
    await inTurn(signal);
    let answer: Answer | undefined;
    try {
      const signature = await credentials.sign(url, signal);
      const headers = { ...headersOf(options, before), ...signature };
      traffic.requests += 1;
      answer = await exchange({ url, headers, signal, onHead, ...(isPacked && { isPacked }) });
      return answer;
    } finally {
      traffic.receivedBytes += answer?.receivedBytes ?? 0;
      budget.done(answer?.headers, answer && serverTimeOf(answer));
    }
  }

  return {
    async send(request, before, signal) {
      let answer = await sendOnce(request, before, signal);
      while (credentials.heard(answer)) answer = await sendOnce(request, before, signal);
      return answer;
    },
    waited: (milliseconds) => {
      traffic.waitedMilliseconds += milliseconds;
    },
    traffic: () => ({ ...traffic }),
  };
}

/** A repeated request names the one that failed, as Okta's own SDKs do (okta-contract). */
function headersOf(
  { userAgent }: SenderOptions,
  { count, firstRequestId }: FailedAttempts,
): Record<string, string> {
  return {
    accept: 'application/json',
    'accept-encoding': 'gzip',
    'user-agent': userAgent,
    ...(firstRequestId !== undefined && {
      'x-okta-retry-for': firstRequestId,
      'x-okta-retry-count': String(count),
    }),
  };
}
