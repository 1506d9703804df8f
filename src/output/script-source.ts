/** A Script Source of an Installed Collector, as far as it is a matter of choice. */
export interface ScriptSource {
  readonly name: string;
  readonly category: string;
  readonly platform: 'linux' | 'windows';
  /** The installation folder on the collector's computer, absolute. */
  readonly folder: string;
  /** Whether Cloud SIEM is to get the events. */
  readonly siem: boolean;
}

/** A run ends by itself after half an hour; this is for one that hangs. In milliseconds. */
const TIMEOUT = 3_600_000;

/**
 * The JSON that makes the Script Source through Sumo Logic's Collector Management API: every 5
 * minutes, a line a message, the time of an event that which Okta published it at.
 */
export function scriptSourceJson({ name, category, platform, folder, siem }: ScriptSource): string {
  const source = {
    sourceType: 'Script',
    name,
    category,
    ...launch(platform, folder),
    cronExpression: '0 0/5 * 1/1 * ? *',
    timeout: TIMEOUT,
    multilineProcessingEnabled: false,
    automaticDateParsing: true,
    defaultDateFormats: [
      { format: "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", locator: '"published":"(.*?)"' },
    ],
    ...(siem ? { fields: { _siemForward: true, _parser: '/Parsers/System/Okta/Okta' } } : {}),
  };
  return `${JSON.stringify({ 'api.version': 'v1', source }, undefined, 2)}\n`;
}

function launch(platform: ScriptSource['platform'], folder: string): object {
  const workingDir = folder.replace(/(?<=[^:])[/\\]+$/u, '');
  return platform === 'windows'
    ? { commands: ['cmd.exe', '/c'], file: `${workingDir}\\bin\\SumoJanus_Okta.bat`, workingDir }
    : { commands: ['/bin/bash'], file: `${workingDir}/bin/SumoJanus_Okta.bash`, workingDir };
}
