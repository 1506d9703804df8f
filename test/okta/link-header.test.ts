import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProtocolError } from '../../src/domain/failure.ts';
import { findLink } from '../../src/okta/link-header.ts';

const self = 'https://example.okta.com/api/v1/logs?limit=1000';
const next = 'https://example.okta.com/api/v1/logs?limit=1000&after=1794738713141_1';

describe('findLink', () => {
  test.each<[string, string[]]>([
    ['two header lines, as Okta sends them', [`<${self}>; rel="self"`, `<${next}>; rel="next"`]],
    ['next before self', [`<${next}>; rel="next"`, `<${self}>; rel="self"`]],
    ['one line folded by a comma', [`<${self}>; rel="self", <${next}>; rel="next"`]],
    ['no white space at all', [`<${self}>;rel="self",<${next}>;rel="next"`]],
    ['white space everywhere', [` \t<${self}> ; rel = "self" \t,  <${next}>\t;  rel = "next"  `]],
    ['an unquoted relation', [`<${next}>; rel=next`]],
    ['any case', [`<${next}>; REL="NeXt"`]],
    ['several relation types', [`<${next}>; rel="up next  chapter"`]],
    ['rel behind other parameters', [`<${next}>; title="a"; type=text/html; flag; rel="next"`]],
    [
      'separators in a quoted parameter',
      [`<${next}>; title="a, <b>; rel=self; \\"c\\""; rel="next"`],
    ],
    ['an escape in the relation', [`<${next}>; rel="n\\ext"`]],
    ['the same link twice', [`<${next}>; rel="next", <${next}>; rel="next"`]],
    ['empty parameters', [`<${next}>;; ;rel=next;`]],
    ['empty list members', [`, ,<${next}>; rel=next,,`]],
    ['garbage around it', ['=;"', 'no link', '<', `<>, <${next}>; rel="next"`, '<x>; rel="']],
  ])('finds the link with %s', (_, fields) => {
    expect(findLink(fields, 'next')).toBe(next);
  });

  test.each<[string, string[]]>([
    ['no header', []],
    ['an empty header', ['']],
    ['another relation only', [`<${self}>; rel="self"`]],
    ['a relation that only contains the word', [`<${next}>; rel="next-page"`]],
    ['no relation', [`<${next}>`]],
    ['the word in another parameter', [`<${next}>; title="; rel=next"; rel="self"`]],
    ['the word in a target', [`<${self};rel=next>; rel="self"`]],
    ['a second rel, which does not count', [`<${next}>; rel="self"; rel="next"`]],
    ['a parameter whose name ends in rel', [`<${next}>; xrel="next"`]],
  ])('finds none in %s', (_, fields) => {
    expect(findLink(fields, 'next')).toBeUndefined();
  });

  test.each([
    'https://example.okta.com/api/v1/logs?filter=a,b;c&after=%2C%3b,;=',
    'https://example.okta.com/api/v1/logs?q="rel"=next;\\"',
    '/api/v1/logs?after=1',
  ])('returns the target byte for byte: %s', (target) => {
    expect(findLink([`<${self}>; rel=self, <${target}>; rel="next"`], 'next')).toBe(target);
  });

  test('refuses two links that differ', () => {
    const fields = [`<${next}>; rel="next"`, `<${next}0>; rel="next"`];
    expect(() => findLink(fields, 'next')).toThrow(ProtocolError);
  });

  test('finds any target among any quoted parameters', () => {
    const target = fc.string().map((text) => text.replaceAll(/[<>]/g, ''));
    const quoted = fc.string().map((text) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`);
    fc.assert(
      fc.property(target, quoted, quoted, (url, one, other) => {
        const fields = [`<${self}>; title=${one}; rel=self, <${url}>; title=${other}; rel="next"`];
        expect(findLink(fields, 'next')).toBe(url);
      }),
    );
  });

  test('comes to an end whatever the header', () => {
    const piece = fc.constantFrom('<', '>', ';', ',', '"', '\\', '=', ' ', 'rel', 'next', 'x');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const found = findLink([pieces.join('')], 'title');
        expect(found).toBeUndefined();
      }),
    );
  });
});
