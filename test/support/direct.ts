import type { Network } from '../../src/domain/network.ts';
import { seconds } from '../../src/domain/time.ts';

/** Straight to the org, and nobody trusted but those whom Node trusts. */
export const direct: Network = {
  proxy: undefined,
  authorities: [],
  clientCertificate: undefined,
  connectTimeout: seconds(10),
  requestTimeout: seconds(20),
};
