// What is used of packages that are installed only when the archives are built or proved.

declare module 'tar-stream' {
  import type { Readable } from 'node:stream';
  interface Header {
    readonly name: string;
    readonly type: 'file' | 'directory';
    readonly mode: number;
    readonly mtime: Date;
  }
  interface Pack extends Readable {
    entry(header: Header, content?: Buffer): void;
    finalize(): void;
  }
  export function pack(): Pack;
}

declare module 'yazl' {
  import type { Readable } from 'node:stream';
  interface Options {
    readonly mode: number;
    readonly mtime: Date;
  }
  export class ZipFile {
    readonly outputStream: Readable;
    addBuffer(content: Buffer, path: string, options: Options): void;
    addEmptyDirectory(path: string, options: Options): void;
    end(): void;
  }
}

declare module '@cyclonedx/cyclonedx-library/Validation' {
  export class JsonStrictValidator {
    constructor(version: '1.6');
    /** Resolves with what is wrong. */
    validate(document: string): Promise<unknown>;
  }
}
