import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Key } from '../../src/config/key.ts';
import { keyList, keys, variableOf } from '../../src/config/keys.ts';
import { parseProperties } from '../../src/config/properties.ts';
import { days } from '../../src/domain/time.ts';

const shipped = await readFile(
  join(import.meta.dirname, '../../conf/sumologic.properties'),
  'utf8',
);
const uncommented = parseProperties(shipped.replace(/^#(?=\w+ =)/gmu, ''));
const section = uncommented.get('oktacollector');

describe('conf/sumologic.properties', () => {
  test('has every key and no other', () => {
    expect([...(section?.keys() ?? [])].sort()).toEqual(keyList.map(({ name }) => name).sort());
  });

  test('sets ${path} to the installation', () => {
    expect(uncommented.get('generic')?.get('path')?.value).toBe('.');
  });

  test.each(keyList)(
    'sets $name to a placeholder if it must be set, else shows its default in a comment',
    (key: Key<unknown>) => {
      const isRequired = key.required === true || key === keys.apiToken;
      const line = new RegExp(isRequired ? `^${key.name} = <.+>$` : `^#${key.name} =`, 'mu');
      expect(shipped).toMatch(line);
      if (isRequired || key === keys.start) return;
      expect(section?.get(key.name)?.value).toBe(key.default ?? '');
    },
  );

  test('shows the default start', () => {
    expect(keys.start.read(section?.get('start_time')?.value ?? '')).toEqual({
      kind: 'ago',
      by: days(7),
    });
  });
});

describe('keys', () => {
  test.each(keyList.filter((key) => key.default !== undefined))(
    '$name can read its own default',
    (key: Key<unknown>) => {
      expect(key.read(key.default ?? '', { place: 'default', folder: '/' })).toBeDefined();
    },
  );

  test('have an environment variable each', () => {
    expect(variableOf('api_token')).toBe('OKTA_COLLECTOR_API_TOKEN');
  });
});
