/** Where lines leave the process. */
export interface LineOutput {
  /**
   * Resolves once every byte was taken, in order; if the output is a regular file, once they would
   * outlive a power cut. Rejects with an `OutputError`; some bytes may be out by then.
   */
  write(chunks: readonly Uint8Array[]): Promise<void>;
  /** Gives up on a reader that takes nothing, so that the process can end: a pending `write` rejects. */
  abandon(): void;
}
