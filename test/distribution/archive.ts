import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { pack } from 'tar-stream';
import { ZipFile } from 'yazl';
import type { Entry } from './entry.ts';
import { sorted } from './entry.ts';

/** An archive of entries below one folder; the same entries and time make the same bytes. */
export type Archive = (top: string, entries: readonly Entry[], time: Date) => Promise<Buffer>;

/** A gzipped tar file, whose files belong to root. */
export const tarGz: Archive = async (top, entries, mtime) => {
  const tar = pack();
  for (const { path, mode, content } of sorted(entries)) {
    const type = content === undefined ? 'directory' : 'file';
    tar.entry({ name: `${top}/${path}`, type, mode, mtime }, content);
  }
  tar.finalize();
  return promisify(gzip)(await buffer(tar), { level: 9 });
};

/** A zip file. Its times are those of the time zone that the process is in. */
export const zip: Archive = async (top, entries, mtime) => {
  const archive = new ZipFile();
  for (const { path, mode, content } of sorted(entries)) {
    const name = `${top}/${path}`;
    if (content === undefined) archive.addEmptyDirectory(name, { mode, mtime });
    else archive.addBuffer(content, name, { mode, mtime });
  }
  archive.end();
  return buffer(archive.outputStream);
};
