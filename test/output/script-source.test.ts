import { describe, expect, test } from 'vitest';
import type { ScriptSource } from '../../src/output/script-source.ts';
import { scriptSourceJson } from '../../src/output/script-source.ts';

const usual: ScriptSource = {
  name: 'OktaCollector',
  category: 'okta',
  platform: 'linux',
  folder: '/opt/okta-collector',
  siem: false,
};

function sourceOf(changes: Partial<ScriptSource> = {}): unknown {
  return JSON.parse(scriptSourceJson({ ...usual, ...changes }));
}

describe('the JSON of a Script Source', () => {
  test('starts the wrapper every five minutes, and takes each line for a message of its own', () => {
    expect(sourceOf()).toEqual({
      'api.version': 'v1',
      source: {
        sourceType: 'Script',
        name: 'OktaCollector',
        category: 'okta',
        commands: ['/bin/bash'],
        file: '/opt/okta-collector/bin/SumoJanus_Okta.bash',
        workingDir: '/opt/okta-collector',
        cronExpression: '0 0/5 * 1/1 * ? *',
        timeout: 3_600_000,
        multilineProcessingEnabled: false,
        automaticDateParsing: true,
        defaultDateFormats: [
          { format: "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", locator: '"published":"(.*?)"' },
        ],
      },
    });
  });

  test('finds when an event was published', () => {
    const event = '{"actor":{"id":"1"},"published":"2026-11-15T10:31:53.141Z","uuid":"2"}';
    expect(/"published":"(.*?)"/u.exec(event)?.[1]).toBe('2026-11-15T10:31:53.141Z');
    expect(sourceOf()).toHaveProperty('source.defaultDateFormats.0.locator', '"published":"(.*?)"');
  });

  test.each([String.raw`C:\okta collector`, 'C:\\okta collector\\'])(
    'starts the batch file on Windows, in %s',
    (folder) => {
      expect(sourceOf({ platform: 'windows', folder })).toMatchObject({
        source: {
          commands: ['cmd.exe', '/c'],
          file: String.raw`C:\okta collector\bin\SumoJanus_Okta.bat`,
          workingDir: String.raw`C:\okta collector`,
        },
      });
    },
  );

  test('forwards to Cloud SIEM if that is wanted', () => {
    expect(sourceOf({ siem: true })).toHaveProperty('source.fields', {
      _siemForward: true,
      _parser: '/Parsers/System/Okta/Okta',
    });
  });

  test('takes any name and category', () => {
    expect(sourceOf({ name: 'Okta "EU"\n', category: 'prod/okta' })).toMatchObject({
      source: { name: 'Okta "EU"\n', category: 'prod/okta' },
    });
  });
});
