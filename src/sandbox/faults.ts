import { UsageError } from '../domain/failure.ts';
import type { FaultEffect } from './fault-effects.ts';
import { countedFaults, plainFaults, redirectTo } from './fault-effects.ts';

/** A fault as it was ordered. */
export interface Fault {
  readonly effect: FaultEffect;
  /** The first request to which it applies, counted from 1 since the start. */
  readonly from: number;
  /** To how many requests it applies. */
  readonly times: number;
}

/** Every fault there is, as it is written. */
const knownFaults: readonly string[] = [
  ...plainFaults.keys(),
  ...[...countedFaults].map(([name, { unit }]) => `${name}:<${unit}>`),
  'redirect:<url>',
].sort();

const form =
  /^(?<name>[\w-]+?)(?::(?<value>.+?))?(?:@(?<from>[1-9]\d*))?(?:x(?<times>[1-9]\d*|\*))?$/;

function effectOf(name: string, value: string | undefined): FaultEffect | undefined {
  if (value === undefined) return plainFaults.get(name);
  if (name === 'redirect') return URL.canParse(value) ? redirectTo(new URL(value).href) : undefined;
  const counted = countedFaults.get(name);
  const isCount = /^-?\d+$/.test(value) && counted !== undefined && Number(value) >= counted.least;
  return isCount ? counted.effect(Number(value)) : undefined;
}

function parseFault(spec: string): Fault {
  const groups = form.exec(spec)?.groups;
  const effect = effectOf(groups?.['name'] ?? '', groups?.['value']);
  if (groups === undefined || effect === undefined) {
    throw new UsageError(`Cannot order the fault "${spec}": it is not known`, {
      hint: `Known faults: ${knownFaults.join(', ')}; "@N" behind a name means from the Nth request on, "xM" M times, "x*" for ever`,
    });
  }
  const { from = '1', times = '1' } = groups;
  return { effect, from: Number(from), times: times === '*' ? Infinity : Number(times) };
}

/**
 * Reads faults such as `503x3`, `slow:5@2x*` or `redirect:http://127.0.0.1:9/`, several between
 * commas or blanks: a name, its value, from which request on (the first), how many times (once).
 * Throws a `UsageError` that lists what is known.
 */
export function parseFaults(text: string): readonly Fault[] {
  return text
    .split(/[\s,]+/)
    .filter((spec) => spec !== '')
    .map(parseFault);
}

/** Faults in the order in which they were given. */
export interface FaultQueue {
  add(faults: readonly Fault[]): void;
  /** Uses up one turn of the first fault that applies to a request; `undefined` if none does. */
  take(requestNumber: number): FaultEffect | undefined;
}

/** A queue without faults. */
export function createFaultQueue(): FaultQueue {
  const waiting: { readonly fault: Fault; left: number }[] = [];
  return {
    add(faults) {
      waiting.push(...faults.map((fault) => ({ fault, left: fault.times })));
    },
    take(requestNumber) {
      const first = waiting.find(({ fault, left }) => left > 0 && fault.from <= requestNumber);
      if (first === undefined) return undefined;
      first.left -= 1;
      return first.fault.effect;
    },
  };
}
