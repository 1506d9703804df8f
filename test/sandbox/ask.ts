import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import type { Sandbox } from '../../src/sandbox/server.ts';

/** An answer as it came over the wire. */
export interface Reply {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** The Link header lines. */
  readonly links: readonly string[];
  readonly next: string | undefined;
  readonly body: Buffer;
}

const linksOf = ({ rawHeaders }: IncomingMessage): string[] =>
  rawHeaders.filter(
    (_, index) => rawHeaders[index - 1]?.toLowerCase() === 'link' && index % 2 === 1,
  );

/** Asks for a path or a whole URL with the sandbox's token; rejects if the answer breaks off. */
export async function ask(
  sandbox: Sandbox,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Reply> {
  const url = new URL(path, sandbox.url);
  const sent = request(url, {
    method,
    headers: { authorization: `SSWS ${sandbox.token}`, ...headers },
  });
  // Of what breaks off while it comes the response tells; Node 26 tells the request, too.
  sent.on('error', () => undefined).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  const links = linksOf(response);
  const nextLine = links.find((line) => line.endsWith('rel="next"'));
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    links,
    next: /<(.*)>/.exec(nextLine ?? '')?.[1],
    body: Buffer.concat(parts),
  };
}

interface EventView {
  readonly uuid: string;
  readonly published: string;
  readonly eventType: string;
}

/** The events of a page, parsed. */
export const eventsIn = (reply: Reply): readonly EventView[] =>
  JSON.parse(reply.body.toString()) as EventView[];

/** Their uuids. */
export const uuidsIn = (reply: Reply): readonly string[] => eventsIn(reply).map(({ uuid }) => uuid);

/** The error code of a refusal. */
export const codeIn = (reply: Reply): string =>
  (JSON.parse(reply.body.toString()) as { errorCode: string }).errorCode;

/** Every page from a path on, until one has no event or no next link. */
export async function allPages(sandbox: Sandbox, path: string): Promise<readonly Reply[]> {
  const replies = [await ask(sandbox, path)];
  for (
    let last = replies[0];
    last?.next !== undefined && uuidsIn(last).length > 0;
    last = replies.at(-1)
  ) {
    replies.push(await ask(sandbox, last.next));
  }
  return replies;
}
