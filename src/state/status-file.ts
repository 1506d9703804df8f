import { extname } from 'node:path';
import type { Disk } from '../domain/disk.ts';
import type { StatusStore } from '../domain/status.ts';
import { parseJson } from './json-shape.ts';
import { createDraft } from './replace-file.ts';
import { formatStatus, parseStatus } from './status-json.ts';

/** The path of the live stream's status: beside its checkpoint. */
export function statusPath(livePath: string): string {
  return `${livePath.slice(0, livePath.length - extname(livePath).length)}.status.json`;
}

/**
 * Keeps the status of the live stream in a file that is replaced at once, and that only its owner may
 * read. Not fsynced: a power cut can cost the history in it, which no run goes by.
 */
export function createStatusFile(disk: Disk, livePath: string): StatusStore {
  const path = statusPath(livePath);
  return {
    async load() {
      const text = await disk.read(path);
      return text === undefined ? undefined : parseStatus(parseJson(text));
    },
    async save(status) {
      const draft = `${path}.draft`;
      const file = await createDraft(disk, draft, path);
      try {
        await file.write(formatStatus(status));
      } finally {
        await file.close();
      }
      await disk.rename(draft, path);
    },
  };
}
