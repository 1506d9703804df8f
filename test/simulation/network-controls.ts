import { findLink } from '../../src/okta/link-header.ts';
import type { Answer, Exchange } from '../../src/okta/exchange.ts';
import { fieldLines } from '../../src/okta/exchange.ts';
import type { Control, Mutation } from './mutation.ts';

/** Bugs of speaking to Okta. */
export const networkControls: readonly Control[] = [
  { name: 'next link edited', breaks: 'P1', mutation: linkEdited },
  { name: 'a retried page dropped', breaks: 'P1', mutation: retriedPageDropped },
  { name: 'half a page taken for a whole one', breaks: 'P1', mutation: halfPagesMended },
];

/** Asks each link with its parameters in another order. */
function linkEdited(): Mutation {
  return {
    exchange: (real) => (request) => {
      const url = new URL(request.url);
      url.searchParams.sort();
      return real({ ...request, url: url.href });
    },
  };
}

/** After a failed attempt, goes on with the page behind. */
function retriedPageDropped(): Mutation {
  return {
    exchange: (real): Exchange => {
      const failed = new Set<string>();
      return async (request) => {
        const answer = await real(request).catch((error: unknown) => {
          failed.add(request.url);
          throw error;
        });
        const next = nextOf(answer);
        if (answer.status !== 200) failed.add(request.url);
        else if (failed.has(request.url) && next !== undefined) {
          return real({ ...request, url: next });
        }
        return answer;
      };
    },
  };
}

/** Takes what has come of a cut body for all of it. */
function halfPagesMended(): Mutation {
  return {
    exchange: (real) => async (request) => {
      const answer = await real(request);
      const text = answer.body.toString();
      if (answer.status !== 200 || !text.startsWith('[') || text.trimEnd().endsWith(']')) {
        return answer;
      }
      const lastWhole = text.lastIndexOf('},');
      const mended = lastWhole === -1 ? '[]' : `${text.slice(0, lastWhole + 1)}]`;
      return { ...answer, body: Buffer.from(mended) };
    },
  };
}

function nextOf({ headers }: Answer): string | undefined {
  try {
    return findLink(fieldLines(headers, 'link'), 'next');
  } catch {
    return undefined;
  }
}
