import { once } from 'node:events';
import type {
  IncomingHttpHeaders,
  IncomingMessage,
  RequestListener,
  ServerResponse,
} from 'node:http';
import { createServer } from 'node:http';
import type { ServerOptions as TlsOptions } from 'node:https';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { Server as TlsServer } from 'node:tls';
import type { Clock } from '../domain/clock.ts';
import { UsageError } from '../domain/failure.ts';
import type { Api } from './api.ts';
import { createApi } from './api.ts';
import { createFaultQueue, parseFaults } from './faults.ts';
import type { Org } from './org.ts';
import { createOrg } from './org.ts';
import type { ServiceApp } from './oauth/authorization-server.ts';
import { populate } from './populate.ts';
import { sendAnswer } from './send-answer.ts';
import { createSignIn } from './sign-in.ts';

/** What the sandbox is like; all but the clock have defaults that suit a test. */
export interface SandboxOptions {
  readonly clock: Clock;
  /** 0 for one that is free. */
  readonly port?: number;
  readonly host?: string;
  /** With whose certificate it speaks TLS, and whether it wants one of its clients; by default it speaks plain HTTP. */
  readonly tls?: Pick<TlsOptions, 'key' | 'cert' | 'ca' | 'requestCert' | 'maxVersion'>;
  readonly token?: string;
  /** A service app that may get access tokens; none by default. */
  readonly serviceApp?: ServiceApp;
  readonly seed?: number;
  /** How many events there are at the start, and over how many days before it they are spread. */
  readonly events?: number;
  readonly days?: number;
  /** How many events arrive while it runs, by its clock; 0 for none. */
  readonly eventsPerMinute?: number;
  /** How much later than later ones an arriving event may become visible, in milliseconds. */
  readonly disorder?: number;
  /** Requests a minute. */
  readonly rateLimit?: number;
  /** Requests at the same time. */
  readonly concurrency?: number;
  /** Faults in the language of `misbehave`. */
  readonly faults?: string;
}

const defaults = {
  port: 0,
  host: '127.0.0.1',
  token: '00sandbox-token-for-rehearsals-only-0000000',
  seed: 1,
  events: 0,
  days: 7,
  eventsPerMinute: 0,
  disorder: 0,
  rateLimit: 600,
  concurrency: 35,
  faults: '',
};

/** A request that the sandbox received, in the order of their coming. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query, byte for byte. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** `undefined` as long as no answer has been begun. */
  readonly status: number | undefined;
}

/** An Okta org on this machine. */
export interface Sandbox {
  /** Its origin, without a slash at the end. */
  readonly url: string;
  readonly token: string;
  /** The truth about its log; events that arrive are in it once a request could see them. */
  readonly org: Org;
  readonly requests: readonly ReceivedRequest[];
  /** Orders faults, such as `503x3`; throws a `UsageError` if one is not known. */
  misbehave(faults: string): void;
  /** Ends all access tokens at once, as an admin can. */
  revokeAccessTokens(): void;
  /** Breaks off what is under way and stops listening. */
  close(): Promise<void>;
}

type Noted = { -readonly [Key in keyof ReceivedRequest]: ReceivedRequest[Key] };

async function listen(server: Server, host: string, port: number): Promise<string> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new UsageError(`Cannot listen on "${host}:${port}": the address is taken or not ours`, {
      hint: 'Leave out --port and --host to have a free port of this machine',
      cause,
    });
  }
  const scheme = server instanceof TlsServer ? 'https' : 'http';
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${portOf(server.address())}`;
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Answers requests, and notes each one in `requests`; breaks off when the connection closes. */
function answerWith(api: Api, clock: Clock, requests: Noted[]): RequestListener {
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const noted: Noted = { method, url, headers, status: undefined };
    requests.push(noted);
    const body = method === 'POST' ? await text(request).catch(() => '') : '';
    const gone = new AbortController();
    const { answer, done } = api(request, body);
    response.once('close', () => {
      done();
      gone.abort();
    });
    if (answer.delivery.kind !== 'silence') noted.status = answer.status;
    const acceptsGzip = /\bgzip\b/.test(headers['accept-encoding']?.toString() ?? '');
    try {
      await sendAnswer({ response, clock, signal: gone.signal, acceptsGzip }, answer);
    } catch (error) {
      if (!gone.signal.aborted) throw error;
    }
  }
  return (request, response) => {
    void handle(request, response);
  };
}

/** Starts an org; rejects with a `UsageError` if it cannot listen or a fault is not known. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const settings = { ...defaults, ...options };
  const org = createOrg();
  const faults = createFaultQueue();
  faults.add(parseFaults(settings.faults));
  const signIn = createSignIn(settings);
  const api = createApi({ ...settings, org, faults, signIn, arrive: populate(org, settings) });
  const requests: Noted[] = [];
  const answer = answerWith(api, settings.clock, requests);
  const server =
    settings.tls === undefined ? createServer(answer) : createTlsServer(settings.tls, answer);
  const url = await listen(server, settings.host, settings.port);
  return {
    url,
    token: settings.token,
    org,
    requests,
    misbehave: (text) => {
      faults.add(parseFaults(text));
    },
    revokeAccessTokens: () => {
      signIn.revokeAll();
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
