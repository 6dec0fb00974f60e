/**
 * How many values fell into each bin, lowest first: what quantiles of any number of values are told from. No bin is there twice, or empty.
 *
 * Bins are as wide as the values in them are large, so that each is known to within {@link RELATIVE_ACCURACY}. Those above the lowest are
 * exact counts; where there would be more than {@link MOST_BINS}, all that is below the highest so many is counted in the lowest of them.
 * So what comes of some values is the same in whatever order, and by whichever sketches in between, they are brought together.
 *
 * @see https://arxiv.org/abs/1908.10693 (DDSketch)
 */
export type Sketch = readonly SketchBin[];

/** A bin's key, which orders bins as their values, and how many values are in it. */
export type SketchBin = readonly [key: number, count: number];

/** A quantile differs from a value that was there by at most this part of it. */
export const RELATIVE_ACCURACY = 0.01;

/** With more, values are spread so far that the lowest of them are no longer told apart. */
export const MOST_BINS = 512;

/** How many times as large as its lowest value a bin's highest is. */
const GAMMA = (1 + RELATIVE_ACCURACY) / (1 - RELATIVE_ACCURACY);
const LOG_GAMMA = Math.log(GAMMA);

/** Makes the bins of the smallest numbers that are counted, 1e-100, begin above 0, which is the key of zero itself. */
const KEY_OF_ONE = 11_600;

/** Makes the sketch of one value: 0, or one that a table holds exactly. */
export function sketchOf(value: number): Sketch {
  return [[keyOf(value), 1]];
}

/** Brings two sketches together into that of all their values. */
export function mergeSketches(one: Sketch, other: Sketch): Sketch {
  const counts = new Map(one);
  for (const [key, count] of other) counts.set(key, (counts.get(key) ?? 0) + count);
  return bounded([...counts].toSorted(([low], [high]) => low - high));
}

/**
 * Tells the value that so large a part of all values is not above.
 *
 * @param part - 0 to 1; 0.5 is the median. Between two values it is the lower one.
 * @returns A value within {@link RELATIVE_ACCURACY} of it, unless it is among those that were counted in the lowest bin; 0 of no values.
 */
export function quantileOf(sketch: Sketch, part: number): number {
  const count = sketch.reduce((sum, [, inBin]) => sum + inBin, 0);
  const rank = Math.floor(part * (count - 1));
  let seen = 0;
  for (const [key, inBin] of sketch) {
    seen += inBin;
    if (seen > rank) return middleOf(key);
  }
  return 0;
}

function bounded(bins: Sketch): Sketch {
  const excess = bins.slice(0, -MOST_BINS);
  const [lowest, ...rest] = bins.slice(-MOST_BINS);
  if (!lowest || excess.length === 0) return bins;
  const [key, count] = lowest;
  return [[key, excess.reduce((sum, [, below]) => sum + below, count)], ...rest];
}

function keyOf(value: number): number {
  if (value === 0) return 0;
  return Math.sign(value) * (Math.ceil(Math.log(Math.abs(value)) / LOG_GAMMA) + KEY_OF_ONE);
}

/** The value that is as far, by its part, from either end of the bin. */
function middleOf(key: number): number {
  if (key === 0) return 0;
  return (Math.sign(key) * 2 * GAMMA ** (Math.abs(key) - KEY_OF_ONE)) / (GAMMA + 1);
}
