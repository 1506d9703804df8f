import type { MessagePort } from 'node:worker_threads';
import type { Page } from '../domain/page.ts';

/** Up to this, memory is not worth the trouble; and Node keeps several small buffers in one, of 8 KiB or, since Node 24, some 64. */
const LITTLE_BYTES = 64 * 1024;

/** A way out of this process that leads nowhere. */
let nowhere: MessagePort | undefined;

/**
 * Gives the memory of a page back to the system at once, all views of it included: they are empty
 * then. The garbage collector sees only the small object in front of it, and lets dozens of pages gather
 * before it looks; each look costs as much as a page. What is sent to a port that nobody holds is freed.
 */
export function giveBack(memory: ArrayBufferLike): void {
  if (!(memory instanceof ArrayBuffer) || memory.byteLength <= LITTLE_BYTES) return;
  nowhere ??= closedPort();
  try {
    nowhere.postMessage(undefined, [memory]);
  } catch {
    // Node keeps back what it needs itself, each version other memory. That is left to the collector.
  }
}

/** Gives back the memory of all lines of a page. */
export function giveBackPage({ events: [first] }: Page): void {
  if (first !== undefined) giveBack(first.line.buffer);
}

function closedPort(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port2.close();
  return port1;
}
