import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { SecureContext } from 'node:tls';
import { connect, createSecureContext, createServer } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { secureContextFor } from '../../src/okta/secure-context.ts';
import { makeAuthority, makeCertificate } from '../support/certificates.ts';

const authority = await makeAuthority();
const certificate = await makeCertificate(authority);
const others = [(await makeAuthority()).cert, (await makeAuthority()).cert];

/** What a connection in such a context says of a server of the authority: nothing if it trusts it. */
async function doubtOf(secureContext: SecureContext): Promise<string | undefined> {
  const server = createServer(certificate).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port, secureContext, rejectUnauthorized: false });
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  await once(socket, 'secureConnect');
  // In the types an error, in fact its code, or null.
  return (socket.authorizationError as unknown as string | null) ?? undefined;
}

/** The object that holds what Node does not document of a context. */
const prototype = Object.getPrototypeOf(createSecureContext().context) as object;

/** Lets the first one who looks for the call see nothing, which is not Node itself. */
function hideCall(): () => number {
  const call = Object.getOwnPropertyDescriptor(prototype, 'addCACert');
  if (call === undefined) throw new Error('expected the call that is to be hidden');
  let looks = 0;
  Object.defineProperty(prototype, 'addCACert', {
    configurable: true,
    get: () => (looks++ === 0 ? undefined : (call.value as unknown)),
  });
  onTestFinished(() => {
    Object.defineProperty(prototype, 'addCACert', call);
  });
  return () => looks;
}

test('a given authority is trusted, wherever it stands, and only there', async () => {
  expect(await doubtOf(secureContextFor([authority.cert, ...others], undefined))).toBeUndefined();
  expect(await doubtOf(secureContextFor([...others, authority.cert], undefined))).toBeUndefined();
  expect(
    await doubtOf(secureContextFor([others.join('\n'), authority.cert], undefined)),
  ).toBeUndefined();
  expect(
    await doubtOf(secureContextFor([`${others.join('\n')}\n${authority.cert}`], undefined)),
  ).toBeUndefined();
  expect(await doubtOf(secureContextFor(others, undefined))).toMatch(/UNABLE_TO_VERIFY/);
  expect(await doubtOf(secureContextFor([], undefined))).toMatch(/UNABLE_TO_VERIFY/);
});

test('this Node has the call that adds one', () => {
  expect(prototype).toHaveProperty('addCACert', expect.any(Function));
});

test('without that call the authority is trusted as well', async () => {
  const looks = hideCall();
  expect(await doubtOf(secureContextFor([authority.cert], undefined))).toBeUndefined();
  expect(looks()).toBeGreaterThan(100);
});
