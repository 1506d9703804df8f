import { ProtocolError } from '../domain/failure.ts';

/** A link target and what follows it, up to the next one; what stands before it is passed over. */
const LINK = /<([^<>]*)>((?:"(?:[^"\\]|\\.)*"?|[^",])*)/g;

/** One parameter: a name, and perhaps a value as a token or in quotes. */
const PARAMETER = /;\s*([^\s=;,"]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"?|([^\s;,"]*)))?/g;

/**
 * The target of the one link with that relation type in the `Link` headers of an answer, byte for
 * byte; `undefined` if there is none (RFC 8288; what is malformed is passed over). Takes one field
 * value a header line. Throws a `ProtocolError` if two such links differ.
 */
export function findLink(fields: readonly string[], relation: string): string | undefined {
  const targets = new Set(
    fields
      .flatMap((field) => [...field.matchAll(LINK)])
      .filter(([, , parameters = '']) => relationsOf(parameters).includes(relation))
      .map(([, target = '']) => target),
  );
  if (targets.size > 1) {
    throw new ProtocolError(
      `Cannot follow the link "${relation}": the answer has ${targets.size} that differ`,
    );
  }
  return [...targets][0];
}

/** The relation types of a link, in lower case; the first `rel` counts. */
function relationsOf(parameters: string): string[] {
  for (const [, name = '', quoted, token] of parameters.matchAll(PARAMETER)) {
    if (name.toLowerCase() !== 'rel') continue;
    const types = quoted?.replaceAll(/\\(.)/g, '$1') ?? token ?? '';
    return types.toLowerCase().split(/\s+/);
  }
  return [];
}
