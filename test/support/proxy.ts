import { Server } from 'proxy-chain';
import { onTestFinished } from 'vitest';

/** What a proxy was asked. */
export interface ProxyRequest {
  readonly method: string | undefined;
  /** As it came: a host and port, or an address. */
  readonly target: string | undefined;
  readonly headers: readonly string[];
}

/** A proxy for one test. */
export interface RunningProxy {
  /** Without credentials. */
  readonly url: string;
  readonly requests: readonly ProxyRequest[];
}

/** Starts a proxy that lets everybody through, or only those who know its user name and password. */
export async function startProxy(user?: string, password?: string): Promise<RunningProxy> {
  const requests: ProxyRequest[] = [];
  const server = new Server({
    port: 0,
    host: '127.0.0.1',
    prepareRequestFunction: ({ request, ...sent }) => {
      requests.push({ method: request.method, target: request.url, headers: request.rawHeaders });
      const isKnown = user === undefined || (sent.username === user && sent.password === password);
      return { requestAuthentication: !isKnown };
    },
  });
  await server.listen();
  onTestFinished(() => server.close(true));
  return { url: `http://127.0.0.1:${server.port}`, requests };
}
