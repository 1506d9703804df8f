/** How far a long piece of work has come. */
export interface ProgressState {
  /** The part of the time span asked for that is covered, from 0 to 1. */
  readonly covered: number;
  /** Events so far, earlier runs included if they count in `covered`. */
  readonly events: number;
  /** Requests of this run. */
  readonly requests: number;
  /** What the org's rate limit leaves of how many requests a minute; `undefined` as long as nobody knows. */
  readonly limit: { readonly remaining: number; readonly limit: number } | undefined;
}

/** Whoever wants to see how far it has come. */
export interface Progress {
  /** Takes note; cheap, so that it can be told of each page. */
  show(state: ProgressState): void;
}
