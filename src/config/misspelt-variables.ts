import { closestName } from './closest-name.ts';
import { keyList, variableOf } from './keys.ts';

const keyNames = keyList.map((key) => key.name);
const PREFIX = variableOf('');

/**
 * A sentence for each environment variable that looks like one of a key, and is none. Never an
 * error, and silent about names that resemble no key: Kubernetes sets variables such as
 * `OKTA_COLLECTOR_SERVICE_HOST` for a service of this name.
 */
export function warnOfMisspeltVariables(
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  return Object.entries(environment).flatMap(([name, text]) => {
    const keyName = name.slice(PREFIX.length).toLowerCase();
    if (!name.startsWith(PREFIX) || keyNames.includes(keyName) || !text?.trim()) return [];
    const near = closestName(keyName, keyNames);
    return near === undefined
      ? []
      : [`The environment variable ${name} sets nothing: did you mean ${variableOf(near)}?`];
  });
}
