import fc from 'fast-check';
import { DISTURBANCES } from './disturbances.ts';
import type { NthCall, Point } from './points-of.ts';

/** What may be drawn: a scenario's name, and the calls that its actors make when nothing goes wrong. */
export interface Drawable {
  readonly name: string;
  readonly calls: readonly NthCall[];
}

/** A scenario, and what goes wrong in one playing of it. */
export interface DrawnPlay {
  readonly name: string;
  /** Each of another call; the first is a kill. */
  readonly points: readonly Point[];
}

/** So much goes wrong in one play at most. */
const MOST_POINTS = 3;

const KILLS = DISTURBANCES.filter(({ fault }) => fault.do === 'kill');

/**
 * Draws plays at random: each is of any scenario, and has a process killed before or after any of its calls, and up to two calls more
 * go wrong in any way.
 *
 * @param seed - The same seed draws the same plays of the same scenarios.
 */
export function drawPlays(
  drawables: readonly Drawable[],
  count: number,
  seed: number,
): readonly DrawnPlay[] {
  const play = fc
    .constantFrom(...drawables)
    .chain(({ name, calls }) => pointsAmong(calls).map((points) => ({ name, points })));
  return fc.sample(play, { seed, numRuns: count });
}

function pointsAmong(calls: readonly NthCall[]): fc.Arbitrary<readonly Point[]> {
  const some = fc.uniqueArray(fc.constantFrom(...calls), {
    minLength: 1,
    maxLength: Math.min(MOST_POINTS, calls.length),
  });
  const ways = fc.tuple(
    fc.constantFrom(...KILLS),
    ...Array.from({ length: MOST_POINTS - 1 }, () => fc.constantFrom(...DISTURBANCES)),
  );
  return fc.tuple(some, ways).map(([chosen, disturbances]) =>
    chosen.flatMap((call, index) => {
      const disturbance = disturbances[index];
      return disturbance ? [{ call, disturbance }] : [];
    }),
  );
}
