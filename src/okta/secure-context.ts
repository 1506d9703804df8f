import type { SecureContext } from 'node:tls';
import { createSecureContext, rootCertificates } from 'node:tls';
import type { Network } from '../domain/network.ts';

/**
 * What connections trust, which is Node's own authorities and the given ones, and what they show.
 *
 * Node takes a list of authorities in place of its own, and reads its own anew as part of such a
 * list, though it has loaded them: 25 ms with Node 20, a sixth of a scheduled run with `ca_file`.
 * So each is added by the call that Node itself makes for those of a list, and does not document.
 * With a Node that has no such call everything works, and takes so much longer.
 */
export function secureContextFor(
  authorities: Network['authorities'],
  shown: Network['clientCertificate'],
): SecureContext {
  const options = {
    minVersion: 'TLSv1.2',
    ...(shown && { cert: shown.chain, key: shown.key.reveal() }),
  } as const;
  const secure = createSecureContext(options);
  if (authorities.length === 0) return secure;
  const store = storeOf(secure);
  if (store === undefined)
    return createSecureContext({ ...options, ca: [...rootCertificates, ...authorities] });
  for (const authority of authorities) store.addCACert(authority);
  return secure;
}

interface Store {
  addCACert(pem: string): void;
}

/** What takes the authorities of a context; `undefined` if this Node has it otherwise. */
function storeOf({ context }: { readonly context: unknown }): Store | undefined {
  const isStore = typeof (context as Partial<Store>).addCACert === 'function';
  return isStore ? (context as Store) : undefined;
}
