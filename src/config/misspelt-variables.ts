import { closestName } from './closest-name.ts';
import { keyList, variableOf } from './keys.ts';

/** An environment variable that looks like one of a key, and is none. */
interface MisspeltVariable {
  /** The key that is most likely meant. */
  readonly keyName: string;
  /** One sentence. */
  readonly told: string;
}

const keyNames = keyList.map((key) => key.name);
const PREFIX = variableOf('');
/** Kubernetes tells programs of a service named okta-collector, or okta-collector-proxy, in such variables. */
const OF_A_SERVICE = /_SERVICE_HOST$|_PORT(?:_|$)/;

/** The variables that nearly name a key. They are no error, and others go unmentioned: who knows what they are for. */
export function findMisspeltVariables(
  environment: Readonly<Record<string, string | undefined>>,
): readonly MisspeltVariable[] {
  return Object.entries(environment).flatMap(([name, text]) => {
    const given = name.slice(PREFIX.length).toLowerCase();
    const isOurs = name.startsWith(PREFIX) && !OF_A_SERVICE.test(name);
    if (!isOurs || keyNames.includes(given) || !text?.trim()) return [];
    const keyName = closestName(given, keyNames);
    if (keyName === undefined) return [];
    const meant = variableOf(keyName);
    const told = `The environment variable ${name} sets nothing: did you mean ${meant}?`;
    return [{ keyName, told }];
  });
}
