import { createHash } from 'node:crypto';

/** A file of an archive, or a folder that is empty. */
export interface Entry {
  /** Below the archive's top folder, with slashes. */
  readonly path: string;
  readonly mode: number;
  /** `undefined` for a folder. */
  readonly content: Buffer | undefined;
}

/** A file that its owner may change and all may read. */
export function file(path: string, content: Buffer | string): Entry {
  return { path, mode: 0o644, content: Buffer.from(content) };
}

/** The same entries in the order of their paths, which is the same everywhere. */
export function sorted(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted((one, other) => (one.path < other.path ? -1 : 1));
}

/** The SHA-256 sums of files, in the form that `sha256sum --check` reads. */
export function checksums(entries: readonly Entry[]): string {
  return sorted(entries)
    .flatMap(({ path, content }) =>
      content === undefined ? [] : [`${sha256(content)}  ${path}\n`],
    )
    .join('');
}

/** In hexadecimal digits. */
export function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}
