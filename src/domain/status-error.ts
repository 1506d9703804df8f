import type { Failure } from './failure.ts';

/**
 * Whose affair an error is, in Sumo Logic's words for its own Okta source (okta-source-page): the
 * configuration's, Okta's or that of the way there, or that of this side.
 */
export const ERROR_TYPES = ['ThirdPartyConfig', 'ThirdPartyGeneric', 'FirstPartyGeneric'] as const;

/** One of them. */
export type ErrorType = (typeof ERROR_TYPES)[number];

/** The type of a failure; credentials are part of the configuration. */
export function errorTypeOf({ kind }: Pick<Failure, 'kind'>): ErrorType {
  switch (kind) {
    case 'usage':
    case 'config':
    case 'credentials':
      return 'ThirdPartyConfig';
    case 'rate-limit':
    case 'transient':
    case 'unusable-page':
    case 'refused-link':
    case 'protocol':
      return 'ThirdPartyGeneric';
    case 'checkpoint':
    case 'busy':
    case 'output':
      return 'FirstPartyGeneric';
  }
}
