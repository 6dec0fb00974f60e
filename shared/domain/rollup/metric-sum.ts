import { mergeSketches, quantileOf, type Sketch, sketchOf } from '#shared/domain/rollup/sketch.ts';

/** What the values of one metric came to; there is at least one. */
export interface MetricSum {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly sketch: Sketch;
}

/**
 * Counts a value into a sum.
 *
 * @param sum - Absent before the first value.
 */
export function addValue(sum: MetricSum | undefined, value: number): MetricSum {
  return mergeSums(sum, { count: 1, sum: value, min: value, max: value, sketch: sketchOf(value) });
}

/** Brings two sums together into that of all their values. */
export function mergeSums(one: MetricSum | undefined, other: MetricSum): MetricSum {
  if (!one) return other;
  return {
    count: one.count + other.count,
    sum: one.sum + other.sum,
    min: Math.min(one.min, other.min),
    max: Math.max(one.max, other.max),
    sketch: mergeSketches(one.sketch, other.sketch),
  };
}

/** Tells a quantile of the values, never beyond those that were there. */
export function quantileIn({ sketch, min, max }: MetricSum, part: number): number {
  return Math.min(max, Math.max(min, quantileOf(sketch, part)));
}
