import { exitCodeOf } from './exit-code.ts';
import type { Failure } from './failure.ts';
import { isFailure } from './failure.ts';

/** One thing that was looked at, in plain words. */
export interface Finding {
  /** What it is about, in a word or two. */
  readonly topic: string;
  /** It `works`; it works, but is worth looking at (`remark`); it does not (`fault`); or it could not be looked at (`unknown`). */
  readonly verdict: 'works' | 'remark' | 'fault' | 'unknown';
  readonly text: string;
  /** What to do about it, if it is not as it should be. */
  readonly hint: string | undefined;
  /** The exit code with which a run would fail; 0 if it would not for this. */
  readonly exitCode: number;
}

/** All is as it should be. */
export function works(topic: string, text: string): Finding {
  return { topic, verdict: 'works', text, hint: undefined, exitCode: 0 };
}

/** It works, and somebody should look at it. */
export function remark(topic: string, text: string, hint: string): Finding {
  return { topic, verdict: 'remark', text, hint, exitCode: 0 };
}

/** A run would fail like this. */
export function fault(topic: string, failure: Failure): Finding {
  const { message: text, hint } = failure;
  return { topic, verdict: 'fault', text, hint, exitCode: exitCodeOf(failure) };
}

/** Something else is in the way of looking at it. */
export function unknown(topic: string, text: string): Finding {
  return { topic, verdict: 'unknown', text, hint: undefined, exitCode: 0 };
}

/** What was looked at, or the fault that a `Failure` makes of it; any other error passes. */
export async function findingOf(topic: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    if (isFailure(error)) return fault(topic, error);
    throw error;
  }
}
