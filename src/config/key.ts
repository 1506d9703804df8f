/** Where a text came from, as far as its meaning depends on it. */
export interface Origin {
  readonly place: 'option' | 'environment' | 'file' | 'default';
  /** The folder from which a relative path is taken. */
  readonly folder: string;
}

/** One key of the configuration: its name and how its text becomes a value. */
export interface Key<Value> {
  /** As in the properties file. */
  readonly name: string;
  /** Throws a `Refusal` if the text is none of the key's values. */
  readonly read: (text: string, origin: Origin) => Value;
  /** The option of a command line that sets it, where a message had better name that. */
  readonly option?: string;
  /** The text that counts if nobody sets the key. */
  readonly default?: string;
  readonly required?: true;
  /** A text that no message may show. */
  readonly secret?: true;
  /** What a message may show of the text; all of it, if not given. */
  readonly show?: (text: string) => string;
}

/** Why a text cannot be used, said of it ("is not a whole number"), and what to do about it. */
export class Refusal extends Error {
  readonly reason: string;
  readonly remedy: string;

  constructor(reason: string, remedy: string) {
    super(reason);
    this.reason = reason;
    this.remedy = remedy;
  }
}
