/** One thing that was looked at, in plain words. */
export interface Finding {
  readonly text: string;
  /** The exit code that stands for it: 0 if a collection would work all the same. */
  readonly exitCode: number;
  /** What to do about it, if it is not as it should be. */
  readonly hint: string | undefined;
}
