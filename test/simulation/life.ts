import type { Window } from '../../src/domain/time.ts';
import { instant, minutes } from '../../src/domain/time.ts';
import { windowPath } from '../../src/state/window-checkpoint.ts';
import { letArrive } from './arrivals.ts';
import { createChance } from './chance.ts';
import { Standstill } from './clock.ts';
import type { Installation, Stream } from './installation.ts';
import { createInstallation, LIVE_PATH, streamAt } from './installation.ts';
import type { Mutation } from './mutation.ts';
import { asItIs } from './mutation.ts';
import { RETENTION } from './org.ts';
import { interfere } from './operator.ts';
import type { Setup } from './plans.ts';
import { calmPlan, chooseGap, chooseOffset, choosePlan, chooseSetup } from './plans.ts';
import type { Outcome, RunPlan } from './run.ts';
import { performRun } from './run.ts';
import { letSumoJanusRun } from './sumojanus.ts';
import { verdict } from './verdict.ts';

/** What came out of a life. */
export interface LifeResult {
  readonly violations: readonly string[];
  readonly world: Installation;
}

interface LifeOptions {
  /** Gives the deliberate bug of each run. */
  readonly mutation?: () => Mutation;
  readonly tell?: (text: string) => void;
}

const DAY = 86_400_000;
/** How long before a run events come so close together that it finds the tip in motion. */
const CLOSE_TO_RUN = 60_000;
/** The collector takes a stream that was at its tip within the hour for one close to it. */
const RECENT_TIP = minutes(50);

/** Plays the life of an installation that belongs to a seed, and judges it. */
export async function liveOnce(seed: number, options: LifeOptions = {}): Promise<LifeResult> {
  const { mutation = asItIs, tell = () => undefined } = options;
  const chance = createChance(seed);
  const world = createInstallation(chance, mutation, tell);
  const life = new Life(world, chooseSetup(chance, world.timeline.now));
  try {
    await life.play();
  } catch (error) {
    if (!(error instanceof Standstill)) throw error;
    world.violations.push(`bug: ${error.message}`);
  }
  return { violations: verdict(world), world };
}

class Life {
  readonly #world: Installation;
  readonly #setup: Setup;
  readonly #live: Stream;
  #arrivedUntil: number;
  #lastTip = 0;

  constructor(world: Installation, setup: Setup) {
    this.#world = world;
    this.#setup = setup;
    this.#live = streamAt(world, LIVE_PATH, undefined);
    this.#arrivedUntil = world.timeline.now - 9 * DAY;
  }

