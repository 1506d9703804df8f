import type { ErrorOutput } from './error-output.ts';

/** What stays below the lines that are written to a terminal. */
export interface Footer {
  clear(): void;
  draw(): void;
}

/** Standard error with room for a display below what is written to it. */
export interface ProgressScreen {
  /** To be written to in the place of the one below: no line and no display is torn by the other. */
  readonly stderr: ErrorOutput;
  /** Does work that writes to the same terminal by another way, with the display out of its way. */
  beside(work: () => Promise<void>): Promise<void>;
  /** Keeps a display below all that is written from now on; `undefined`: no longer. */
  keepBelow(footer: Footer | undefined): void;
}

/** A screen on `stderr`. */
export function createProgressScreen(stderr: ErrorOutput): ProgressScreen {
  let footer: Footer | undefined;
  return {
    stderr: {
      ...stderr,
      write(text) {
        footer?.clear();
        stderr.write(text);
        footer?.draw();
      },
    },
    async beside(work) {
      footer?.clear();
      try {
        await work();
      } finally {
        footer?.draw();
      }
    },
    keepBelow(next) {
      footer = next;
    },
  };
}
