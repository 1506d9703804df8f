import { sha256 } from './entry.ts';
import type { Part } from './part.ts';

/** What we hand out, as a bill of materials names it. */
export interface Product {
  readonly version: string;
  /** `undefined` if it is not known. */
  readonly commit: string | undefined;
  readonly time: Date;
  readonly parts: readonly Part[];
}

/** A CycloneDX 1.6 document in JSON. The same product makes the same text. */
export function billOfMaterials({ version, commit, time, parts }: Product): string {
  const root = `pkg:npm/okta-collector@${version}`;
  const components = parts.map((part) => component(part, ''));
  const content = {
    metadata: {
      timestamp: time.toISOString(),
      component: {
        type: 'application',
        'bom-ref': root,
        name: 'okta-collector',
        version,
        licenses: [licence('Apache-2.0')],
        purl: root,
        ...(commit === undefined ? {} : { properties: [{ name: 'commit', value: commit }] }),
      },
    },
    components,
    dependencies: [{ ref: root, dependsOn: components.map((part) => part['bom-ref']) }],
  };
  const head = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(sha256(JSON.stringify(content)))}`,
    version: 1,
  };
  return `${JSON.stringify({ ...head, ...content }, undefined, 2)}\n`;
}

interface Component {
  readonly type: 'library' | 'platform';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly licenses: readonly [object];
  readonly [member: string]: unknown;
}

/** @param place the reference of the part that it is inside, so that the same part in two others is told apart */
function component(part: Part, place: string): Component {
  const { name, version, purl, cpe, parts, sha256: sum } = part;
  const reference = `${place}${purl ?? name}`;
  return {
    type: name === 'node' ? 'platform' : 'library',
    'bom-ref': reference,
    name,
    ...(version === undefined ? {} : { version }),
    ...(sum === undefined ? {} : { hashes: [{ alg: 'SHA-256', content: sum }] }),
    licenses: [licence(part.licence)],
    ...(cpe === undefined ? {} : { cpe }),
    ...(purl === undefined ? {} : { purl }),
    ...(parts === undefined
      ? {}
      : { components: parts.map((inner) => component(inner, `${reference}/`)) }),
  };
}

function licence(expression: string): object {
  if (expression.startsWith('LicenseRef-'))
    return { license: { name: expression.slice('LicenseRef-'.length) } };
  return expression.includes(' ') ? { expression } : { license: { id: expression } };
}

/** A UUID of version 8, whose bits are the maker's own. */
function uuidOf(digits: string): string {
  const [, ...groups] = /^(.{8})(.{4}).(.{3}).(.{3})(.{12})/.exec(digits) ?? [];
  const [one = '', two = '', three = '', four = '', five = ''] = groups;
  return `${one}-${two}-8${three}-8${four}-${five}`;
}
