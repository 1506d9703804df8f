import { retryWait } from '../../../src/okta/retry-policy.ts';
import { onTestFinished } from 'vitest';
import { Secret } from '../../../src/domain/secret.ts';
import type { Duration } from '../../../src/domain/time.ts';
import { later, milliseconds } from '../../../src/domain/time.ts';
import type { TokenStore } from '../../../src/domain/token-store.ts';
import { createApiClient } from '../../../src/okta/api-client.ts';
import type { ClientProof } from '../../../src/okta/credentials/client.ts';
import { ServiceApp } from '../../../src/okta/credentials/service-app.ts';
import type { Answer, Exchange, Request } from '../../../src/okta/exchange.ts';
import { RequestBudget } from '../../../src/okta/request-budget.ts';
import { createTransport } from '../../../src/okta/transport.ts';
import type { ServiceApp as RegisteredApp } from '../../../src/sandbox/oauth/authorization-server.ts';
import type { Sandbox, SandboxOptions } from '../../../src/sandbox/server.ts';
import { startSandbox } from '../../../src/sandbox/server.ts';
import { direct } from '../../support/direct.ts';
import type { FakeClock } from '../../support/fake-clock.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import type { NotedLog } from '../../support/noted-log.ts';
import { notedLog } from '../../support/noted-log.ts';
import { NOON } from '../../support/stream.ts';
import { CLIENT_ID, KEY_ID, keyProof, publicPem } from './app-key.ts';

/** An org with a service app, and runs that read its log. */
export interface SignedReading {
  readonly sandbox: Sandbox;
  readonly clock: FakeClock;
  readonly log: NotedLog;
  /** All that was sent, token requests included, and what came back. */
  readonly exchanges: readonly { readonly request: Request; readonly answer: Answer }[];
  /** Begins a run: a process that knows nothing but the store. Gives the way to ask for a page. */
  readonly run: (options?: Partial<RunOptions>) => () => Promise<number>;
  /** The statuses of all answers, token requests marked. */
  story(): readonly string[];
}

interface RunOptions {
  readonly org: string;
  readonly proof: ClientProof;
  readonly clientId: string;
  readonly scope: string;
  readonly store: TokenStore;
  /** How far our clock is ahead of the org's. */
  readonly ahead: Duration;
  /** What lies between us and the org. */
  readonly through: (exchange: Exchange) => Exchange;
}

type ReadingOptions = Omit<Partial<SandboxOptions>, 'clock' | 'serviceApp'> & {
  readonly app?: Partial<RegisteredApp>;
};

export async function signedReading({
  app,
  ...options
}: ReadingOptions = {}): Promise<SignedReading> {
  const clock = fakeClock(NOON);
  const log = notedLog();
  const serviceApp = {
    clientId: CLIENT_ID,
    publicKey: publicPem('ES256'),
    keyId: KEY_ID,
    ...app,
  };
  const sandbox = await startSandbox({
    clock: { now: () => clock.now(), sleep: () => Promise.resolve() },
    serviceApp,
    ...options,
  });
  const transport = createTransport(direct);
  onTestFinished(async () => {
    await transport.close();
    await sandbox.close();
  });
  const exchanges: { request: Request; answer: Answer }[] = [];
  const noting: Exchange = async (request) => {
    const answer = await transport.exchange(request);
    exchanges.push({ request, answer });
    return answer;
  };

  function run(chosen: Partial<RunOptions> = {}): () => Promise<number> {
    const { org = sandbox.url, proof = keyProof('ES256'), clientId = CLIENT_ID } = chosen;
    const { scope = 'okta.logs.read', store, ahead = milliseconds(0) } = chosen;
    const ours = { ...clock, now: () => later(clock.now(), ahead) };
    const means = {
      org,
      userAgent: 'okta-collector/0.0.0',
      exchange: chosen.through?.(noting) ?? noting,
      clock: ours,
      log,
      chance: () => 0.5,
    };
    const credentials = new ServiceApp({ ...means, proof, clientId, scope, store });
    const client = createApiClient({
      retryWait,
      ...means,
      credentials,
      budget: new RequestBudget(ours, 0),
    });
    const url = `${org}/api/v1/logs?limit=2&sortOrder=ASCENDING#top`;
    const read = ({ status }: Answer): number => status;
    return () => client.get({ url, isOktasLink: false, read }, AbortSignal.timeout(20_000));
  }

  return {
    sandbox,
    clock,
    log,
    exchanges,
    run,
    story: () =>
      exchanges.map(({ request, answer }) =>
        request.body === undefined ? String(answer.status) : `token ${answer.status}`,
      ),
  };
}

/** A client secret that is used in these tests. */
export const CLIENT_SECRET = new Secret('a/client+secret:with%everything&in=it');
