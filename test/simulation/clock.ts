/** What shall happen at a moment. */
interface Timer {
  readonly at: number;
  readonly fire: () => void;
}

/** Nothing runs, no timer is set, and yet somebody waits: a real process would hang for ever. */
export class Standstill extends Error {}

/**
 * True time, in epoch milliseconds. It stands still while there is anything to do, and then jumps to
 * the next timer.
 */
export class Timeline {
  #now: number;
  #timers: Timer[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  get now(): number {
    return this.#now;
  }

  /** Does something after a while; gives the way to call it off. */
  after(wait: number, fire: () => void): () => void {
    const timer = { at: this.#now + Math.ceil(Math.max(0, wait)), fire };
    const place = this.#timers.findLastIndex(({ at }) => at <= timer.at) + 1;
    this.#timers.splice(place, 0, timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** Lets time pass while nobody is at work. */
  pass(span: number): void {
    this.#now += span;
  }

  /** Lets things happen until the work is done; rejects with a `Standstill` if it never will be. */
  async until<T>(work: Promise<T>): Promise<T> {
    const progress = { isDone: false };
    const done = (): void => void (progress.isDone = true);
    work.then(done, done);
    for (;;) {
      await allMicrotasks();
      if (progress.isDone) return work;
      const timer = this.#timers.shift();
      if (timer === undefined) throw new Standstill('the run waits for something that never comes');
      this.#now = Math.max(this.#now, timer.at);
      timer.fire();
    }
  }
}

function allMicrotasks(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
