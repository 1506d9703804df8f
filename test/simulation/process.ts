import type { Clock } from '../../src/domain/clock.ts';
import { instant } from '../../src/domain/time.ts';
import type { Timeline } from './clock.ts';

/** What befalls a process at one of its steps. */
export interface Fate {
  readonly step: number;
  readonly strikes: () => void;
}

/** The machine's own clock, which may be off. */
export interface Machine {
  /** What it shows beyond true time, in milliseconds. */
  offset: number;
}

/**
 * A process: whatever it does to the world passes here. Before and after each act something may
 * befall it; once it is dead, no act takes place and none that is under way comes to an end.
 */
export class Process {
  readonly clock: Clock;
  #isAlive = true;
  #step = 0;
  readonly #fate: Fate | undefined;
  readonly #timeline: Timeline;
  readonly #timers = new Set<() => void>();
  readonly #onDeath: (() => void)[] = [];

  constructor(timeline: Timeline, machine: Machine, fate: Fate | undefined) {
    this.#timeline = timeline;
    this.#fate = fate;
    this.clock = {
      now: () => instant(Math.floor(timeline.now + machine.offset)),
      sleep: (duration, signal) => this.wait(duration, signal),
    };
  }

  /** Resolves when the process has died. */
  get death(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isAlive) this.#onDeath.push(resolve);
      else resolve();
    });
  }

  /** Ends the process as a kill does, or frees what is left of one that has ended. */
  die(): void {
    this.#isAlive = false;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    for (const tell of this.#onDeath.splice(0)) tell();
  }

  /** Does something to the world. */
  async act<T>(effect: () => T | Promise<T>): Promise<T> {
    await this.#nextStep();
    try {
      return await effect();
    } finally {
      await this.#nextStep();
    }
  }

  /** Waits; rejects with the signal's reason if that comes first. */
  async wait(span: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      if (!this.#isAlive) return;
      const end = (settle: () => void) => () => {
        cancel();
        this.#timers.delete(cancel);
        signal.removeEventListener('abort', abort);
        settle();
      };
      const abort = end(() => {
        reject(signal.reason as Error);
      });
      const cancel = this.#timeline.after(span, end(resolve));
      this.#timers.add(cancel);
      signal.addEventListener('abort', abort);
    });
    await this.#nextStep();
  }

  #nextStep(): Promise<void> {
    this.#step += 1;
    if (this.#isAlive && this.#step === this.#fate?.step) this.#fate.strikes();
    return this.#isAlive ? Promise.resolve() : new Promise(() => undefined);
  }
}
