import type { ConfigProblem } from '../domain/failure.ts';
import { closestName } from './closest-name.ts';
import { keyList } from './keys.ts';
import type { PropertiesFile } from './properties-file.ts';
import type { Entry } from './properties.ts';

const keyNames = keyList.map((key) => key.name);

/** What is wrong with our section of a properties file as such: missing, unknown keys, lines that say nothing. */
export function checkSection(file: PropertiesFile, name: string): readonly ConfigProblem[] {
  const section = file.sections.get(name);
  if (section === undefined) return [missingSection(file, name)];
  return [...section]
    .filter(([key, entry]) => entry.value === undefined || !keyNames.includes(key))
    .map(([key, entry]) => unusableLine(file, key, entry));
}

function missingSection(file: PropertiesFile, name: string): ConfigProblem {
  const found = [...file.sections.keys()];
  const near = closestName(name, found);
  const list = found.length === 0 ? 'no section at all' : found.map((one) => `[${one}]`).join(', ');
  return {
    key: `section [${name}]`,
    value: undefined,
    source: file.path,
    reason: `is missing; the file has ${list}`,
    remedy:
      near === undefined
        ? `Put the line [${name}] above the keys, or name another section with --section`
        : `Write [${name}] for [${near}], or use --section "${near}" if that is the one`,
  };
}

/** Shows neither the value nor what else is in the line: a mistyped key may be that of a secret. */
function unusableLine(file: PropertiesFile, key: string, { value, line }: Entry): ConfigProblem {
  const source = `${file.path}:${line}`;
  if (value === undefined) {
    const remedy = 'Write key = value, or put # in front if it is a remark';
    return { key, value: undefined, source, reason: 'has no = in it', remedy };
  }
  const near = closestName(key, keyNames);
  return {
    key: key.replace(/\s.*$/su, '…'),
    value: undefined,
    source,
    reason: 'is not a key of this program',
    remedy:
      near === undefined
        ? 'Take the line out, or put # in front; if a newer version knows the key, run that'
        : `Did you mean ${near}?`,
  };
}
