import type { ConfigProblem } from '../domain/failure.ts';
import { Refusal } from './key.ts';
import type { Key } from './key.ts';
import { fillIn, refuseLeftovers } from './setting.ts';
import type { Place, Setting } from './setting.ts';

interface Surroundings {
  /** The stronger ones first. */
  readonly places: readonly Place[];
  /** What `${path}` stands for: an absolute folder. */
  readonly path: string;
  /** The folder from which a relative path in a default is taken. */
  readonly installation: string;
  /** How to set a key that nobody has set, one sentence; `undefined` if that need not be said. */
  readonly howToSet: ((keyName: string) => string) | undefined;
}

/** Takes values out of the places where they can be set, and gathers everything that is wrong with them. */
export class SettingsReader {
  readonly #problems: ConfigProblem[] = [];
  readonly #surroundings: Surroundings;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  get problems(): readonly ConfigProblem[] {
    return this.#problems;
  }

  /** The setting in force: that of the strongest place that sets the key. */
  find(key: Key<unknown>): Setting | undefined {
    for (const place of this.#surroundings.places) {
      const setting = place(key.name);
      if (setting !== undefined) return setting;
    }
    return undefined;
  }

  /** Of keys that stand for each other, those set by the strongest place that sets any. */
  strongest(...rivals: readonly Key<unknown>[]): readonly Key<unknown>[] {
    const found = this.#surroundings.places.map((place) => rivals.filter((key) => place(key.name)));
    return found.find((set) => set.length > 0) ?? [];
  }

  /** The value in force: what was set, else the default. What is unusable or missing becomes a problem. */
  take<Value>(key: Key<Value> & { readonly default: string }): Value;
  take<Value>(key: Key<Value>): Value | undefined;
  take<Value>(key: Key<Value>): Value | undefined {
    const setting = this.find(key);
    if (setting === undefined && key.required) this.reportMissing(key);
    const value = setting && this.attempt(key, () => this.#read(key, setting));
    if (value !== undefined || key.default === undefined) return value;
    return key.read(key.default, { place: 'default', folder: this.#surroundings.installation });
  }

  /** The result of an action with the key's value; `undefined` and a problem if it throws a `Refusal`. */
  attempt<Value>(key: Key<unknown>, action: () => Value): Value | undefined {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.report(key, error);
      return undefined;
    }
  }

  report(key: Key<unknown>, { reason, remedy }: Refusal): void {
    const setting = this.find(key);
    const shown = setting && (key.show?.(setting.text) ?? setting.text);
    const value = key.secret ? undefined : shown;
    const option = setting?.origin.place === 'option' ? key.option : undefined;
    this.#problems.push({
      key: option ?? key.name,
      value,
      source: setting?.source,
      reason,
      remedy,
    });
  }

  /** @param nor what could be set in its place, and is not either, such as `nor api_token_file` */
  reportMissing(key: Key<unknown>, nor?: string): void {
    const remedy = this.#surroundings.howToSet?.(key.name);
    const reason = nor === undefined ? 'is not set' : `is not set, ${nor}`;
    if (remedy !== undefined) this.report(key, new Refusal(reason, remedy));
  }

  #read<Value>(key: Key<Value>, setting: Setting): Value {
    refuseLeftovers(setting.text);
    return key.read(fillIn(setting.text, this.#surroundings.path), setting.origin);
  }
}
