import fc from 'fast-check';
import type { Call } from '#local/faults.ts';
import { DISTURBANCES, type Disturbance } from './disturbances.ts';

/** One call among those that a caller makes about a schedule. */
export interface NthCall extends Call {
  /** Which of the caller's calls of that operation it is, from 1. */
  readonly nth: number;
}

/** A call, and what is to go wrong with it. */
export interface Point {
  readonly call: NthCall;
  readonly disturbance: Disturbance;
}

/** Numbers calls, in the order in which they were made. */
export function numbered(calls: readonly Call[]): readonly NthCall[] {
  const counts = new Map<string, number>();
  return calls.map(({ service, operation, caller }) => {
    const name = `${caller} ${service} ${operation}`;
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    return { service, operation, caller, nth };
  });
}

/** Lists everything that can go wrong with each of the calls. */
export function pointsOf(calls: readonly NthCall[]): readonly Point[] {
  return calls.flatMap((call) => DISTURBANCES.map((disturbance) => ({ call, disturbance })));
}

/**
 * Picks a point for each disturbance, each of another call while there are any.
 *
 * @param seed - The same seed picks the same points of the same calls.
 */
export function sampledPoints(calls: readonly NthCall[], seed: number): readonly Point[] {
  const mixedCalls = shuffled(calls, seed);
  return DISTURBANCES.flatMap((disturbance, index) => {
    const call = mixedCalls[index % mixedCalls.length];
    return call ? [{ call, disturbance }] : [];
  });
}

/** Says which point it is, for whoever looks for it in the code. */
export function describePoint({ call, disturbance }: Point): string {
  const { caller, operation, nth } = call;
  return `${caller}, ${operation} ${nth}, ${disturbance.name}`;
}

function shuffled<T>(values: readonly T[], seed: number): readonly T[] {
  const all = fc.shuffledSubarray([...values], { minLength: values.length });
  return fc.sample(all, { seed, numRuns: 1 }).flat();
}
