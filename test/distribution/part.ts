/** Something by others that is inside what we hand out. */
export interface Part {
  readonly name: string;
  /** `undefined` if it does not say. */
  readonly version: string | undefined;
  /** An SPDX expression. */
  readonly licence: string;
  /** Its package URL. */
  readonly purl?: string;
  /** Its name in the vulnerability database of NIST. */
  readonly cpe?: string;
  /** Of the file that it came in. */
  readonly sha256?: string;
  /** What is inside it in turn. */
  readonly parts?: readonly Part[];
}

/** A part with the text of its licence and of the licences of all that is inside it. */
export interface LicencedPart extends Part {
  readonly text: string;
}
