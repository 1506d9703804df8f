import type { LicencedPart } from './part.ts';

const rule = '='.repeat(80);

/** The licences of all that others have made of what we hand out. */
export function thirdPartyNotices(parts: readonly LicencedPart[]): string {
  const list = parts.map(({ name, version = '', licence }) => `  ${name} ${version} (${licence})`);
  const texts = parts.map(({ name, version = '', text }) =>
    [rule, `${name} ${version}`, rule, '', text.trim(), ''].join('\n'),
  );
  return [
    'okta-collector contains software by others, under the licences that follow:',
    '',
    ...list,
    '',
    ...texts,
  ].join('\n');
}
