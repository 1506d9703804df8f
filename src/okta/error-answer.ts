import type { Failure } from '../domain/failure.ts';
import {
  ConfigError,
  ProtocolError,
  RateLimitError,
  RefusedLinkError,
  TransientError,
  UnusablePageError,
} from '../domain/failure.ts';
import type { LogFields } from '../domain/log.ts';
import type { Duration } from '../domain/time.ts';
import type { Signer } from './credentials/credentials.ts';
import { refusedByApi } from './credentials/refusals.ts';
import { errorIn } from './error-body.ts';
import type { Answer } from './exchange.ts';

/** What is known of a request whose answer was no page. */
export interface AskedFor {
  readonly org: string;
  readonly signer: Signer;
  /** Whether the URL is one that Okta issued, and not one that we made. */
  readonly isOktasLink: boolean;
  /** How long to wait, should the answer be a 429. */
  readonly rateLimitWait: Duration;
}

/** The failure that an answer other than 200 stands for. The status decides: one code of Okta's stands for several (okta-contract). */
export function failureOf(answer: Answer, asked: AskedFor): Failure {
  const error = errorIn(answer);
  const { text: said, facts } = error;
  switch (answer.status) {
    case 401:
    case 403:
      return refusedByApi(asked.org, answer.status, asked.signer, error);
    case 404:
      return wrongOrg(asked.org, said);
    case 429:
      return new RateLimitError(
        `Cannot go on reading "${asked.org}": ${said}`,
        asked.rateLimitWait,
        {
          facts,
          hint: 'Other clients use up the rate limit of the org; the next run goes on from here',
        },
      );
    default:
      return otherFailure(answer, asked, said, facts);
  }
}

function otherFailure(answer: Answer, asked: AskedFor, said: string, facts: LogFields): Failure {
  const { status } = answer;
  if (status === 408 || status >= 500) {
    return new TransientError(`Cannot read the System Log of "${asked.org}": ${said}`, {
      facts,
      hint: 'This is a fault on the side of Okta or of a proxy; the next run goes on from here',
    });
  }
  if (status < 300)
    return new UnusablePageError(`Cannot read a page of "${asked.org}": ${said}`, { facts });
  if (asked.isOktasLink && (status === 400 || status === 410 || status === 414)) {
    return new RefusedLinkError(`Cannot go on from the stored link of "${asked.org}": ${said}`, {
      facts,
    });
  }
  return new ProtocolError(`Cannot read the System Log of "${asked.org}": ${said}`, {
    facts,
    hint: 'Check okta_org_url: this is not how an Okta org answers',
  });
}

function wrongOrg(org: string, said: string): ConfigError {
  const remedy = 'Set okta_org_url to the address of your org, such as https://acme.okta.com';
  const reason = `the server knows no System Log: ${said}`;
  return new ConfigError(
    `Cannot find the System Log at "${org}": ${said}`,
    [{ key: 'okta_org_url', value: org, source: undefined, reason, remedy }],
    { hint: remedy },
  );
}
