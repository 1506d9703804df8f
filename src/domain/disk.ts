/** A file being written. */
export interface DiskFile {
  write(content: string): Promise<void>;
  /** Resolves once what was written would outlive a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The disk, as far as state files need it. Every call rejects with the system's own error. */
export interface Disk {
  /** The file's text; `undefined` if there is none. */
  read(path: string): Promise<string | undefined>;
  /**
   * Creates or empties a file that only its owner may read (mode 0600). When run as root, the file
   * gets the owner of `ownedLike` (a file or folder that exists), so that a run by hand locks nobody out.
   */
  create(path: string, ownedLike: string): Promise<DiskFile>;
  /** Puts a file in the place of another, at once. */
  rename(from: string, to: string): Promise<void>;
  /** Makes what was created or renamed in a folder outlive a power cut. */
  syncFolder(path: string): Promise<void>;
}