  async play(): Promise<void> {
    const { chance } = this.#world;
    this.#arriveUntil(this.#world.timeline.now - CLOSE_TO_RUN, true);
    if (chance.happens(0.2)) letSumoJanusRun(this.#world, this.#live);
    const runs = chance.whole(30, 45);
    for (let n = 0; n < runs; n += 1) {
      this.#pass(chooseGap(chance));
      if (chance.happens(0.04)) interfere(this.#world, this.#live, this.#setup);
      if (this.#live.touchedBy !== 'nobody') this.#lastTip = 0;
      await this.#nextRuns();
    }
    await this.#comeToRest();
  }

  async #nextRuns(): Promise<void> {
    const { chance } = this.#world;
    const stream = chance.happens(0.15) ? this.#someWindow() : this.#live;
    const plan = choosePlan(chance, this.#setup, stream.window === undefined ? 'live' : 'window');
    this.#arriveAround(plan);
    const starts = [this.#run(stream, plan)];
    if (chance.happens(0.1)) starts.push(this.#run(stream, { ...plan, fate: undefined }));
    await this.#world.timeline.until(Promise.all(starts));
    this.#arrivedUntil = Math.max(this.#arrivedUntil, this.#world.timeline.now);
  }

  async #run(stream: Stream, plan: RunPlan): Promise<Outcome> {
    const outcome = await performRun(this.#world, stream, plan);
    if (outcome === 'caught up' && stream.window === undefined) {
      this.#lastTip = this.#world.timeline.now;
    }
    if (outcome === 'failed: checkpoint' && plan.disk.kind === 'none') this.#clearAway(stream);
    return outcome;
  }

  /** The operator does what the message says. Only SumoJanus may leave a torn file. */
  #clearAway(stream: Stream): void {
    const { violations, disk } = this.#world;
    if (stream.leftToSumoJanus.length === 0) {
      violations.push(`P1: the checkpoint ${stream.path} is damaged`);
    }
    disk.remove(stream.path);
    stream.touchedBy = 'operator';
  }

  /** All troubles end; whatever was left to do is done. */
  async #comeToRest(): Promise<void> {
    const world = this.#world;
    world.machine.offset = 0;
    world.timeline.pass(minutes(20));
    for (let n = 0; n < 3; n += 1) {
      const unfinished = [...world.streams.values()].filter(
        (one) => one.finishedAt === undefined && !this.#isGone(one),
      );
      for (const stream of unfinished) await this.#calmRun(stream);
      world.timeline.pass(minutes(6));
    }
    for (const stream of world.streams.values()) {
      const isLeft = stream.window !== undefined && stream.finishedAt === undefined;
      if (isLeft && !this.#isGone(stream)) {
        world.violations.push(`P1: ${stream.path} never finishes`);
      }
    }
  }

  /** Whether the configuration would be refused: Okta has nothing of such a window. */
  #isGone({ window }: Stream): boolean {
    return window !== undefined && window.until < this.#world.timeline.now - RETENTION;
  }

  async #calmRun(stream: Stream): Promise<void> {
    const run = (): Promise<Outcome> =>
      this.#world.timeline.until(this.#run(stream, calmPlan(this.#setup)));
    const outcome = await run();
    if (outcome === 'failed: checkpoint') {
      await run();
    } else if (outcome.startsWith('failed') || outcome === 'busy') {
      this.#world.violations.push(`P1: a run that nothing befell ended: ${outcome}`);
    }
  }

  #someWindow(): Stream {
    const { chance, streams, timeline, org } = this.#world;
    const windows = [...streams.values()].filter((one) => one.window && !this.#isGone(one));
    const old = windows[chance.whole(0, windows.length)];
    if (old !== undefined || windows.length > 2) return old ?? this.#live;
    const some = org.events[chance.whole(0, Math.max(0, org.events.length - 1))];
    const before = timeline.now - chance.whole(0, 5 * DAY);
    const since = Math.min(before, chance.happens(0.5) ? (some?.published ?? before) : before);
    const isOpen = chance.happens(0.4);
    const until = isOpen
      ? timeline.now + chance.whole(-60_000, 600_000)
      : chance.whole(since + 1000, timeline.now);
    const window: Window = { since: instant(since), until: instant(Math.max(since + 1, until)) };
    return streamAt(this.#world, windowPath(LIVE_PATH, window), window);
  }

  #pass(gap: number): void {
    const { chance, timeline, machine } = this.#world;
    timeline.pass(gap);
    if (chance.happens(0.1)) machine.offset = chooseOffset(chance, this.#setup);
  }

  #arriveAround({ budget, pollInterval }: RunPlan): void {
    const { timeline, chance } = this.#world;
    const span = pollInterval === undefined ? 30_000 : budget;
    this.#arriveUntil(timeline.now - CLOSE_TO_RUN, true);
    const hasRecentTip = timeline.now - this.#lastTip < RECENT_TIP;
    this.#arriveUntil(timeline.now + span, hasRecentTip);
    if (chance.happens(0.1)) this.#arriveUntil(timeline.now + span + CLOSE_TO_RUN, hasRecentTip);
  }

  /** Events come from where they have come to; never into a time that was read already. */
  #arriveUntil(to: number, mayBeVeryLate: boolean): void {
    const { org, chance } = this.#world;
    const from = this.#arrivedUntil;
    if (to <= from) return;
    letArrive(org, chance, { from, to, limit: this.#setup.limit, mayBeVeryLate });
    this.#arrivedUntil = to;
  }
}
