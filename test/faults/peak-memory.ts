import { readFileSync } from 'node:fs';

/** How often is looked, in milliseconds: the system keeps the peak, but only as long as the process lives. */
const INTERVAL = 50;

/** Watches how much memory a process has had at most. */
export class PeakMemory {
  readonly #timer: NodeJS.Timeout;
  #kilobytes = 0;

  constructor(pid: number) {
    this.#timer = setInterval(() => {
      this.#kilobytes = peakOf(pid) ?? this.#kilobytes;
    }, INTERVAL);
  }

  /** Ends the watch, and gives the peak of resident memory in kilobytes as last seen; 0 if it never was. */
  stop(): number {
    clearInterval(this.#timer);
    return this.#kilobytes;
  }
}

function peakOf(pid: number): number | undefined {
  try {
    const peak = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return peak === undefined ? undefined : Number(peak);
  } catch {
    // It has ended.
    return undefined;
  }
}
